import Foundation
import Shared
import XCTest

@testable import Coordinator

/// Values at the edges of what there is, for every parameter and every member of a body: an answer
/// of the client's fault or a good one, never an error of the server.
final class EdgeValueTests: XCTestCase {
  private static let texts = [
    "", "0", "-0", "-1", "1e3", "1.0", "0x10", "%2B1", "%201", "%D9%A3", "%00", "%F0%9F%92%A3",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "99999999999999999999999999999999", "NaN", "Infinity", "null", "true", "%27%20OR%201%3D1--",
    "..%2F..%2Fetc%2Fpasswd", "1,2", ",", "1,,2", "a:b:c", "9223372036854775807:1:1",
  ]

  func test_everyParameter_atItsEdges() throws {
    let world = try DescribedWorld()
    var statuses: [Int: Int] = [:]
    for operation in world.operations where operation.method == "GET" {
      for parameter in operation.parameters where parameter.place == .query {
        for text in Self.texts {
          let target = world.path(operation) + world.query(operation, parameter.name, text)
          let status = try world.fixture.call("GET", target).status
          XCTAssertTrue([200, 404, 422].contains(status), "\(status) GET \(target)")
          statuses[status, default: 0] += 1
        }
      }
    }
    XCTAssertGreaterThan(statuses[200] ?? 0, 300)
    XCTAssertGreaterThan(statuses[422] ?? 0, 1_000)
  }

  func test_everyId_atItsEdges() throws {
    let world = try DescribedWorld()
    let before = try world.dump()
    var count = 0
    for operation in world.operations {
      for place in world.parameterPlaces(operation) {
        for text in Self.texts + [String(repeating: "9", count: 5_000)] {
          var pieces = world.path(operation).split(separator: "/").map(String.init)
          pieces[place] = text
          let target = "/" + pieces.joined(separator: "/") + world.query(operation)
          let status = try world.call(operation, target).status
          XCTAssertTrue([200, 404, 405, 409, 422].contains(status), "\(status) \(target)")
          count += 1
        }
      }
    }
    XCTAssertGreaterThan(count, 2_000)
    XCTAssertEqual(try world.dump().count, before.count)
  }

  private static let values = [
    "null", "true", "0", "-0", "-1", "0.5", "1e308", "-1e308", "1e-320", "1E2",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "123456789012345678901234567890.5", "\"\"", "\"\\u0000\"", "\"💣\"", "\"${\"", "[]", "{}",
    "[[[[[[[[[[]]]]]]]]]]", "[null]", "[{}]", "[\"north\",\"north\"]", "{\"\":null}",
    "{\"model\":\"arrivalRate\",\"stages\":[{\"durationSecs\":1e300,\"iterationsPerSec\":1e300}]}",
    "{\"model\":\"rampingClients\",\"stages\":[{\"durationSecs\":-1,\"clients\":1e19}]}",
  ]

  func test_everyMember_atItsEdges() throws {
    let world = try DescribedWorld()
    var statuses: [Int: Int] = [:]
    for operation in world.operations {
      guard let body = world.body(operation) else { continue }
      let names = body.members.map(\.key) + ["load", "http", "secrets", "requestTimeoutMs"]
      for name in Set(names).sorted() {
        for value in Self.values {
          // As a text: some of it cannot be a value of JSON here.
          let members = body.members.filter { $0.key != name }.map {
            "\"\($0.key)\":\($0.value.text)"
          }
          let text = "{\(([#""\#(name)":\#(value)"#] + members).joined(separator: ","))}"
          let status = try world.fixture.call(operation.method, world.path(operation), text)
            .status
          XCTAssertTrue(
            [200, 201, 400, 409, 422].contains(status), "\(status) \(operation.id) \(text)")
          statuses[status, default: 0] += 1
        }
      }
    }
    XCTAssertGreaterThan(statuses[422] ?? 0, 1_000)
    XCTAssertGreaterThan((statuses[200] ?? 0) + (statuses[201] ?? 0), 30)
    // What was let in is shown again without a fault.
    for path in ["/test-confs", "/scripts", "/regions", "/executions?limit=-1&up=true"] {
      XCTAssertEqual(try world.fixture.call("GET", path).status, 200, path)
    }
  }
}

import Shared
import XCTest

@testable import Coordinator

/// What every route answers to what it cannot do, and that nothing comes of it.
final class RouteErrorTests: XCTestCase {
  private var fixture: APIFixture!
  private var ids: [String: String] = [:]

  override func setUpWithError() throws {
    fixture = try APIFixture()
    let id = try fixture.makeExecution()
    var records = RunRecords()
    records.suiteResults = [RecordFactory.suite(), RecordFactory.suite(failure: "late")]
    records.traces = [RecordFactory.trace()]
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: 4, records: records)
    let resources = try fixture.call("GET", "/executions/\(id)/resources").array()
    let traces = try fixture.call("GET", "/executions/\(id)/traces").array()
    ids = [
      "conf": "1", "id": "\(id)", "region": "\(try fixture.regions(of: id)[0])",
      "resource": try XCTUnwrap(resources[0].objectValue?["resource"]?.objectValue?["id"]?.text),
      "trace": try XCTUnwrap(traces[0].objectValue?["id"]?.text),
    ]
  }

  override func tearDown() {
    fixture = nil
  }

  /// All that is stored, and all that the controller was asked for.
  private func state() throws -> [String] {
    try fixture.store.read { db in
      let tables = try db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
      ) { $0.text(0) }
      return try tables.flatMap { table -> [String] in
        let columns = try db.rows("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) }
        let row = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
        return [table] + (try db.rows("SELECT \(row) FROM \"\(table)\"") { $0.text(0) })
      }
    } + fixture.control.recorded
  }

  private func expect(
    _ status: Int, _ method: String, _ target: String, _ body: String = "",
    line: UInt = #line
  ) throws -> Answer {
    let answer = try fixture.call(method, target, body)
    XCTAssertEqual(answer.status, status, "\(method) \(target): \(answer.text)", line: line)
    XCTAssertEqual(answer.header("Content-Type"), "application/problem+json", line: line)
    assertShape(try answer.json(), Shapes.problem, line: line)
    XCTAssertEqual(try answer.object()["status"], .int(Int64(status)), line: line)
    return answer
  }

  func test_examples_areTaken_andHEADSaysTheSame() throws {
    for route in RouteExample.reads {
      let target = route.target(ids)
      let answer = try fixture.call("GET", target)
      XCTAssertEqual(answer.status, 200, "\(target): \(answer.text)")
      let head = try fixture.call("HEAD", target)
      XCTAssertEqual(head.status, 200, target)
      XCTAssertTrue(head.headers.elementsEqual(answer.headers, by: ==), target)
      let isDownload = target.firstMatch(of: #/\.(csv|txt|xml)(\?|$)/#) != nil
      XCTAssertEqual(
        answer.header("Content-Disposition")?.hasPrefix("attachment; filename="),
        isDownload ? true : nil, target)
    }
  }

  func test_unknownIds_are404() throws {
    let before = try state()
    for route in RouteExample.reads + RouteExample.changes {
      for name in route.names {
        for unknown in ["4711", "0", "x", "-1", "99999999999999999999", "%00"] {
          let target = route.target(ids.merging([name: unknown]) { $1 })
          _ = try expect(404, route.method, target, route.body)
          if route.method == "GET" { _ = try expect(404, "HEAD", target) }
        }
      }
    }
    XCTAssertEqual(try state(), before)
  }

  /// A region or a resource that is there, but in another execution.
  func test_idsOfOthers_are404() throws {
    let other = try fixture.makeExecution()
    let before = try state()
    for route in RouteExample.reads where route.names.count > 1 {
      _ = try expect(404, "GET", route.target(ids.merging(["id": "\(other)"]) { $1 }))
    }
    XCTAssertEqual(try state(), before)
  }

  func test_badParameters_are422_andAllAreNamed() throws {
    let before = try state()
    for route in RouteExample.reads + RouteExample.changes {
      let target = route.target(ids, (route.badParameters + ["surprise=1"]).joined(separator: "&"))
      let answer = try expect(422, route.method, target, route.body)
      let names = route.badParameters.map { String($0.prefix { $0 != "=" }) }
      XCTAssertEqual(Set(try answer.badFields()), Set(names + ["surprise"]), target)
      for bad in route.badParameters {
        let one = try expect(422, route.method, route.target(ids, bad), route.body)
        XCTAssertEqual(try one.badFields(), [String(bad.prefix { $0 != "=" })], bad)
      }
    }
    XCTAssertEqual(try state(), before)
  }

  func test_otherMethods_are405_andTheRightOnesAreTold() throws {
    let before = try state()
    let routes = RouteExample.reads + RouteExample.changes
    for (path, examples) in Dictionary(grouping: routes, by: \.path) {
      var methods = Set(examples.map(\.method))
      if methods.contains("GET") { methods.insert("HEAD") }
      for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]
      where !methods.contains(method) {
        let answer = try expect(405, method, examples[0].target(ids))
        XCTAssertEqual(
          answer.header("Allow"), methods.sorted().joined(separator: ", "), "\(method) \(path)")
      }
    }
    XCTAssertEqual(try state(), before)
  }

  func test_badBodies_areRefused() throws {
    let before = try state()
    for path in ["live-extension", "send-event"] {
      let target = "/executions/\(ids["id"] ?? "")/\(path)"
      _ = try expect(400, "POST", target, "{")
      _ = try expect(400, "POST", target)
      _ = try expect(422, "POST", target, "[]")
      _ = try expect(422, "POST", target, "{}")
      let answer = try expect(422, "POST", target, #"{"surprise":1}"#)
      XCTAssertTrue(try answer.badFields().contains("surprise"))
    }
    XCTAssertEqual(
      try expect(
        422, "POST", "/executions/\(ids["id"] ?? "")/live-extension",
        #"{"newIterations":1,"newDuration":1}"#
      ).badFields().count, 1)
    XCTAssertEqual(try state(), before)
  }
}

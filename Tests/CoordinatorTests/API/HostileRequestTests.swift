import Shared
import XCTest

@testable import Coordinator

/// Requests that mean no good are answered like any other.
final class HostileRequestTests: XCTestCase {
  func test_malformedJSON_saysWhere() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call("POST", "/scripts", #"{"name": 'x'}"#)
    XCTAssertEqual(answer.status, 400)
    XCTAssertEqual(answer.header("Content-Type"), "application/problem+json")
    assertShape(try answer.json(), Shapes.problem)
    XCTAssertTrue(
      try answer.object()["detail"]?.stringValue?.contains("at byte 9") == true, answer.text)
  }

  func test_strangeBodies_areRefused() throws {
    let fixture = try APIFixture()
    let deep = String(repeating: "[", count: 100_000)
    for (body, status) in [
      ("", 400), (deep, 400), ("[]", 422), ("null", 422), (#"{"name":1e400}"#, 400),
      ("{\"name\":\"\u{0}\"}", 400), (#"{"name":"a","name":"b"}"#, 400),
      (#"{"name":"\ud800","content":"x"}"#, 400), ("\u{FEFF}{}", 400),
    ] {
      let answer = try fixture.call("POST", "/scripts", body)
      XCTAssertEqual(answer.status, status, String(body.prefix(40)))
    }
    var invalid = HTTPRequest("POST", "/scripts")
    invalid.body = Array("{\"name\":\"".utf8) + [0xFF, 0xC0] + Array("\"}".utf8)
    XCTAssertEqual(fixture.api.handle(invalid).status, 400)
    invalid.bodyIsTooLarge = true
    XCTAssertEqual(fixture.api.handle(invalid).status, 413)
  }

  func test_bodiesInOtherEncodings_areRefused() throws {
    let fixture = try APIFixture()
    let text = #"{"name":"north"}"#
    for (bytes, status) in [
      (Array(text.utf8), 201),
      (text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 400),
      ([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 400),
      ([0x1F, 0x8B, 0x08, 0x00], 400), (Array("name=north".utf8), 400),
      (Array(#"{"name":""#.utf8) + [0xC0, 0xAF] + Array(#""}"#.utf8), 400),
      (Array(#"{"name":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8), 400),
      (Array(#"{"name":"\udc00\ud800"}"#.utf8), 400), (Array(#"{"name":NaN}"#.utf8), 400),
      (Array(#"{"latitude":-Infinity}"#.utf8), 400), (Array("{} {}".utf8), 400),
    ] as [([UInt8], Int)] {
      var request = HTTPRequest(
        "POST", "/regions",
        headers: [(name: "Content-Type", value: "application/json; charset=utf-16")])
      request.body = bytes
      XCTAssertEqual(fixture.api.handle(request).status, status, "\(bytes)")
    }
  }

  func test_mediaTypes() throws {
    let fixture = try APIFixture()
    func status(_ type: String?) -> Int {
      let headers = type.map { [(name: "content-type", value: $0)] } ?? []
      return fixture.api.handle(
        HTTPRequest("POST", "/regions", headers: headers, body: "{}")
      ).status
    }
    for type in [
      nil, "application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json",
    ] {
      XCTAssertEqual(status(type), 422, type ?? "none")
    }
    for type in [
      "text/plain", "application/xml", "", "json", "application/x-www-form-urlencoded",
    ] {
      XCTAssertEqual(status(type), 415, type)
    }
  }

  func test_strangeTargets_areProblems() throws {
    let fixture = try APIFixture()
    for (target, status) in [
      ("/scripts/%", 400), ("/scripts/%4", 400), ("/scripts/%zz", 400), ("/scripts/%ff", 400),
      ("/scripts?limit=%", 400), ("/scripts?%ff=1", 400), ("", 400), ("*", 400),
      ("scripts", 400), ("/nothing", 404), ("/", 404), ("//scripts", 404), ("/scripts/", 404),
      ("/scripts/..%2f", 404), ("/executions/1/traces", 404), ("/scripts#x", 200),
      ("http://other/scripts", 200), ("/scripts?limit=%00", 422), ("/scripts?limit=1&&", 200),
      ("/scripts?=", 422), ("/scripts?limit=-9223372036854775809", 422),
      ("/scripts/%C0%AF", 400), ("/scripts/%ED%A0%80", 400), ("/scripts/%F4%90%80%80", 400),
      ("/scripts/%00", 404), ("/scripts/1%00", 404), ("/%2e%2e/scripts", 404),
      ("/scripts?limit=1&limit=1", 422), ("/scripts?limit=%EF%BC%91", 422),
    ] {
      let answer = try fixture.call("GET", target)
      XCTAssertEqual(answer.status, status, target)
    }
    XCTAssertEqual(
      fixture.api.handle(HTTPRequest(method: "GET", target: [0x2F, 0xC3, 0x28])).status, 400)
  }

  func test_otherMethods_are405WithAllow() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call("PATCH", "/scripts/1")
    XCTAssertEqual(answer.status, 405)
    XCTAssertEqual(answer.header("Allow"), "DELETE, GET, HEAD, PUT")
    XCTAssertEqual(
      try fixture.call("GET", "/executions/1/stop").header("Allow"), "PATCH, PUT")
    XCTAssertEqual(try fixture.call("BREW", "/healthz").status, 405)
  }

  func test_everyGetRoute_hasHead() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    for path in [
      "/healthz", "/scripts", "/scripts/1", "/test-confs", "/regions", "/agents", "/executions",
      "/executions/\(id)", "/executions/\(id)/results.csv", "/executions/\(id)/logs.txt",
    ] {
      XCTAssertEqual(try fixture.call("HEAD", path).status, 200, path)
    }
  }

  func test_internalError_showsNothingOfTheInside() throws {
    struct Secret: Error { let sql = "SELECT secret" }
    let answer = Problem(Secret()).response
    XCTAssertEqual(answer.status, 500)
    guard case .bytes(let bytes) = answer.body else { return XCTFail("a problem has bytes") }
    XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("secret"))
    XCTAssertEqual(Problem(DatabaseError(code: 13, message: "full")).status, 507)
  }
}

import Shared
import XCTest

@testable import Coordinator

final class EventRouteTests: XCTestCase {
  func test_sendEvent_handsTheContentsOn() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    let path = "/executions/\(id)/send-event"
    let answer = try fixture.call("POST", path, #"{"name":"load-url","contents":"https://x"}"#)
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.text, #"{"eventId":1}"#)
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"go"}"#).status, 200)
    XCTAssertEqual(
      fixture.control.recorded.suffix(2),
      ["event \(id) load-url \"https://x\"", "event \(id) go null"])
  }

  func test_sendEvent_isRefusedWithItsReason() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let path = "/executions/\(id)/send-event"
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"go"}"#).status, 409)
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"one too many"}"#).status, 429)
    XCTAssertEqual(
      try fixture.call("POST", "/executions/999/send-event", #"{"name":"go"}"#).status, 404)
    XCTAssertEqual(try fixture.call("GET", path).status, 405)
    XCTAssertEqual(try fixture.call("POST", "\(path)?x=1", #"{"name":"go"}"#).status, 422)
    let long = String(repeating: "n", count: 256)
    let large = String(repeating: "c", count: Limits.eventContentsBytesMax)
    let bad = try fixture.call(
      "POST", path, #"{"name":"\#(long)","contents":"\#(large)","colour":1}"#)
    XCTAssertEqual(bad.status, 422)
    XCTAssertEqual(try bad.badFields(), ["name", "contents", "colour"])
    XCTAssertEqual(try fixture.call("POST", path, "{}").badFields(), ["name"])
  }
}

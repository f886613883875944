import Shared
import XCTest

@testable import Coordinator

/// Events from the API to agents over real sockets.
final class EventLinkTests: XCTestCase {
  func test_event_reachesEveryRun_within250Milliseconds() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [2, 1, 1])
    let began = Clock.monotonicNanos()
    let answer = try fixture.call(
      "POST", "/executions/\(fixture.execution)/send-event",
      #"{"name":"load-url","contents":{"url":"https://x/","n":[1,2.5,null]}}"#)
    XCTAssertEqual(answer.status, 200, answer.text)
    for (agent, lease) in zip(fixture.agents, fixture.leases) {
      let event = try XCTUnwrap(try agent.events(1).first)
      XCTAssertEqual(event.chunk, lease.chunk)
      XCTAssertEqual(event.eventId, 1)
      XCTAssertEqual(event.name, "load-url")
      XCTAssertEqual(event.contents, #"{"url":"https://x/","n":[1,2.5,null]}"#)
    }
    XCTAssertLessThan(Clock.monotonicNanos() - began, 250_000_000)
  }

  func test_eventWhileTheLinkIsDown_isRepeatedOnTheNextOne() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1, 1])
    let path = "/executions/\(fixture.execution)/send-event"
    _ = try fixture.call("POST", path, #"{"name":"first"}"#)
    _ = try fixture.agents[0].events(1)
    fixture.agents[0].disconnect()
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"second"}"#).status, 200)
    try fixture.reconnect(0)
    XCTAssertEqual(try fixture.agents[0].events(2).map(\.eventId), [1, 2])
    XCTAssertEqual(try fixture.agents[0].events(2).map(\.contents), ["null", "null"])
    XCTAssertEqual(try fixture.agents[1].events(2).map(\.name), ["first", "second"])
  }

  func test_event_needsARunningExecution() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1])
    let path = "/executions/\(fixture.execution)/send-event"
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"a"}"#).status, 200)
    XCTAssertEqual(
      try fixture.call("PATCH", "/executions/\(fixture.execution)/stop").status, 200)
    XCTAssertEqual(try fixture.call("POST", path, #"{"name":"b"}"#).status, 409)
  }
}

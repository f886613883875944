import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Clients that wait for events on a real engine thread.
final class EventTests: XCTestCase {
  private static let wait = #"{"waitForEvent":"go","timeoutMs":60000}"#

  private func step(_ server: EngineServer, _ path: String) -> String {
    #"{"request":{"url":"\#(server.url(path))"}}"#
  }

  func test_event_wakesEveryClientThatWaits_once() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(
      steps: step(server, "/before") + "," + Self.wait + "," + step(server, "/${event.page}"),
      lease: .forTests(clients: 3))
    harness.begin()
    harness.wait("the first requests") { rows, _ in rows.count == 3 }
    harness.send("other", contents: #"{"page":"wrong"}"#)
    harness.send("go", contents: #"{"page":"right"}"#)
    harness.waitForEnd()
    XCTAssertEqual(
      harness.resources.sorted().map { $0.split(separator: "/").last ?? "" },
      ["before", "before", "before", "right", "right", "right"])
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false, false])
  }

  func test_eventWhileTheClientIsBusy_isThereWhenItWaits() throws {
    let gate = DispatchSemaphore(value: 0)
    let arrived = DispatchSemaphore(value: 0)
    let server = try EngineServer { _ in
      arrived.signal()
      gate.wait()
      return EngineServer.response()
    }
    var lease = Lease.forTests(clients: 1)
    lease.goal = LoadGoal(iterations: 2, durationSecs: nil)
    let harness = try EngineHarness(steps: step(server, "/") + "," + Self.wait, lease: lease)
    harness.begin()
    arrived.wait()
    harness.send("go")
    gate.signal()
    // The second iteration has to wait for an event of its own.
    arrived.wait()
    gate.signal()
    harness.wait("the second request") { rows, _ in rows.count == 2 }
    XCTAssertEqual(harness.iterations.count, 1)
    harness.send("go")
    harness.waitForEnd()
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false])
  }

  func test_eventBeforeAClientStarted_isNotForIt() throws {
    let harness = try EngineHarness(steps: #"{"waitForEvent":"go","timeoutMs":20}"#)
    harness.send("go")
    harness.begin()
    harness.waitForEnd()
    XCTAssertEqual(harness.iterations.map(\.failed), [true])
    let took = try XCTUnwrap(harness.iterations.first).durationMicros
    XCTAssertGreaterThanOrEqual(took, 20_000)
  }

  func test_stop_cutsClientsThatWait() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(steps: step(server, "/") + "," + Self.wait)
    harness.begin()
    harness.wait("the request") { rows, _ in rows.count == 1 }
    harness.stop(graceSecs: 0)
    harness.waitForEnd()
    XCTAssertEqual(harness.iterations, [])
  }

  func test_mailbox_forgetsTheOldest() {
    var mailbox = EventMailbox()
    for number in 1...Limits.eventsKeptMax + 1 {
      XCTAssertEqual(mailbox.arrived("e", contents: .null).number, number)
    }
    XCTAssertEqual(mailbox.next("e", after: 0)?.number, 2)
    XCTAssertEqual(mailbox.next("e", after: 500)?.number, 501)
    XCTAssertNil(mailbox.next("e", after: mailbox.latest))
    XCTAssertNil(mailbox.next("f", after: 0))
  }
}

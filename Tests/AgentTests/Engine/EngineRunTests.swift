import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Goals, stops and leases on a real engine thread.
final class EngineRunTests: XCTestCase {
  private func step(_ server: EngineServer) -> String {
    #"{"request":{"url":"\#(server.url("/"))"}}"#
  }

  func test_extensionAfterTheEnd_resumesEveryClient() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    var lease = Lease.forTests(clients: 2)
    lease.goal = LoadGoal(iterations: 2, durationSecs: nil)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    XCTAssertEqual(harness.run().count, 4)
    harness.extend(to: LoadGoal(iterations: 5, durationSecs: nil), version: 1)
    harness.waitForEnd(version: 1)
    let rows = harness.requests
    for client in 0..<2 {
      XCTAssertEqual(rows.filter { $0.client == client }.map(\.iteration), [0, 1, 2, 3, 4])
    }
    XCTAssertEqual(Set(rows.map(\.connection)).count, 2, "the connections were kept")
  }

  func test_shortening_endsAfterTheRunningIteration() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    var lease = Lease.forTests(clients: 1)
    lease.goal = LoadGoal(iterations: 1_000_000, durationSecs: nil)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    harness.begin()
    harness.wait("requests") { rows, _ in rows.count > 3 }
    harness.extend(to: LoadGoal(iterations: 2, durationSecs: nil), version: 1)
    harness.waitForEnd(version: 1)
    XCTAssertEqual(harness.requests.count, harness.iterations.count)
    XCTAssertEqual(harness.requests.count, server.seen.count)
  }

  func test_stop_letsRunningIterationsEnd() throws {
    let gate = DispatchSemaphore(value: 0)
    let arrived = DispatchSemaphore(value: 0)
    let server = try EngineServer { _ in
      arrived.signal()
      gate.wait()
      return EngineServer.response()
    }
    let harness = try EngineHarness(steps: step(server) + "," + step(server))
    harness.begin()
    arrived.wait()
    harness.stop(graceSecs: 30)
    gate.signal()
    gate.signal()
    harness.waitForEnd()
    XCTAssertEqual(harness.requests.map(\.error), [.none, .none])
    XCTAssertEqual(harness.iterations.count, 1)
  }

  func test_stopWithoutGrace_cutsWhatRuns() throws {
    let arrived = DispatchSemaphore(value: 0)
    let server = try RawServer { stream in
      _ = try stream.read()
      arrived.signal()
      _ = try stream.read()
    }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:\#(server.port)/"}}"#)
    harness.begin()
    arrived.wait()
    harness.stop(graceSecs: 0)
    harness.waitForEnd()
    XCTAssertEqual(harness.requests.map(\.error), [.aborted])
    XCTAssertEqual(harness.iterations, [])
  }

  func test_stopBeforeBegin_ends() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(steps: step(server))
    harness.stop(graceSecs: 1)
    harness.waitForEnd()
    harness.begin()
    XCTAssertEqual(server.seen, [])
  }

  func test_lapsedLease_startsNothing_untilItIsRenewed() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(steps: step(server))
    harness.renew(deadlineNanos: Clock.boottimeNanos() - 1)
    harness.begin()
    // Commands are carried out in their order: what follows runs after the parked start.
    harness.extend(to: LoadGoal(iterations: 3, durationSecs: nil), version: 1)
    XCTAssertEqual(harness.requests, [])
    harness.renew(deadlineNanos: .max)
    harness.waitForEnd(version: 1)
    XCTAssertEqual(harness.requests.map(\.status), [200, 200, 200])
  }

  func test_rampUpBeyondTheEnd_endsWithTheDuration() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    var lease = Lease.forTests(clients: 2)
    lease.goal = LoadGoal(iterations: nil, durationSecs: 0.2)
    lease.iterationSleepSecs = 1
    lease.rampUp = RampUp(durationSecs: 3_600, phase: 0)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    XCTAssertEqual(harness.run().map(\.client), [0])
  }

  func test_duration_endsNoEarlierThanItSays_andNoIterationBeginsAfter() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    var lease = Lease.forTests(clients: 1)
    lease.goal = LoadGoal(iterations: nil, durationSecs: 0.3)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    let rows = harness.run()
    let first = try XCTUnwrap(rows.first).startedAtMicros
    let last = try XCTUnwrap(rows.last).startedAtMicros
    XCTAssertLessThan(last - first, 301_000)
    XCTAssertGreaterThan(rows.count, 1)
  }

  func test_secondEngineOfARun_numbersConnectionsInBetween() throws {
    let lease = Lease.forTests(clients: 1)
    let program = try StepsProgram(
      script: try StepsScript.parse(text: #"{"steps":[{"sleepMs":1}]}"#),
      params: .object(JSONObject()), seed: 1)
    let run = EngineRun(
      EngineRunPlan(
        lease: lease, program: .steps(program), offsets: stride(from: 1, to: 1, by: 2),
        engine: (1, 2), trust: TrustAnchors(pem: nil)), deadlineNanos: .max)
    XCTAssertEqual((0..<3).map { _ in run.takeConnectionNumber() }, [1, 3, 5])
  }
}

import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// An agent that says what cannot be true loses its lease; the coordinator and others go on.
final class UntrueAgentTests: XCTestCase {
  func test_doneOfAGoalThatWasNotGiven_isNotBelieved() throws {
    for goal in [
      LoadGoal(durationSecs: 599), LoadGoal(durationSecs: 601), LoadGoal(durationSecs: 0),
      LoadGoal(iterations: 0), LoadGoal(iterations: 1),
    ] {
      let fixture = try done(of: goal)
      try Poll.until("the execution is over: \(goal)") {
        try Self.failure(of: fixture)?.contains("a goal that it was not given") ?? false
      }
      XCTAssertEqual(try fixture.call("GET", "/executions/\(fixture.execution)").status, 200)
    }
  }

  func test_doneOfWhatCannotBeAGoal_isMalformed() throws {
    for goal in [
      LoadGoal(durationSecs: 1e300), LoadGoal(durationSecs: -1e300), LoadGoal(durationSecs: -1),
      LoadGoal(iterations: -1), LoadGoal(iterations: .max), LoadGoal(iterations: .min),
    ] {
      let fixture = try done(of: goal)
      let error = try fixture.agents[0].next("error") {
        if case .error(let error) = $0 { error } else { nil }
      }
      XCTAssertEqual(error.code, "malformed", error.message)
      XCTAssertTrue(error.message.contains("goal."), error.message)
      XCTAssertNil(try Self.failure(of: fixture), "\(goal)")
    }
  }

  /// An agent, whose clients are to run for 600 s, says that they have met `goal`.
  private func done(of goal: LoadGoal) throws -> SharingFixture {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1])
    let lease = fixture.leases[0]
    let done = DoneMessage(
      chunk: lease.chunk, epoch: lease.epoch, finalSeq: 0, rows: 0, iterations: 0, digest: 0,
      goal: goal)
    fixture.agents[0].send(.done(done))
    return fixture
  }

  func test_batchesThatCannotBeTrue_areRefused_andEndTheLeaseWhenTheyGoOn() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1])
    let (lease, agent) = (fixture.leases[0], fixture.agents[0])
    // Of the year 2001: long before the lease was granted.
    let batch = BatchFactory.realistic(requests: 3, startingAt: 1_000_000_000_000_000)
    let line = BatchFactory.line(
      batch, LeaseKey(chunk: lease.chunk, epoch: lease.epoch), seq: 1)
    for occurrence in 1...Limits.refusedBatchesMax {
      XCTAssertNil(try Self.failure(of: fixture), "after \(occurrence - 1) batches")
      agent.send(line: line)
      let nack = try agent.next("nack", occurrence: occurrence) {
        if case .nack(let nack) = $0 { nack } else { nil }
      }
      XCTAssertEqual(nack.code, .corrupt)
      XCTAssertEqual(nack.expected, 1)
    }
    try Poll.until("the execution fails") { try Self.failure(of: fixture) != nil }
    let failure = try XCTUnwrap(Self.failure(of: fixture))
    XCTAssertTrue(failure.contains("cannot be true"), failure)
    let summary = try fixture.call("GET", "/executions/\(fixture.execution)/summary")
    XCTAssertEqual(summary.status, 200)
  }

  private static func failure(of fixture: SharingFixture) throws -> String? {
    try fixture.call("GET", "/executions/\(fixture.execution)").json()["failure"]?.stringValue
  }
}

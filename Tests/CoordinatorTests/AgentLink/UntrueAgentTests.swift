import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// An agent that says what cannot be true loses its lease; the coordinator and others go on.
final class UntrueAgentTests: XCTestCase {
  func test_doneOfAGoalThatWasNotGiven_isNotBelieved() throws {
    var goals: [LoadGoal] = []
    for seconds in [599.0, 601, 1e300, -1e300, -1, 0] {
      goals.append(LoadGoal(durationSecs: seconds))
    }
    for iterations in [0, 1, -1, Int.max, .min] { goals.append(LoadGoal(iterations: iterations)) }
    for goal in goals {
      let fixture = try SharingFixture()
      try fixture.run(clients: [1])
      let (lease, agent) = (fixture.leases[0], fixture.agents[0])
      let done = DoneMessage(
        chunk: lease.chunk, epoch: lease.epoch, finalSeq: 0, rows: 0, iterations: 0, digest: 0,
        goal: goal)
      agent.send(.done(done))
      // What cannot be a goal ends the link; what can, but is another, ends the lease.
      try Poll.until("the execution is over or the agent is off: \(goal)") {
        let failure = try Self.failure(of: fixture)
        let agents = try fixture.call("GET", "/agents").text
        return failure?.contains("a goal that it was not given") ?? false
          || !agents.contains("\"state\":\"connected\"")
      }
      XCTAssertEqual(try fixture.call("GET", "/executions/\(fixture.execution)").status, 200)
    }
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

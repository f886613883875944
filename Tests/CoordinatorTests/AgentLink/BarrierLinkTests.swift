import Shared
import XCTest

@testable import Coordinator

/// Barriers over real sockets.
final class BarrierLinkTests: XCTestCase {
  private func barrier(_ arrived: Int, round: Int = 0) -> AgentQuestion {
    .barrier(name: "b", round: round, arrived: arrived)
  }

  func test_thousandClientsOnThreeAgents_meetWithinASecond() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [334, 333, 333])
    // Every client arrives by itself: a thousand questions, most of them told twice.
    for (agent, lease) in zip(fixture.agents, fixture.leases) {
      for arrived in 1..<lease.clients.count { agent.ask(lease, 1, barrier(arrived)) }
      try agent.settle(lease)
      XCTAssertEqual(agent.answers(1), 0)
    }
    for (agent, lease) in zip(fixture.agents, fixture.leases).dropLast() {
      agent.ask(lease, 1, barrier(lease.clients.count))
      try agent.settle(lease)
      XCTAssertEqual(agent.answers(1), 0)
    }
    let last = Clock.monotonicNanos()
    fixture.agents[2].ask(fixture.leases[2], 1, barrier(333))
    for agent in fixture.agents { XCTAssertEqual(try agent.answer(1), .released) }
    XCTAssertLessThan(Clock.monotonicNanos() - last, 1_000_000_000)
  }

  func test_clientsThatEnd_letTheOthersGo() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [3, 2])
    fixture.agents[0].ask(fixture.leases[0], 1, barrier(3))
    fixture.agents[1].heartbeat(fixture.leases[1], ended: 1)
    try fixture.agents[1].settle(fixture.leases[1])
    try fixture.agents[0].settle(fixture.leases[0])
    XCTAssertEqual(fixture.agents[0].answers(1), 0)
    fixture.agents[1].heartbeat(fixture.leases[1], ended: 2)
    XCTAssertEqual(try fixture.agents[0].answer(1), .released)
  }

  func test_releaseWhileTheLinkWasDown_isToldAfterwards() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1, 1])
    fixture.agents[0].ask(fixture.leases[0], 1, barrier(1))
    try fixture.agents[0].settle(fixture.leases[0])
    fixture.agents[0].disconnect()
    fixture.agents[1].ask(fixture.leases[1], 1, barrier(1))
    XCTAssertEqual(try fixture.agents[1].answer(1), .released)
    try fixture.reconnect(0)
    fixture.agents[0].ask(fixture.leases[0], 1, barrier(1))
    XCTAssertEqual(try fixture.agents[0].answer(1), .released)
  }

  func test_whatCannotBeAnswered_isSaid() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1])
    let (agent, lease) = (fixture.agents[0], fixture.leases[0])
    func failure(_ id: Int64, _ question: AgentQuestion) throws -> String {
      agent.ask(lease, id, question)
      guard case .failed(let text) = try agent.answer(id) else {
        throw Unexpected(what: "an answer to \(question)")
      }
      return text
    }
    XCTAssertTrue(try failure(1, .barrier(name: "", round: 0, arrived: 1)).contains("1 to 255"))
    XCTAssertTrue(try failure(2, .table(name: "users")).contains("'users'"))
    agent.ask(lease, 3, .metric(namespace: "User", name: "m", resource: nil))
    XCTAssertEqual(try agent.answer(3), .metric(json: nil))
  }
}

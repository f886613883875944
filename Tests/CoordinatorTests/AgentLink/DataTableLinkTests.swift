import Shared
import XCTest

@testable import Coordinator

/// Data tables from their upload to agents over real sockets.
final class DataTableLinkTests: XCTestCase {
  private func upload(_ fixture: SharingFixture, rows: Int) throws {
    let text = "n,text\n" + (0..<rows).map { "\($0),row \($0)\n" }.joined()
    let answer = try fixture.call("POST", "/data-tables?name=t", text, type: "text/csv")
    XCTAssertEqual(answer.status, 201, answer.text)
  }

  private func next(_ recycle: Bool = false) -> AgentQuestion {
    .rows(table: "t", count: 1, recycle: recycle)
  }

  func test_nextRows_areUniqueAcrossAgents() throws {
    let fixture = try SharingFixture()
    try upload(fixture, rows: 1_500)
    try fixture.run(clients: [2, 2, 2])
    var handed: [Int] = []
    var ask: Int64 = 0
    var atEnd: Set<Int> = []
    while atEnd.count < 3 {
      ask += 1
      for (index, agent) in fixture.agents.enumerated() where !atEnd.contains(index) {
        agent.ask(fixture.leases[index], ask, next())
      }
      for (index, agent) in fixture.agents.enumerated() where !atEnd.contains(index) {
        guard case .rows(let first, let rows, let end) = try agent.answer(ask) else {
          return XCTFail("no rows")
        }
        if end { atEnd.insert(index) }
        XCTAssertEqual(rows.isEmpty, end)
        XCTAssertEqual(rows, (first..<first + rows.count).map { ["\($0)", "row \($0)"] })
        handed += first..<first + rows.count
      }
    }
    XCTAssertEqual(handed.sorted(), Array(0..<1_500))
    fixture.agents[1].ask(fixture.leases[1], ask + 1, next(true))
    guard case .rows(0, _, false) = try fixture.agents[1].answer(ask + 1) else {
      return XCTFail("recycling begins anew")
    }
  }

  func test_lostAnswer_isGivenAgain() throws {
    let fixture = try SharingFixture()
    try upload(fixture, rows: 100)
    try fixture.run(clients: [1])
    fixture.agents[0].ask(fixture.leases[0], 1, next())
    let answer = try fixture.agents[0].answer(1)
    fixture.agents[0].disconnect()
    try fixture.reconnect(0)
    fixture.agents[0].ask(fixture.leases[0], 1, next())
    XCTAssertEqual(try fixture.agents[0].answer(1), answer)
  }

  func test_rowsByIndex_andTheTableItself() throws {
    let fixture = try SharingFixture()
    try upload(fixture, rows: 3_000)
    try fixture.run(clients: [1])
    let (agent, lease) = (fixture.agents[0], fixture.leases[0])
    agent.ask(lease, 1, .table(name: "t"))
    XCTAssertEqual(try agent.answer(1), .table(columns: ["n", "text"], rows: 3_000))
    // A later table of that name is for later executions.
    _ = try fixture.call("POST", "/data-tables?name=t", "x\n1\n", type: "text/csv")
    agent.ask(lease, 2, .row(table: "t", index: 2_998, count: 64))
    XCTAssertEqual(
      try agent.answer(2),
      .rows(first: 2_998, rows: [["2998", "row 2998"], ["2999", "row 2999"]], end: false))
    for (id, index) in [(Int64(3), 3_000), (4, -1), (5, .max)] {
      agent.ask(lease, id, .row(table: "t", index: index, count: .max))
      XCTAssertEqual(try agent.answer(id), .rows(first: index, rows: [], end: true))
    }
    agent.ask(lease, 6, .row(table: "t", index: 0, count: .max))
    guard case .rows(0, let rows, false) = try agent.answer(6) else { return XCTFail("no rows") }
    XCTAssertEqual(rows.count, Limits.tableBlockRowsMax)
  }

  func test_deletedTable_isReadOnByWhoHasIt() throws {
    let fixture = try SharingFixture()
    try upload(fixture, rows: 10)
    try fixture.run(clients: [1])
    let (agent, lease) = (fixture.agents[0], fixture.leases[0])
    agent.ask(lease, 1, .table(name: "t"))
    _ = try agent.answer(1)
    XCTAssertEqual(try fixture.call("DELETE", "/data-tables/1").status, 200)
    agent.ask(lease, 2, next())
    guard case .rows(0, _, false) = try agent.answer(2) else { return XCTFail("no rows") }
    agent.ask(lease, 3, .table(name: "u"))
    XCTAssertEqual(try agent.answer(3), .failed("There is no data table 'u'"))
  }
}

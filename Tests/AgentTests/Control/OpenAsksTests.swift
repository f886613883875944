import Shared
import XCTest

@testable import Agent

final class OpenAsksTests: XCTestCase {
  private func asker(_ engine: Int, _ id: Int64) -> OpenAsks.Asker {
    OpenAsks.Asker(engine: engine, id: id)
  }

  /// Rows that name their own index.
  private func rows(_ range: Range<Int>) -> AgentAnswer {
    .rows(first: range.lowerBound, rows: range.map { ["row \($0)"] }, end: range.isEmpty)
  }

  func test_barrier_sumsArrivalsOverEngines() {
    var asks = OpenAsks()
    func barrier(_ arrived: Int) -> AgentQuestion {
      .barrier(name: "b", round: 0, arrived: arrived)
    }
    XCTAssertEqual(asks.asked(barrier(2), by: asker(0, 1)), [.send(id: 1, barrier(2))])
    XCTAssertEqual(asks.asked(barrier(3), by: asker(1, 1)), [.send(id: 1, barrier(5))])
    XCTAssertEqual(asks.asked(barrier(4), by: asker(0, 2)), [.send(id: 1, barrier(7))])
    // A client that waited has ended.
    XCTAssertEqual(asks.asked(barrier(3), by: asker(0, 2)), [.send(id: 1, barrier(6))])
    XCTAssertEqual(asks.unanswered.map(\.question), [barrier(6)])
    XCTAssertEqual(
      asks.answered(1, .released),
      [
        .answer(asker(0, 1), .released), .answer(asker(1, 1), .released),
        .answer(asker(0, 2), .released),
      ])
    XCTAssertEqual(asks.answered(1, .released), [])
    XCTAssertTrue(asks.unanswered.isEmpty)
    let next = AgentQuestion.barrier(name: "b", round: 1, arrived: 1)
    XCTAssertEqual(asks.asked(next, by: asker(0, 3)), [.send(id: 2, next)])
  }

  func test_sameQuestion_travelsOnce() {
    var asks = OpenAsks()
    let metric = AgentQuestion.metric(namespace: "User", name: "m", resource: nil)
    XCTAssertEqual(asks.asked(metric, by: asker(0, 1)), [.send(id: 1, metric)])
    XCTAssertEqual(asks.asked(metric, by: asker(1, 1)), [])
    let answer = AgentAnswer.metric(json: "5")
    XCTAssertEqual(
      asks.answered(1, answer), [.answer(asker(0, 1), answer), .answer(asker(1, 1), answer)])
    // A value of now is not kept for later.
    XCTAssertEqual(asks.asked(metric, by: asker(0, 2)), [.send(id: 2, metric)])
  }

  func test_table_isRemembered_butNoFailure() {
    var asks = OpenAsks()
    let question = AgentQuestion.table(name: "t")
    _ = asks.asked(question, by: asker(0, 1))
    let failed = AgentAnswer.failed("there is none")
    XCTAssertEqual(asks.answered(1, failed), [.answer(asker(0, 1), failed)])
    XCTAssertEqual(asks.asked(question, by: asker(0, 2)), [.send(id: 2, question)])
    let table = AgentAnswer.table(columns: ["a"], rows: 3)
    _ = asks.answered(2, table)
    XCTAssertEqual(asks.asked(question, by: asker(1, 1)), [.answer(asker(1, 1), table)])
  }

  func test_nextRows_comeFromTheStockFirst() {
    var asks = OpenAsks()
    func next(_ count: Int, _ recycle: Bool = false) -> AgentQuestion {
      .rows(table: "t", count: count, recycle: recycle)
    }
    XCTAssertEqual(asks.asked(next(1), by: asker(0, 1)), [.send(id: 1, next(1))])
    XCTAssertEqual(asks.asked(next(2), by: asker(1, 1)), [])
    XCTAssertEqual(
      asks.answered(1, rows(10..<14)),
      [.answer(asker(0, 1), rows(10..<11)), .answer(asker(1, 1), rows(11..<13))])
    XCTAssertEqual(asks.asked(next(1), by: asker(0, 2)), [.answer(asker(0, 2), rows(13..<14))])
    XCTAssertEqual(asks.asked(next(1), by: asker(0, 3)), [.send(id: 2, next(1))])
    XCTAssertEqual(asks.unanswered.map(\.id), [2])
  }

  func test_endOfTable_isToldToThoseWhoStop_othersAskAgain() {
    var asks = OpenAsks()
    let stop = AgentQuestion.rows(table: "t", count: 1, recycle: false)
    let recycle = AgentQuestion.rows(table: "t", count: 1, recycle: true)
    _ = asks.asked(stop, by: asker(0, 1))
    _ = asks.asked(recycle, by: asker(0, 2))
    let end = AgentAnswer.rows(first: 5, rows: [], end: true)
    XCTAssertEqual(
      asks.answered(1, end), [.answer(asker(0, 1), end), .send(id: 2, recycle)])
    XCTAssertEqual(asks.answered(2, rows(0..<1)), [.answer(asker(0, 2), rows(0..<1))])
    // A table without rows has none to begin anew with.
    XCTAssertEqual(asks.asked(recycle, by: asker(0, 3)), [.send(id: 3, recycle)])
    XCTAssertEqual(asks.answered(3, end), [.answer(asker(0, 3), end)])
  }

  func test_failedRows_areToldToAll() {
    var asks = OpenAsks()
    let next = AgentQuestion.rows(table: "t", count: 1, recycle: true)
    _ = asks.asked(next, by: asker(0, 1))
    _ = asks.asked(next, by: asker(1, 1))
    let failed = AgentAnswer.failed("no such table")
    XCTAssertEqual(
      asks.answered(1, failed), [.answer(asker(0, 1), failed), .answer(asker(1, 1), failed)])
  }

  func test_rowsByIndex_areReadInBlocks() {
    var asks = OpenAsks()
    func row(_ index: Int, _ count: Int = 1) -> AgentQuestion {
      .row(table: "t", index: index, count: count)
    }
    XCTAssertEqual(asks.asked(row(70), by: asker(0, 1)), [.send(id: 1, row(64, 64))])
    XCTAssertEqual(asks.asked(row(65, 3), by: asker(1, 1)), [])
    XCTAssertEqual(
      asks.answered(1, rows(64..<100)),
      [.answer(asker(0, 1), rows(70..<71)), .answer(asker(1, 1), rows(65..<68))])
    XCTAssertEqual(asks.asked(row(99, 9), by: asker(0, 2)), [.answer(asker(0, 2), rows(99..<100))])
    // Not in its block: asked for by itself, and told that there is none.
    XCTAssertEqual(asks.asked(row(100), by: asker(0, 3)), [.send(id: 2, row(100, 64))])
    XCTAssertEqual(asks.answered(2, rows(0..<0)), [.answer(asker(0, 3), rows(0..<0))])
  }

  func test_blockThatCameShort_isContinued() {
    var asks = OpenAsks()
    let wanted = AgentQuestion.row(table: "t", index: 5, count: 1)
    _ = asks.asked(wanted, by: asker(0, 1))
    let exact = AgentQuestion.row(table: "t", index: 5, count: Limits.tableBlockRowsMax)
    XCTAssertEqual(asks.answered(1, rows(0..<2)), [.send(id: 2, exact)])
    XCTAssertEqual(asks.answered(2, rows(5..<6)), [.answer(asker(0, 1), rows(5..<6))])
    XCTAssertEqual(asks.asked(wanted, by: asker(0, 2)), [.answer(asker(0, 2), rows(5..<6))])
  }

  func test_blocksAskedAtOnce_areBounded() {
    var asks = OpenAsks()
    let most = Limits.tableBlocksAskedMax
    var sent = 0
    for block in 0..<most + 2 {
      let index = block * Limits.tableBlockRowsMax
      let question = AgentQuestion.row(table: "t", index: index, count: 1)
      sent += asks.asked(question, by: asker(0, Int64(block))).count
    }
    XCTAssertEqual(sent, most)
    XCTAssertEqual(asks.unanswered.count, most)
    XCTAssertEqual(asks.answered(1, rows(0..<64)).count, 2, "an answer, and the next question")
    XCTAssertEqual(asks.unanswered.count, most)
  }

  func test_oldBlocks_makeRoom() {
    var blocks = TableBlocks(bytesMax: 1_000)
    let wide = String(repeating: "x", count: 400)
    for first in [0, 64, 128] {
      blocks.store(.rows(first: first, rows: [[wide]], end: false), of: "t")
      XCTAssertNotNil(blocks.rows(of: "t", from: 0, count: 1), "used again and again, it stays")
    }
    XCTAssertNil(blocks.rows(of: "t", from: 64, count: 1))
    XCTAssertNotNil(blocks.rows(of: "t", from: 128, count: 1))
    XCTAssertNil(blocks.rows(of: "t", from: -1, count: 1))
  }
}

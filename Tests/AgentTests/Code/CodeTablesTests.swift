import Shared
import XCTest

@testable import Agent

final class CodeTablesTests: XCTestCase {
  private var tables = CodeTables(random: ScriptRandom(seed: 1, client: 0))

  private func waiter(_ slot: Int) -> CodeWaiter { CodeWaiter(slot: slot, operation: 1) }

  private func row(_ slot: Int, _ text: String) -> CodeTables.Action {
    .answer(waiter(slot), .json(#"{"id":"\#(text)"}"#))
  }

  private func ask(_ slot: Int, _ wish: CodeTables.Wish) -> [CodeTables.Action] {
    tables.asked(waiter(slot), wish, of: "t")
  }

  private func rows(_ range: Range<Int>) -> AgentAnswer {
    .rows(first: range.lowerBound, rows: range.map { ["\($0)"] }, end: range.isEmpty)
  }

  private func know(rows: Int) {
    _ = ask(99, .info)
    _ = tables.answered(.table(name: "t"), .table(columns: ["id"], rows: rows))
  }

  private func next(_ count: Int, recycle: Bool = false) -> AgentQuestion {
    .rows(table: "t", count: count, recycle: recycle)
  }

  private func block(_ index: Int) -> AgentQuestion {
    .row(table: "t", index: index, count: Limits.tableBlockRowsMax)
  }

  func test_table_isAskedForOnce() {
    XCTAssertEqual(ask(0, .info), [.ask(.table(name: "t"))])
    XCTAssertEqual(ask(1, .row(70)), [])
    XCTAssertEqual(
      tables.answered(.table(name: "t"), .table(columns: ["id", "b \"c\""], rows: 100)),
      [
        .answer(waiter(0), .json(#"{"name":"t","columns":["id","b \"c\""],"rows":100}"#)),
        .ask(block(64)),
      ])
  }

  func test_tableThatIsMissing_failsAndIsAskedForAgain() {
    _ = ask(0, .random)
    XCTAssertEqual(
      tables.answered(.table(name: "t"), .failed("There is no data table 't'")),
      [.answer(waiter(0), .failed("There is no data table 't'"))])
    XCTAssertEqual(ask(0, .random), [.ask(.table(name: "t"))])
  }

  func test_rowsByIndex_comeOutOfOneBlock() {
    know(rows: 100)
    XCTAssertEqual(ask(0, .row(70)), [.ask(block(64))])
    XCTAssertEqual(ask(1, .row(99)), [])
    XCTAssertEqual(tables.answered(block(64), rows(64..<100)), [row(0, "70"), row(1, "99")])
    XCTAssertEqual(ask(2, .row(64)), [row(2, "64")])
    XCTAssertEqual(ask(2, .row(63)), [.ask(block(0))])
  }

  func test_wideRows_thatTheBlockLacks_areAskedForAgain() {
    know(rows: 100)
    _ = ask(0, .row(3))
    _ = ask(1, .row(1))
    XCTAssertEqual(tables.answered(block(0), rows(0..<2)), [.ask(block(3)), row(1, "1")])
    XCTAssertEqual(tables.answered(block(3), rows(3..<5)), [row(0, "3")])
  }

  func test_rowThatIsNotThere_saysWhichAre() {
    know(rows: 3)
    for index in [-1, 3, Int.max] {
      XCTAssertEqual(
        ask(0, .row(index)),
        [.answer(waiter(0), .failed("data table 't' has rows 0 to 2, but no row \(index)"))])
    }
  }

  func test_emptyTable_hasNoRows() {
    know(rows: 0)
    let failed = [
      CodeTables.Action.answer(waiter(0), .failed("data table 't' has no rows"))
    ]
    XCTAssertEqual(ask(0, .random), failed)
    XCTAssertEqual(ask(0, .row(0)), failed)
    XCTAssertEqual(ask(0, .next(recycle: true)), failed)
    XCTAssertEqual(ask(0, .next(recycle: false)), [.answer(waiter(0), .json("null"))])
  }

  func test_randomRows_areFromAllOverTheTable() {
    know(rows: 1_000)
    var blocks: Set<Int> = []
    for _ in 0..<500 {
      for case .ask(.row(_, let index, _)) in ask(0, .random) { blocks.insert(index) }
    }
    XCTAssertEqual(blocks, Set(stride(from: 0, to: 1_000, by: Limits.tableBlockRowsMax)))
  }

  func test_nextRows_asManyAsWait_untilTheBlockIsUsedUp() {
    know(rows: 100)
    XCTAssertEqual(ask(0, .next(recycle: false)), [.ask(next(1))])
    XCTAssertEqual(ask(1, .next(recycle: false)), [])
    XCTAssertEqual(ask(2, .next(recycle: false)), [])
    XCTAssertEqual(
      tables.answered(next(1), rows(0..<1)), [row(0, "0"), .ask(next(2))])
    XCTAssertEqual(
      tables.answered(next(2), rows(5..<8)), [row(1, "5"), row(2, "6")])
    XCTAssertEqual(ask(0, .next(recycle: false)), [row(0, "7")])
    XCTAssertEqual(ask(0, .next(recycle: false)), [.ask(next(1))])
  }

  func test_rowOfAClientThatLeft_goesToAnother() {
    know(rows: 100)
    _ = ask(0, .next(recycle: false))
    tables.left(slot: 0)
    XCTAssertEqual(tables.answered(next(1), rows(4..<5)), [])
    XCTAssertEqual(ask(1, .next(recycle: false)), [row(1, "4")])
  }

  func test_endOfTheTable_isNull_orItBeginsAnew() {
    know(rows: 2)
    _ = ask(0, .next(recycle: false))
    _ = ask(1, .next(recycle: true))
    XCTAssertEqual(
      tables.answered(next(1), rows(2..<2)),
      [.answer(waiter(0), .json("null")), .ask(next(1, recycle: true))])
    XCTAssertEqual(tables.answered(next(1, recycle: true), rows(0..<1)), [row(1, "0")])
  }

  func test_failure_reachesAllWhoWait() {
    know(rows: 100)
    _ = ask(0, .next(recycle: true))
    _ = ask(1, .next(recycle: true))
    XCTAssertEqual(
      tables.answered(next(1, recycle: true), .failed("disk")),
      [.answer(waiter(0), .failed("disk")), .answer(waiter(1), .failed("disk"))])
    _ = ask(2, .row(1))
    XCTAssertEqual(
      tables.answered(block(0), .failed("disk")), [.answer(waiter(2), .failed("disk"))])
    XCTAssertEqual(ask(2, .row(1)), [.ask(block(0))])
  }
}

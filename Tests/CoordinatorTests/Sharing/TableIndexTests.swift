import Shared
import XCTest

@testable import Coordinator

final class TableIndexTests: XCTestCase {
  private func index(_ text: String) throws -> TableIndex {
    var scanner = CSVScanner()
    var index = TableIndex()
    try Array(text.utf8).withUnsafeBytes { try scanner.scan($0) { index.take($0) } }
    try scanner.finish { index.take($0) }
    index.finish()
    return index
  }

  func test_everyStride_isRemembered() throws {
    let index = try index("n\n" + (0..<2_049).map { "\($0 + 10_000)\n" }.joined())
    XCTAssertEqual(index.columns, ["n"])
    XCTAssertEqual(index.rows, 2_049)
    XCTAssertEqual(index.offsets, [2, 2 + 1_024 * 6, 2 + 2_048 * 6])
    XCTAssertEqual(index.errors, [])
  }

  func test_raggedRows_areNamedByLine() throws {
    let index = try index("a,b\n1,2\n3\n\"x\ny\",4\n5,6,7\n")
    XCTAssertEqual(
      index.errors.map(\.message),
      [
        "line 3: has 1 values, the first row names 2 columns",
        "line 6: has 3 values, the first row names 2 columns",
      ])
    XCTAssertEqual(Set(index.errors.map(\.field)), ["content"])
  }

  func test_badRows_areNamedOnlySoFar() throws {
    let index = try index("a,b\n" + String(repeating: "x\n", count: 1_000))
    XCTAssertEqual(index.errors.count, Limits.tableErrorsMax)
  }

  func test_columns_haveNamesOfTheirOwn() throws {
    XCTAssertEqual(
      try index("a,,a\n").errors.map(\.message),
      ["line 1: column 2 has no name", "line 1: two columns are named 'a'"])
    XCTAssertEqual(try index("\n\n").errors.count, 1)
    XCTAssertEqual(try index("a").rows, 0)
    XCTAssertEqual(try index("a").errors, [])
  }
}

final class RowDispenserTests: XCTestCase {
  private let north = LeaseKey(chunk: ChunkID(1), epoch: 1)
  private let south = LeaseKey(chunk: ChunkID(2), epoch: 1)

  func test_rows_areHandedOutOnce_untilTheEnd() {
    var dispenser = RowDispenser(rows: 1_000, blockRows: 64)
    var handed: [Int] = []
    var ask: Int64 = 0
    while true {
      ask += 1
      let grant = dispenser.asked(
        ask % 2 == 0 ? north : south, ask: ask, count: 3, recycle: false, runs: 2)
      XCTAssertLessThanOrEqual(grant.count, 64)
      if grant.count == 0 { break }
      handed += grant.first..<grant.first + grant.count
    }
    XCTAssertEqual(handed, Array(0..<1_000))
    let end = dispenser.asked(north, ask: 900, count: 1, recycle: false, runs: 2)
    XCTAssertEqual(end, .init(first: 1_000, count: 0))
  }

  func test_blocks_getSmallerTowardsTheEnd() {
    var dispenser = RowDispenser(rows: 100, blockRows: 64)
    var counts: [Int] = []
    for ask in 1...Int64(6) {
      counts.append(
        dispenser.asked(north, ask: ask, count: 1, recycle: false, runs: 2).count)
    }
    XCTAssertEqual(counts, [12, 11, 9, 8, 7, 6])
  }

  func test_sameQuestionAgain_isGivenTheSameRows() {
    var dispenser = RowDispenser(rows: 10, blockRows: 4)
    let first = dispenser.asked(north, ask: 1, count: 4, recycle: false, runs: 1)
    XCTAssertEqual(dispenser.asked(north, ask: 1, count: 4, recycle: false, runs: 1), first)
    let other = dispenser.asked(south, ask: 1, count: 4, recycle: false, runs: 1)
    XCTAssertEqual(other.first, 4)
  }

  func test_recycling_beginsAnew_onlyAtTheEnd() {
    var dispenser = RowDispenser(rows: 2, blockRows: 64)
    func next(_ run: LeaseKey, _ ask: Int64, _ recycle: Bool) -> RowDispenser.Grant {
      dispenser.asked(run, ask: ask, count: 1, recycle: recycle, runs: 2)
    }
    XCTAssertEqual(next(north, 1, true), .init(first: 0, count: 1))
    XCTAssertEqual(next(south, 1, true), .init(first: 1, count: 1))
    XCTAssertEqual(next(south, 2, false).count, 0)
    XCTAssertEqual(next(north, 2, true), .init(first: 0, count: 1))
    // The other one does not begin anew once more.
    XCTAssertEqual(next(south, 3, true), .init(first: 1, count: 1))
    var empty = RowDispenser(rows: 0, blockRows: 64)
    XCTAssertEqual(
      empty.asked(north, ask: 1, count: 1, recycle: true, runs: 1), .init(first: 0, count: 0))
  }

  func test_nonsense_isHarmless() {
    var dispenser = RowDispenser(rows: 10, blockRows: 4)
    XCTAssertEqual(
      dispenser.asked(north, ask: 1, count: .max, recycle: false, runs: 0).count, 4)
    XCTAssertEqual(
      dispenser.asked(north, ask: 2, count: .min, recycle: false, runs: .max / 8).count, 1)
  }
}

import XCTest

@testable import Agent

final class DeadlineHeapTests: XCTestCase {
  func test_entries_comeOutByDeadline_onlyWhenDue() {
    var heap = DeadlineHeap<Int>()
    var random = SystemRandomNumberGenerator()
    let deadlines = (0..<500).map { _ in Int64.random(in: 0...100, using: &random) }
    for deadline in deadlines { heap.insert(deadline, Int(deadline)) }
    XCTAssertEqual(heap.nextDeadline, deadlines.min())
    var found: [Int] = []
    while let next = heap.popDue(now: 50) { found.append(next) }
    XCTAssertEqual(found, deadlines.filter { $0 <= 50 }.sorted().map { Int($0) })
    while let next = heap.popDue(now: 100) { found.append(next) }
    XCTAssertEqual(found, deadlines.sorted().map { Int($0) })
    XCTAssertNil(heap.nextDeadline)
  }

  func test_removedEntries_areGone_othersKeepTheirOrder() {
    var heap = DeadlineHeap<Int64>()
    for number in 0..<100 { heap.insert(Int64(number * 37 % 100), Int64(number * 37 % 100)) }
    heap.removeAll { $0 % 3 == 0 }
    var found: [Int64] = []
    while let next = heap.popDue(now: 100) { found.append(next) }
    XCTAssertEqual(found, (0..<100).filter { $0 % 3 != 0 })
  }
}

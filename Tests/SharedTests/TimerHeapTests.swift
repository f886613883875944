import XCTest

@testable import Shared

final class TimerHeapTests: XCTestCase {
  func test_timers_comeOutByDeadline_equalOnesInOrder() {
    var heap = TimerHeap<String>()
    _ = heap.insert(deadline: 30, "c")
    _ = heap.insert(deadline: 10, "a")
    _ = heap.insert(deadline: 30, "d")
    _ = heap.insert(deadline: 20, "b")
    XCTAssertNil(heap.popDue(now: 9))
    var order: [String] = []
    while let next = heap.popDue(now: 30) { order.append(next) }
    XCTAssertEqual(order, ["a", "b", "c", "d"])
    XCTAssertTrue(heap.isEmpty)
  }

  func test_cancelledTimer_neverFires_andHidesNoOther() {
    var heap = TimerHeap<String>()
    let first = heap.insert(deadline: 1, "first")
    _ = heap.insert(deadline: 2, "second")
    heap.cancel(first)
    XCTAssertEqual(heap.nextDeadline(), 2)
    XCTAssertEqual(heap.popDue(now: 5), "second")
    XCTAssertNil(heap.nextDeadline())
  }

  func test_randomTimers_comeOutSorted() {
    var random = SeededGenerator(seed: 3)
    var heap = TimerHeap<Int64>()
    var expected: [Int64] = []
    for _ in 0..<2_000 {
      let deadline = Int64.random(in: 0...500, using: &random)
      let id = heap.insert(deadline: deadline, deadline)
      if Bool.random(using: &random) { heap.cancel(id) } else { expected.append(deadline) }
    }
    var found: [Int64] = []
    while let next = heap.popDue(now: 1_000) { found.append(next) }
    XCTAssertEqual(found, expected.sorted())
  }
}

import XCTest

@testable import Agent

final class ClientOrderTests: XCTestCase {
  func test_everyClientHasAPlaceOfItsOwn() {
    for total in Array(1...200) + [997, 1_000, 4_096, 30_030] {
      let order = ClientOrder(total: total)
      XCTAssertEqual(Set((0..<total).map(order.place)), Set(0..<total), "\(total)")
    }
  }

  func test_anyRangeOfClients_hasItsShareOfTheFirstPlaces() {
    var random = LoadRandom(seed: 11)
    for _ in 0..<2_000 {
      let total = Int.random(in: 1...3_000, using: &random)
      let order = ClientOrder(total: total)
      let first = Int.random(in: 0..<total, using: &random)
      let count = Int.random(in: 1...(total - first), using: &random)
      let most = Int.random(in: 1...total, using: &random)
      let found = (first..<(first + count)).count { order.place(of: $0) < most }
      let share = Double(most) * Double(count) / Double(total)
      XCTAssertEqual(Double(found), share, accuracy: 3, "\(count) of \(total), \(most) places")
    }
  }

  func test_manyClients_doNotOverflow() {
    let order = ClientOrder(total: 10_000_000)
    XCTAssert((0..<10_000_000).contains(order.place(of: 9_999_999)))
  }
}

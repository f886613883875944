import XCTest

@testable import Coordinator

final class LoadPartitionerTests: XCTestCase {
  private typealias Candidate = LoadPartitioner.Candidate
  private typealias Share = LoadPartitioner.Share

  func test_equalAgents_getEqualShares_remainderToTheFirst() {
    let shares = LoadPartitioner.partition(
      clients: 10,
      over: [
        .init(agent: "a", free: 100), .init(agent: "b", free: 100), .init(agent: "c", free: 100),
      ])
    XCTAssertEqual(
      shares,
      [.init(agent: "a", clients: 4), .init(agent: "b", clients: 3), .init(agent: "c", clients: 3)])
  }

  func test_unequalAgents_getSharesInProportion() {
    let shares = LoadPartitioner.partition(
      clients: 30, over: [.init(agent: "a", free: 10), .init(agent: "b", free: 50)])
    XCTAssertEqual(shares, [.init(agent: "a", clients: 5), .init(agent: "b", clients: 25)])
  }

  func test_notEnoughRoom_isNil() {
    XCTAssertNil(LoadPartitioner.partition(clients: 11, over: [.init(agent: "a", free: 10)]))
    XCTAssertNil(LoadPartitioner.partition(clients: 1, over: []))
  }

  func test_fewerClientsThanAgents_leavesSomeOut() {
    let shares = LoadPartitioner.partition(
      clients: 1, over: [.init(agent: "a", free: 5), .init(agent: "b", free: 9)])
    XCTAssertEqual(shares, [.init(agent: "b", clients: 1)])
  }

  func test_anyInput_addsUp_andNeverExceedsRoom() {
    for clients in 1...60 {
      for first in 0...12 {
        for second in stride(from: 0, through: 60, by: 7) {
          let candidates = [
            Candidate(agent: "a", free: first), Candidate(agent: "b", free: second),
            Candidate(agent: "c", free: 3),
          ]
          guard let shares = LoadPartitioner.partition(clients: clients, over: candidates) else {
            XCTAssertGreaterThan(clients, first + second + 3)
            continue
          }
          XCTAssertEqual(shares.reduce(0) { $0 + $1.clients }, clients)
          for share in shares {
            let free = candidates.first { $0.agent == share.agent }?.free ?? 0
            XCTAssertTrue((1...free).contains(share.clients), "\(clients) over \(candidates)")
          }
        }
      }
    }
  }
}

import Shared
import XCTest

@testable import Coordinator

final class BarrierBoardTests: XCTestCase {
  private let north = LeaseKey(chunk: ChunkID(1), epoch: 1)
  private let south = LeaseKey(chunk: ChunkID(2), epoch: 1)

  /// Three clients in the north, two in the south.
  private func board() -> BarrierBoard {
    var board = BarrierBoard()
    board.granted(north, clients: 3)
    board.granted(south, clients: 2)
    return board
  }

  private func waiter(_ run: LeaseKey, _ ask: Int64) -> BarrierBoard.Waiter {
    BarrierBoard.Waiter(run: run, ask: ask)
  }

  func test_lastArrival_releasesEveryRun() {
    var board = board()
    XCTAssertEqual(board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3), [])
    XCTAssertEqual(board.arrived(waiter(south, 1), at: "a", round: 0, clients: 1), [])
    // Said again: totals, so nothing is counted twice.
    XCTAssertEqual(board.arrived(waiter(south, 1), at: "a", round: 0, clients: 1), [])
    XCTAssertEqual(
      board.arrived(waiter(south, 1), at: "a", round: 0, clients: 2),
      [waiter(north, 1), waiter(south, 1)])
  }

  func test_releasedRound_isReleasedToWhoeverAsksAgain() {
    var board = board()
    _ = board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3)
    _ = board.arrived(waiter(south, 1), at: "a", round: 0, clients: 2)
    XCTAssertEqual(
      board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3), [waiter(north, 1)])
    XCTAssertEqual(board.arrived(waiter(north, 2), at: "a", round: 1, clients: 3), [])
    XCTAssertEqual(board.arrived(waiter(north, 3), at: "b", round: 0, clients: 3), [])
  }

  func test_clientThatEnds_isWaitedForNoLonger() {
    var board = board()
    _ = board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3)
    XCTAssertEqual(board.ended(south, clients: 1), [])
    XCTAssertEqual(board.ended(south, clients: 1), [])
    XCTAssertEqual(board.ended(south, clients: 2), [waiter(north, 1)])
  }

  func test_clientThatEndsWhileItWaits_releasesNobodyTooEarly() {
    var board = board()
    _ = board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3)
    _ = board.arrived(waiter(south, 1), at: "a", round: 0, clients: 1)
    // The one that waited in the south is cut: the other one there has not arrived.
    XCTAssertEqual(board.arrived(waiter(south, 1), at: "a", round: 0, clients: 0), [])
    XCTAssertEqual(board.ended(south, clients: 1), [])
    XCTAssertEqual(
      board.arrived(waiter(south, 2), at: "a", round: 0, clients: 1),
      [waiter(north, 1), waiter(south, 2)])
  }

  func test_extension_bringsClientsBack() {
    var board = board()
    _ = board.ended(south, clients: 2)
    _ = board.ended(south, clients: 0)
    XCTAssertEqual(board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3), [])
    XCTAssertEqual(
      board.arrived(waiter(south, 1), at: "a", round: 0, clients: 2),
      [waiter(north, 1), waiter(south, 1)])
  }

  func test_lostRun_isWaitedForNoLonger() {
    var board = board()
    _ = board.arrived(waiter(north, 1), at: "a", round: 0, clients: 3)
    _ = board.arrived(waiter(south, 1), at: "a", round: 0, clients: 1)
    XCTAssertEqual(board.lost(south), [waiter(north, 1)])
    XCTAssertEqual(board.lost(south), [])
    XCTAssertEqual(board.arrived(waiter(south, 1), at: "a", round: 1, clients: 2), [])
  }

  func test_nonsense_isRefusedOrHarmless() {
    var board = board()
    XCTAssertNil(board.problem(with: "a", round: 0))
    XCTAssertNotNil(board.problem(with: "", round: 0))
    XCTAssertNotNil(board.problem(with: String(repeating: "x", count: 256), round: 0))
    XCTAssertNotNil(board.problem(with: "a", round: -1))
    XCTAssertNotNil(board.problem(with: "a", round: .max))
    _ = board.arrived(waiter(north, 1), at: "a", round: 0, clients: .max)
    XCTAssertEqual(board.ended(south, clients: .min), [])
    XCTAssertEqual(board.ended(south, clients: .max), [waiter(north, 1)])
  }

  func test_names_areBounded() {
    var board = board()
    for index in 0..<Limits.barriersPerExecutionMax {
      XCTAssertNil(board.problem(with: "b\(index)", round: 0))
      _ = board.arrived(waiter(north, Int64(index)), at: "b\(index)", round: 0, clients: 1)
    }
    XCTAssertNotNil(board.problem(with: "one more", round: 0))
    XCTAssertNil(board.problem(with: "b7", round: 0))
  }
}

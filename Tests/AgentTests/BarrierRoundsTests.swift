import Shared
import XCTest

@testable import Agent

final class BarrierRoundsTests: XCTestCase {
  private func place(_ name: String, _ round: Int) -> BarrierRounds.Place {
    BarrierRounds.Place(name: name, round: round)
  }

  func test_clients_meetOncePerRound() {
    var rounds = BarrierRounds()
    XCTAssertEqual(rounds.arrived(3, at: "a"), place("a", 0))
    XCTAssertEqual(rounds.arrived(1, at: "a"), place("a", 0))
    XCTAssertEqual(
      rounds.question(place("a", 0)), .barrier(name: "a", round: 0, arrived: 2))
    XCTAssertEqual(rounds.released(place("a", 0)), [1, 3])
    XCTAssertEqual(rounds.released(place("a", 0)), [])
    XCTAssertEqual(rounds.arrived(1, at: "a"), place("a", 1))
    XCTAssertEqual(rounds.arrived(1, at: "b"), place("b", 0))
    XCTAssertEqual(rounds.arrived(3, at: "a"), place("a", 1))
    XCTAssertEqual(rounds.released(place("a", 1)), [1, 3])
  }

  func test_clientThatLeaves_isTakenOffWhereItWaits() {
    var rounds = BarrierRounds()
    _ = rounds.arrived(1, at: "b")
    _ = rounds.arrived(1, at: "a")
    _ = rounds.arrived(2, at: "a")
    XCTAssertEqual(rounds.left(1), [place("a", 0), place("b", 0)])
    XCTAssertEqual(rounds.left(1), [])
    XCTAssertEqual(
      rounds.question(place("a", 0)), .barrier(name: "a", round: 0, arrived: 1))
    XCTAssertEqual(
      rounds.question(place("b", 0)), .barrier(name: "b", round: 0, arrived: 0))
    // It goes on all the same, and is still waited for in that round.
    XCTAssertEqual(rounds.arrived(1, at: "a"), place("a", 0))
    XCTAssertEqual(rounds.released(place("a", 0)), [1, 2])
    XCTAssertEqual(rounds.arrived(1, at: "a"), place("a", 1))
  }
}

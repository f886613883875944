import Shared
import XCTest

@testable import Agent

final class ChunkPacerTests: XCTestCase {
  private let second: Int64 = 1_000_000_000

  private func pacer(
    _ goal: LoadGoal, clients: ClientRange? = nil, rampUpSecs: Double = 0, phase: Double = 0,
    sleepSecs: Double = 0
  ) -> ChunkPacer {
    var lease = Lease.forTests(clients: clients?.count ?? 1)
    lease.goal = goal
    if let clients { lease.clients = clients }
    lease.rampUp = RampUp(durationSecs: rampUpSecs, phase: phase)
    lease.iterationSleepSecs = sleepSecs
    return ChunkPacer(lease: lease, startNanos: 100 * second)
  }

  func test_withoutRampUp_allClientsStartAtTheAgreedInstant() {
    let pacer = pacer(.init(iterations: 1, durationSecs: nil))
    XCTAssertEqual(pacer.clientStart(offset: 0), 100 * second)
    XCTAssertEqual(pacer.clientStart(offset: 7), 100 * second)
  }

  func test_rampUp_isSpreadOverTheRegion_whicheverChunkAClientIsIn() {
    let goal = LoadGoal(iterations: 1, durationSecs: nil)
    let first = pacer(
      goal, clients: .init(first: 0, count: 4, regionalFirst: 0, regionalTotal: 10),
      rampUpSecs: 10)
    let rest = pacer(
      goal, clients: .init(first: 4, count: 6, regionalFirst: 4, regionalTotal: 10),
      rampUpSecs: 10)
    let starts =
      (0..<4).map { first.clientStart(offset: $0) }
      + (0..<6).map { rest.clientStart(offset: $0) }
    XCTAssertEqual(starts, (0..<10).map { (100 + Int64($0)) * second })
  }

  func test_rampUpOfTwoRegions_interleavesEvenly() {
    let goal = LoadGoal(iterations: 1, durationSecs: nil)
    let range = ClientRange(first: 0, count: 5, regionalFirst: 0, regionalTotal: 5)
    let starts = [0.0, 0.5].flatMap { phase in
      let pacer = pacer(goal, clients: range, rampUpSecs: 10, phase: phase)
      return (0..<5).map { pacer.clientStart(offset: $0) }
    }
    XCTAssertEqual(starts.sorted(), (0..<10).map { (100 + Int64($0)) * second })
  }

  func test_iterations_endAfterTheirNumber() {
    let pacer = pacer(.init(iterations: 3, durationSecs: nil))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 2, now: 900 * second), .begin)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 3, now: 100 * second), .ended)
  }

  func test_duration_endsAtItsInstant() {
    let pacer = pacer(.init(iterations: nil, durationSecs: 5))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 9, now: 105 * second - 1), .begin)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 9, now: 105 * second), .ended)
    XCTAssertEqual(pacer.endNanos, 105 * second)
  }

  func test_cap_endsIterationsThatAreLeft() {
    let pacer = pacer(.init(iterations: 9, maxDurationSecs: 5, startDelaySecs: 2))
    let before = pacer.next(offset: 0, iterationsFinished: 1, now: 101 * second)
    XCTAssertEqual(before, .wait(until: 102 * second))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 1, now: 107 * second - 1), .begin)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 1, now: 107 * second), .ended)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 9, now: 103 * second), .ended)
  }

  func test_sharedIterations_areSplitByGlobalIndex() {
    let goal = LoadGoal(model: .sharedIterations(total: 11))
    let range = ClientRange(first: 2, count: 3, regionalFirst: 0, regionalTotal: 3, total: 5)
    let pacer = pacer(goal, clients: range)
    // 11 over 5 clients is 3, 2, 2, 2, 2.
    for offset in 0..<3 {
      let now = 100 * second
      XCTAssertEqual(pacer.next(offset: offset, iterationsFinished: 1, now: now), .begin)
      XCTAssertEqual(pacer.next(offset: offset, iterationsFinished: 2, now: now), .ended)
    }
  }

  func test_extension_worksBothWays() {
    var pacer = pacer(.init(iterations: 5, durationSecs: nil))
    pacer.extended(to: .init(iterations: 9, durationSecs: nil))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 5, now: 100 * second), .begin)
    pacer.extended(to: .init(iterations: 2, durationSecs: nil))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 2, now: 0), .ended)
  }
}

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

  func test_rampingClients_ofAllChunksTogether_followTheCurve() {
    let curve = LoadCurve(start: 0, stages: [LoadStage(durationSecs: 10, target: 20)])
    let goal = LoadGoal(model: .rampingClients(curve: curve, gracefulRampDownSecs: 1))
    let pacers = [(0, 7), (7, 5), (12, 8)].map { first, count in
      pacer(
        goal,
        clients: .init(first: first, count: count, regionalFirst: 0, regionalTotal: 9, total: 20))
    }
    let counts = [7, 5, 8]
    for tenth in 1..<100 {
      let now = 100 * second + Int64(tenth) * second / 10 + 1
      let running = zip(pacers, counts).map { pacer, count in
        (0..<count).count {
          pacer.next(offset: $0, iterationsFinished: 3, now: now) == .begin
        }
      }
      let wanted = Double(tenth) * 0.2
      XCTAssertEqual(running.reduce(0, +), tenth / 5)
      // Each chunk has its share at all times.
      for (found, count) in zip(running, counts) {
        XCTAssertEqual(Double(found), wanted * Double(count) / 20, accuracy: 2)
      }
    }
    let end = pacers[0].next(offset: 0, iterationsFinished: 3, now: 110 * second)
    XCTAssertEqual(end, .ended)
  }

  func test_rampDown_givesAGrace_theEndDoesNot() {
    let stages = [LoadStage(durationSecs: 4, target: 1), LoadStage(durationSecs: 0, target: 0)]
    let curve = LoadCurve(start: 1, stages: stages + [LoadStage(durationSecs: 4, target: 0)])
    let goal = LoadGoal(model: .rampingClients(curve: curve, gracefulRampDownSecs: 3))
    let down = pacer(goal)
    XCTAssertEqual(down.cutNanos(offset: 0, now: 101 * second), 107 * second)
    XCTAssertNil(down.cutNanos(offset: 0, now: 105 * second))
    XCTAssertEqual(
      down.next(offset: 0, iterationsFinished: 0, now: 105 * second), .wait(until: 108 * second))
    let steady = goal.changed(toDurationSecs: 3).map { pacer($0) }
    XCTAssertNil(steady?.cutNanos(offset: 0, now: 101 * second))
    XCTAssertNil(pacer(.init(durationSecs: 9)).cutNanos(offset: 0, now: 101 * second))
  }

  func test_arrivalRate_letsClientsStandBy_untilTheEnd() {
    let curve = LoadCurve(start: 5, stages: [LoadStage(durationSecs: 4, target: 5)])
    let pacer = pacer(.init(model: .arrivalRate(curve: curve), startDelaySecs: 1))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 0, now: 0), .standBy)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 99, now: 105 * second - 1), .standBy)
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 0, now: 105 * second), .ended)
  }

  func test_extension_worksBothWays() {
    var pacer = pacer(.init(iterations: 5, durationSecs: nil))
    pacer.extended(to: .init(iterations: 9, durationSecs: nil))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 5, now: 100 * second), .begin)
    pacer.extended(to: .init(iterations: 2, durationSecs: nil))
    XCTAssertEqual(pacer.next(offset: 0, iterationsFinished: 2, now: 0), .ended)
  }
}

import Foundation
import Shared
import XCTest

final class LoadGoalTests: XCTestCase {
  func test_sharedIterations_addUpExactly_howeverClientsAreSplit() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let clients = Int.random(in: 1...60, using: &random)
      let total = Int.random(in: 1...300, using: &random)
      let goal = LoadGoal(model: .sharedIterations(total: total))
      var sum: Int64 = 0
      var first = 0
      while first < clients {
        let count = Int.random(in: 1...(clients - first), using: &random)
        let range = first..<(first + count)
        let each = range.compactMap { goal.iterations(ofClient: $0, of: clients) }
        XCTAssertEqual(
          goal.iterations(ofClients: range, of: clients), Int64(each.reduce(0, +)), "\(range)")
        XCTAssertLessThanOrEqual((each.max() ?? 0) - (each.min() ?? 0), 1)
        sum += Int64(each.reduce(0, +))
        first += count
      }
      XCTAssertEqual(sum, Int64(total), "\(total) over \(clients)")
    }
  }

  func test_closedGoals_countPerClient() {
    let goal = LoadGoal(iterations: 4, durationSecs: nil)
    XCTAssertEqual(goal.iterations(ofClient: 2, of: 5), 4)
    XCTAssertEqual(goal.iterations(ofClients: 1..<4, of: 5), 12)
    XCTAssertNil(LoadGoal(durationSecs: 4).iterations(ofClients: 1..<4, of: 5))
    XCTAssertNil(goal.endSecs)
    XCTAssertEqual(LoadGoal(iterations: 4, maxDurationSecs: 9).endSecs, 9)
  }

  func test_changes_areOfTheKindThatTheGoalHas() {
    let curve = LoadCurve(start: 0, stages: [LoadStage(durationSecs: 10, target: 5)])
    let timed: [LoadGoal] = [
      LoadGoal(durationSecs: 10), LoadGoal(model: .arrivalRate(curve: curve)),
      LoadGoal(model: .rampingClients(curve: curve, gracefulRampDownSecs: 1)),
    ]
    for goal in timed {
      XCTAssertNil(goal.changed(toIterations: 3))
      XCTAssertEqual(goal.endSecs, 10)
      XCTAssertEqual(goal.changed(toDurationSecs: 4)?.endSecs, 4)
      XCTAssertEqual(goal.changed(toDurationSecs: 40)?.endSecs, 40)
    }
    let shared = LoadGoal(model: .sharedIterations(total: 9), maxDurationSecs: 60)
    for goal in [LoadGoal(iterations: 2), shared] {
      XCTAssertNil(goal.changed(toDurationSecs: 3))
      XCTAssertEqual(goal.changed(toIterations: 20)?.iterations(ofClients: 0..<1, of: 1), 20)
    }
  }

  func test_goals_surviveTheirJSON() throws {
    let curve = LoadCurve(
      start: 1, stages: [.init(durationSecs: 0.5, target: 3), .init(durationSecs: 0, target: 0)])
    let goals: [LoadGoal] = [
      LoadGoal(iterations: 3), LoadGoal(durationSecs: 2.5, startDelaySecs: 1),
      LoadGoal(model: .sharedIterations(total: 5), maxDurationSecs: 9, gracefulStopSecs: 0),
      LoadGoal(model: .rampingClients(curve: curve, gracefulRampDownSecs: 2)),
      LoadGoal(model: .arrivalRate(curve: curve)),
    ]
    var random = SeededGenerator(seed: 13)
    // An agent's word on the goal that it met must equal the coordinator's to the last bit.
    let cut = (0..<200).map { _ in
      LoadGoal(model: .arrivalRate(curve: curve.lasting(.random(in: 0.001...9, using: &random))))
    }
    for goal in goals + cut {
      let text = try JSONEncoder().encode(goal)
      XCTAssertEqual(try JSONDecoder().decode(LoadGoal.self, from: text), goal)
    }
  }

  // MARK: curves

  private func randomCurve(_ random: inout SeededGenerator) -> LoadCurve {
    let stages = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      LoadStage(
        durationSecs: Bool.random(using: &random) ? Double.random(in: 0.1...5, using: &random) : 0,
        target: Double(Int.random(in: 0...20, using: &random)))
    }
    return LoadCurve(start: Double(Int.random(in: 0...20, using: &random)), stages: stages)
  }

  func test_curve_areaAgreesWithANumericIntegral() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let curve = randomCurve(&random)
      let steps = 20_000
      let width = curve.durationSecs / Double(steps)
      let sum = (0..<steps).reduce(0.0) { $0 + curve.value(at: (Double($1) + 0.5) * width) * width }
      XCTAssertEqual(sum, curve.area, accuracy: 0.05 + 0.001 * curve.area, "\(curve)")
      XCTAssertLessThanOrEqual(curve.area, curve.peak * curve.durationSecs + 1e-9)
    }
  }

  func test_curve_ofAnotherDuration_isTheSameUpToTheLastStage() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let curve = randomCurve(&random)
      guard curve.durationSecs > 0 else { continue }
      let seconds = Double.random(in: 0.05...30, using: &random)
      let changed = curve.lasting(seconds)
      XCTAssertEqual(changed.durationSecs, seconds, accuracy: 1e-9)
      let last = curve.durationSecs - (curve.stages.last?.durationSecs ?? 0)
      let same = seconds < curve.durationSecs ? seconds : last
      for share in [0, 0.1, 0.5, 0.99] {
        XCTAssertEqual(
          changed.value(at: same * share), curve.value(at: same * share), accuracy: 1e-6)
      }
    }
  }

  func test_curve_jumps() {
    let curve = LoadCurve(
      start: 2, stages: [.init(durationSecs: 1, target: 2), .init(durationSecs: 0, target: 8)])
    XCTAssertEqual(curve.value(at: 0.999), 2)
    XCTAssertEqual(curve.value(at: 1), 8)
    XCTAssertEqual(curve.value(at: -5), 2)
    XCTAssertEqual(curve.peak, 8)
    XCTAssertEqual(curve.area, 2)
  }
}

import Shared
import XCTest

@testable import Coordinator

final class ExecutionComparisonTests: XCTestCase {
  private var random = BatchRandom(seed: 5)

  /// Requests with latencies around `millis`, skewed as usual.
  private func figures(
    _ count: Int, millis: Double, failures: Int64 = 0, tail: Double = 1
  ) -> RequestFigures {
    var figures = RequestFigures()
    figures.count = Int64(count)
    figures.failures = failures
    for index in 0..<count {
      let uniform = Double.random(in: 0.01..<1, using: &random)
      var micros = millis * 1_000 * (0.5 + uniform * uniform * 1.5)
      if index % 50 == 0 { micros *= tail }
      figures.firstReceived.record(Int64(micros))
      figures.connectionClose.record(Int64(micros) + 50)
    }
    return figures
  }

  private func requests(
    _ id: Int64, _ resources: [Int64: RequestFigures]
  ) -> ComparedRequests {
    var requests = ComparedRequests(execution: ExecutionID(id), seconds: 10)
    for (name, figures) in resources {
      requests.resources[NameID(name)] = figures
      requests.overall.count += figures.count
      requests.overall.failures += figures.failures
      requests.overall.firstReceived.merge(figures.firstReceived)
      requests.overall.connectionClose.merge(figures.connectionClose)
    }
    return requests
  }

  private func verdicts(_ scope: ExecutionComparison.Scope) -> [String: String] {
    Dictionary(
      scope.candidates.flatMap(\.differences).map {
        ("\($0.statistic.metric) \($0.statistic.name)", $0.verdict.rawValue)
      }, uniquingKeysWith: { first, _ in first })
  }

  func test_slowerResource_isARegression_andStandsFirst() {
    let comparison = ExecutionComparison([
      requests(
        1,
        [
          1: figures(3_000, millis: 20), 2: figures(3_000, millis: 20),
          3: figures(3_000, millis: 20),
        ]),
      requests(
        2,
        [
          1: figures(3_000, millis: 20), 2: figures(3_000, millis: 14),
          3: figures(3_000, millis: 26),
        ]),
    ])
    XCTAssertEqual(comparison.resources.map(\.resource?.rawValue), [3, 2, 1])
    XCTAssertEqual(comparison.resources[0].verdict, .regression)
    XCTAssertEqual(verdicts(comparison.resources[0])["firstReceivedMs p50"], "regression")
    XCTAssertEqual(verdicts(comparison.resources[1])["firstReceivedMs mean"], "improvement")
    XCTAssertEqual(verdicts(comparison.resources[2])["requests errorRate"], "same")
    XCTAssertEqual(comparison.verdict, .regression)
    XCTAssertEqual(comparison.comparisons, 4 * 9)
    XCTAssertEqual(comparison.strictConfidence, 1 - 0.05 / 36, accuracy: 1e-12)
  }

  func test_slowerTailAlone_showsInThePercentilesAboveIt() {
    let comparison = ExecutionComparison([
      requests(1, [1: figures(20_000, millis: 20)]),
      requests(2, [1: figures(20_000, millis: 20, tail: 3)]),
    ])
    let found = verdicts(comparison.overall)
    XCTAssertEqual(found["firstReceivedMs p99"], "regression")
    XCTAssertNotEqual(found["firstReceivedMs p50"], "regression")
  }

  func test_errorRate() {
    func compare(_ old: Int64, _ new: Int64, of count: Int) -> Difference? {
      Difference(
        .errorRate, figures(count, millis: 1, failures: old),
        figures(count, millis: 1, failures: new), confidence: 0.95, strict: 0.99,
        minChange: 0.05)
    }
    XCTAssertEqual(compare(0, 50, of: 1_000)?.verdict, .regression)
    XCTAssertNil(compare(0, 50, of: 1_000)?.changePercent)
    XCTAssertEqual(compare(50, 5, of: 1_000)?.verdict, .improvement)
    XCTAssertEqual(compare(0, 0, of: 1_000)?.verdict, .same)
    XCTAssertEqual(compare(0, 1, of: 20)?.verdict, .inconclusive)
  }

  func test_tooFewResults_areInconclusive() {
    let comparison = ExecutionComparison([
      requests(1, [1: figures(5, millis: 20)]), requests(2, [1: figures(5, millis: 21)]),
    ])
    XCTAssertEqual(comparison.verdict, .inconclusive)
    let p99 = comparison.overall.candidates[0].differences.first { $0.statistic.name == "p99" }
    XCTAssertNil(p99?.interval)
    XCTAssertEqual(p99?.isSignificant, false)
  }

  func test_smallChange_isTheSame_unlessItIsToMatter() {
    let sides = [
      requests(1, [1: figures(40_000, millis: 20)]),
      requests(2, [1: figures(40_000, millis: 20.4)]),
    ]
    let lenient = ExecutionComparison(sides)
    XCTAssertEqual(verdicts(lenient.overall)["firstReceivedMs mean"], "same")
    let strict = ExecutionComparison(sides, .init(minChangePercent: 1))
    XCTAssertEqual(verdicts(strict.overall)["firstReceivedMs mean"], "regression")
  }

  /// The promise of the correction: hardly any answer about equal executions shows a regression.
  func test_equalExecutions_seldomLookDifferent() {
    var alarms = 0
    for _ in 0..<60 {
      let resources = { [self] in
        Dictionary(uniqueKeysWithValues: (1...3).map { (Int64($0), figures(150, millis: 20)) })
      }
      let comparison = ExecutionComparison(
        [requests(1, resources()), requests(2, resources())], .init(minChangePercent: 0))
      let all = [comparison.overall] + comparison.resources
      if all.contains(where: { $0.candidates[0].differences.contains(where: \.isSignificant) }) {
        alarms += 1
      }
    }
    // At most 5 % of 60 are 3; 8 and more would have a chance of one in a hundred.
    XCTAssertLessThan(alarms, 8)
  }

  func test_resourcesOfOneAlone_areMissingOrNew() {
    let comparison = ExecutionComparison([
      requests(1, [1: figures(50, millis: 5), 2: figures(50, millis: 5)]),
      requests(2, [1: figures(50, millis: 5), 3: figures(50, millis: 5)]),
      requests(3, [1: figures(50, millis: 5), 2: figures(50, millis: 5)]),
    ])
    XCTAssertEqual(comparison.missing, [.init(execution: ExecutionID(2), resource: NameID(2))])
    XCTAssertEqual(comparison.new, [.init(execution: ExecutionID(2), resource: NameID(3))])
    XCTAssertEqual(
      comparison.resources.map { $0.candidates.count }.sorted(), [1, 2])
  }

  func test_nothingMeasured_comparesToNothing() {
    let comparison = ExecutionComparison([requests(1, [:]), requests(2, [:])])
    XCTAssertEqual(comparison.comparisons, 0)
    XCTAssertEqual(comparison.verdict, .inconclusive)
    XCTAssertEqual(comparison.overall.candidates[0].differences.count, 0)
  }
}

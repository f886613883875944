import XCTest

@testable import Shared

final class ValueDistributionTests: XCTestCase {
  private func distribution(_ values: [Double]) -> ValueDistribution {
    var distribution = ValueDistribution()
    for (index, value) in values.enumerated() {
      distribution.record(value, atMicros: Int64(index))
    }
    return distribution
  }

  func test_countSumAndVariance_areThoseOfTheNumbersThemselves() {
    let all = distribution([-2.5, 0.0001, 7, 7.25])
    XCTAssertEqual(all.count, 4)
    XCTAssertEqual(all.sum, 11.7501)
    XCTAssertEqual(all.min, -2.5)
    XCTAssertEqual(all.max, 7.25)
    XCTAssertEqual(all.mean, 2.937525)
    XCTAssertEqual(all.variance, 18.324072, accuracy: 1e-6)
    XCTAssertEqual(all.last, .init(value: 7.25, atMicros: 3))
  }

  func test_variance_survivesLargeNumbersThatAreClose() {
    let all = distribution([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    XCTAssertEqual(all.variance, 22.5, accuracy: 1e-6)
  }

  func test_mergedParts_equalTheWhole() {
    for seed in UInt64(1)...50 {
      var random = SeededGenerator(seed: seed)
      let values = (0..<100).map { _ in Double.random(in: -50...5_000, using: &random) }
      let whole = distribution(values)
      var merged = ValueDistribution()
      var rest = values[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &random)
        merged.merge(distribution(Array(rest.prefix(count))))
        rest = rest.dropFirst(count)
      }
      XCTAssertEqual(merged.count, whole.count)
      XCTAssertEqual(merged.sum, whole.sum, accuracy: 1e-6)
      XCTAssertEqual(merged.min, whole.min)
      XCTAssertEqual(merged.max, whole.max)
      XCTAssertEqual(merged.variance, whole.variance, accuracy: whole.variance * 1e-9)
      XCTAssertEqual(merged.thousandths, whole.thousandths)
    }
  }

  func test_percentiles_areCloseAndNeverOutside() {
    let all = distribution((1...1_000).map { Double($0) / 10 })
    let found = all.percentiles([0, 0.5, 0.95, 1])
    for (percentile, expected) in zip(found, [0.1, 50.05, 95.005, 100]) {
      XCTAssertEqual(percentile, expected, accuracy: expected * 0.004)
    }
    XCTAssertEqual(distribution([-5, -3]).percentiles([0.5]), [-3])
    XCTAssertEqual(distribution([1e12, 1e12]).percentiles([0.5]), [1e12])
  }

  func test_numbersThatAreNone_areLeftOut_andHugeOnesNeverTrap() {
    var all = distribution([.nan, .infinity, -.infinity])
    XCTAssertEqual(all.count, 0)
    for value in [1e308, 1e308, -1e308, -1e308] { all.record(value, atMicros: 1) }
    XCTAssertEqual(all.count, 4)
    XCTAssertTrue(all.sum.isFinite && all.variance.isFinite && all.mean.isFinite)
    var other = all
    other.merge(all)
    XCTAssertTrue(other.sum.isFinite && other.variance.isFinite)
  }

  func test_histogramKeys_areBounded() {
    var totals = MetricTotals()
    for index in 0..<(Limits.metricKeysMax + 20) { totals.count(key: "k\(index)") }
    totals.count(key: "k0", 5)
    XCTAssertEqual(totals.keys.count, Limits.metricKeysMax + 1)
    XCTAssertEqual(totals.keys["k0"], 6)
    XCTAssertEqual(totals.keys[MetricTotals.otherKey], 20)
  }

  func test_names_followTheRules() {
    for name in ["logins", "http_req_duration{type:API}", String(repeating: "ü", count: 255)] {
      XCTAssertNil(MetricName.problem(name), name)
    }
    for name in ["", "a-b", "a__b", String(repeating: "x", count: 256)] {
      XCTAssertNotNil(MetricName.problem(name), name)
    }
    XCTAssertNotNil(MetricName.namespaceProblem("Testable"))
    XCTAssertNil(MetricName.namespaceProblem("User"))
  }
}

import Shared
import XCTest

@testable import Coordinator

final class ConfidenceIntervalTests: XCTestCase {
  private func histogram(_ values: some Sequence<Int64>) -> LatencyHistogram {
    values.reduce(into: LatencyHistogram()) { $0.record($1) }
  }

  private func expect(
    _ interval: ConfidenceInterval?, _ low: Double, _ high: Double, accuracy: Double = 1e-9,
    line: UInt = #line
  ) throws {
    let interval = try XCTUnwrap(interval, line: line)
    XCTAssertEqual(interval.low, low, accuracy: accuracy, line: line)
    XCTAssertEqual(interval.high, high, accuracy: accuracy, line: line)
  }

  /// `scipy.stats.ttest_ind(new, old, equal_var=False).confidence_interval(c)`, SciPy 1.17.
  func test_means_afterWelch() throws {
    let old = histogram([1200, 1350, 1100, 1500, 1250, 1400, 1300, 1275])
    let new = histogram([1600, 1750, 1500, 1900, 1450, 1800, 1650, 1700, 1550])
    try expect(
      .ofMeans(old, new, confidence: 0.95), 219.25769078095894, 498.1034203301524, accuracy: 1e-6)
    try expect(
      .ofMeans(old, new, confidence: 0.99), 165.90088223300347, 551.4602288781078, accuracy: 1e-6)
    let backwards = try XCTUnwrap(ConfidenceInterval.ofMeans(new, old, confidence: 0.95))
    XCTAssertEqual(backwards.low, -498.1034203301524, accuracy: 1e-6)
    XCTAssertNil(ConfidenceInterval.ofMeans(old, histogram([5]), confidence: 0.95))
    try expect(.ofMeans(histogram([7, 7]), histogram([9, 9]), confidence: 0.95), 2, 2)
  }

  /// `scipy.stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")`, SciPy 1.17.
  func test_share_afterWilson() throws {
    for (hits, count, low, high) in [
      (Int64(0), Int64(100), 0.0, 0.03699349820698568),
      (5, 100, 0.021543679154367973, 0.11175046923191914),
      (56, 70, 0.6918335550374693, 0.8769526075163704),
      (48, 80, 0.490454650051604, 0.7003817240412907),
    ] {
      try expect(.ofShare(hits, of: count, confidence: 0.95), low, high)
    }
    try expect(.ofShare(100, of: 100, confidence: 0.95), 1 - 0.03699349820698568, 1)
    XCTAssertNil(ConfidenceInterval.ofShare(0, of: 0, confidence: 0.95))
  }

  /// Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10: 56/70 − 48/80 is
  /// (0.0524, 0.3339), 9/10 − 3/10 is (0.1705, 0.8090), 10/10 − 0/20 is (0.6791, 1.0000).
  func test_shares_afterNewcombe() throws {
    try expect(.ofShares((48, 80), (56, 70), confidence: 0.95), 0.0524, 0.3339, accuracy: 5e-5)
    try expect(.ofShares((3, 10), (9, 10), confidence: 0.95), 0.1705, 0.8090, accuracy: 5e-5)
    try expect(.ofShares((0, 20), (10, 10), confidence: 0.95), 0.6791, 1, accuracy: 5e-5)
    try expect(
      .ofShares((0, 100), (0, 100), confidence: 0.95), -0.03699349820698568, 0.03699349820698568)
  }

  /// Ranks ⌈np ± z√(np(1−p))⌉ of 1…n: for n = 100 and p = 0.5 ⌈50 ± 9.80⌉ = 41 and 60; for p95 of
  /// 1,000 ⌈950 ± 13.51⌉ = 937 and 964. Values above 255 are bucketed, 0.4 % wide.
  func test_percentile_betweenOrderedValues() throws {
    try expect(.ofPercentile(0.5, histogram(1...100), confidence: 0.95), 41, 60, accuracy: 1e-6)
    try expect(.ofPercentile(0.95, histogram(1...1_000), confidence: 0.95), 937, 964, accuracy: 4)
    // ⌈99 + 1.95⌉ = 101 is beyond the last.
    XCTAssertNil(ConfidenceInterval.ofPercentile(0.99, histogram(1...100), confidence: 0.95))
    XCTAssertNil(ConfidenceInterval.ofPercentile(0.5, histogram([]), confidence: 0.95))
  }

  /// Distances to the bounds, added in squares: medians 50.5 of 1…100 (41, 60) and 70.5 of 21…120
  /// (61, 80) differ by 20 ∓ √(9.5² + 9.5²).
  func test_percentiles_differ() throws {
    let reach = (2 * 9.5 * 9.5).squareRoot()
    try expect(
      .ofPercentiles(0.5, histogram(1...100), histogram(21...120), confidence: 0.95),
      20 - reach, 20 + reach, accuracy: 1e-6)
  }

  /// How often intervals hold the truth must match what they promise.
  func test_coverage_isWhatIsPromised() throws {
    var random = BatchRandom(seed: 11)
    func sample(_ shift: Int64) -> LatencyHistogram {
      // Skewed like latencies: the larger of the squares of uniform numbers.
      histogram(
        (0..<400).map { _ in
          let uniform = Double.random(in: 0..<1, using: &random)
          return Int64(20 + 200 * uniform * uniform) + shift
        })
    }
    var hits = (mean: 0, p50: 0, p95: 0)
    for _ in 0..<400 {
      let (old, new) = (sample(0), sample(10))
      let mean = try XCTUnwrap(ConfidenceInterval.ofMeans(old, new, confidence: 0.9))
      let p50 = try XCTUnwrap(ConfidenceInterval.ofPercentiles(0.5, old, new, confidence: 0.9))
      let p95 = try XCTUnwrap(ConfidenceInterval.ofPercentiles(0.95, old, new, confidence: 0.9))
      if mean.low <= 10, mean.high >= 10 { hits.mean += 1 }
      if p50.low <= 10, p50.high >= 10 { hits.p50 += 1 }
      if p95.low <= 10, p95.high >= 10 { hits.p95 += 1 }
    }
    // 360 ± 4 standard deviations of 6; rounding to ranks makes intervals wider, not narrower.
    XCTAssertTrue((336...384).contains(hits.mean), "\(hits)")
    XCTAssertTrue((336...396).contains(hits.p50), "\(hits)")
    XCTAssertTrue((336...396).contains(hits.p95), "\(hits)")
  }
}

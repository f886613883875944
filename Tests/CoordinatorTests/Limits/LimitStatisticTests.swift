import Shared
import XCTest

@testable import Coordinator

final class LimitStatisticTests: XCTestCase {
  func test_names_areReadAndWrittenAlike() {
    for name in [
      "count", "mean", "min", "max", "sd", "rate", "value", "p50", "p90", "p95", "p99", "p999",
      "p0", "p100", "p99.5",
    ] {
      XCTAssertEqual(LimitStatistic(rawValue: name)?.rawValue, name)
    }
    XCTAssertEqual(LimitStatistic(rawValue: "p999"), .percentile(99.9))
    XCTAssertEqual(LimitStatistic(rawValue: "p9999"), .percentile(99.99))
    XCTAssertEqual(LimitStatistic(rawValue: "p99.9"), .percentile(99.9))
  }

  func test_otherNames_areRefused() {
    for name in ["", "p", "pp", "p-1", "p1e1", "p101.5", "average", "P95", "p95 ", "p.", "p1.2.3"] {
      XCTAssertNil(LimitStatistic(rawValue: name), name)
    }
  }

  func test_numbers_haveDecimalsAndNoExponent() {
    for (value, text) in [
      (0.0, "0"), (8e-6, "0.000008"), (-0.000_067, "-0.000067"), (1e-5, "0.00001"), (1e-7, "0"),
      (0.0001, "0.0001"), (0.25, "0.25"), (52.62, "52.62"), (-3, "-3"),
      (1e17, "100000000000000000"),
    ] {
      XCTAssertEqual(LimitNumber.text(value), text)
    }
    XCTAssertEqual(LimitNumber.text(0.000_05, places: 3), "0")
  }

  func test_operators_compareInTheirOrder() {
    let cases: [(LimitOperator, [Bool])] = [
      (.less, [true, false, false]), (.lessOrEqual, [true, true, false]),
      (.greater, [false, false, true]), (.greaterOrEqual, [false, true, true]),
      (.equal, [false, true, false]), (.notEqual, [true, false, true]),
    ]
    for (op, expected) in cases {
      XCTAssertEqual([1.0, 2, 3].map { op.holds($0, 2) }, expected, op.rawValue)
    }
  }

  func test_statisticsOfADistribution_agreeWithItsHistogram() {
    var histogram = LatencyHistogram()
    for micros: Int64 in 1...1_000 { histogram.record(micros * 1_000) }
    let reading = MetricReading.distribution(.init(histogram, scale: 1_000))
    func value(_ name: String) -> Double? {
      LimitStatistic(rawValue: name).flatMap { reading.value($0, seconds: 1) }
    }
    XCTAssertEqual(value("count"), 1_000)
    XCTAssertEqual(value("mean"), 500.5)
    XCTAssertEqual(value("min"), 1)
    XCTAssertEqual(value("max"), 1_000)
    XCTAssertEqual(try XCTUnwrap(value("p97.5")), 975, accuracy: 975 * 0.005)
    XCTAssertNil(value("rate"))
    XCTAssertNil(value("value"))
    let empty = MetricReading.distribution(.init(LatencyHistogram(), scale: 1))
    XCTAssertNil(empty.value(.percentile(95), seconds: 1))
    XCTAssertEqual(empty.value(.count, seconds: 1), 0)
  }

  func test_percentilesOfStatisticsAlone_liePairwiseBetweenTheKnownOnes() {
    var histogram = LatencyHistogram()
    for value: Int64 in 0...10_000 { histogram.record(value) }
    let values = MetricReading.Values(Distribution(histogram, scale: 1))
    for percent in [0, 25, 50, 70, 90, 92, 95, 97, 99, 99.5, 99.9, 99.95, 100] {
      XCTAssertEqual(
        values.percentile(percent), percent * 100, accuracy: percent * 100 * 0.005 + 0.001)
    }
  }

  func test_sharesAndCounters_haveTheirRates() {
    XCTAssertEqual(MetricReading.counter(30).value(.rate, seconds: 10), 3)
    XCTAssertEqual(MetricReading.counter(30).value(.count, seconds: 10), 30)
    XCTAssertNil(MetricReading.counter(30).value(.mean, seconds: 10))
    XCTAssertEqual(MetricReading.share(yes: 1, no: 3).value(.rate, seconds: 10), 0.25)
    XCTAssertNil(MetricReading.share(yes: 0, no: 0).value(.rate, seconds: 10))
    XCTAssertEqual(MetricReading.sharedCounter(2, of: 8).value(.rate, seconds: 10), 0.25)
    XCTAssertEqual(MetricReading.sharedCounter(2, of: 8).value(.count, seconds: 10), 2)
    XCTAssertNil(MetricReading.sharedCounter(0, of: 0).value(.rate, seconds: 10))
    XCTAssertEqual(MetricReading.level(value: 2, min: 1, max: 3).value(.max, seconds: 1), 3)
  }

  func test_histogramOfTrueAndFalse_isAShare() {
    let definition = MetricDefinition(namespace: "User", name: "x", type: .histogram, units: nil)
    let share = MetricReading(
      MetricValue(definition, .keys([(key: "true", count: 3), (key: "false", count: 1)])))
    XCTAssertEqual(share.value(.rate, seconds: 1), 0.75)
    let keys = MetricReading(
      MetricValue(definition, .keys([(key: "true", count: 3), (key: "red", count: 1)])))
    XCTAssertNil(keys.value(.rate, seconds: 1))
    XCTAssertEqual(keys.value(.count, seconds: 1), 4)
  }
}

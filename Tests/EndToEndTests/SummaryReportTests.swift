import Coordinator
import Shared
import XCTest

@testable import throng

/// The summary of a run, from plain values.
final class SummaryReportTests: XCTestCase {
  private func histogram(_ values: [Int64]) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    return histogram
  }

  private func state(
    _ limit: TestLimit, measured: Double?, breached: Bool = false
  ) -> LimitState {
    var state = LimitState(limit)
    state.measured = measured
    state.breached = breached
    return state
  }

  private func threshold(
    _ metric: String, _ expression: String, measured: Double?, breached: Bool = false
  ) throws -> LimitState {
    let key: JSONObject = [metric: .array([.string(expression)])]
    let limit = try XCTUnwrap(Thresholds.limits(from: .object(key)).first)
    return state(limit, measured: measured, breached: breached)
  }

  private func lines(_ report: SummaryReport) -> [String] {
    report.text().split(separator: "\n").map(String.init)
  }

  func test_customMetrics_areListedWithThoseOfTheSystem() {
    var report = SummaryReport()
    report.seconds = 10
    report.counters = [.init(name: "http_reqs", value: 30, unit: .plain)]
    report.add(
      [
        SummaryMetric("http_reqs", .counter(30)),
        SummaryMetric("orders", .counter(2.5), isCustom: true),
        SummaryMetric("uploaded", .counter(2_500), unit: .bytes, isCustom: true),
        SummaryMetric("free", .gauge(value: -3, min: -5.5, max: 7), isCustom: true),
        SummaryMetric("paid", .rate(yes: 3, no: 1), isCustom: true),
        SummaryMetric(
          "lookup", .trend(.init(histogram([1_500, 1_500]), scale: 1_000)), unit: .time,
          isCustom: true),
        SummaryMetric("items", .trend(.init(histogram([4, 4]), scale: 1)), isCustom: true),
        SummaryMetric("huge", .counter(1e300), isCustom: true),
      ], limits: [])
    XCTAssertEqual(
      lines(report),
      [
        "     free....................: -3       min=-5.5 max=7",
        "     http_reqs...............: 30       3/s",
        "     huge....................: 1e+300   1e+299/s",
        "     items...................: avg=4     min=4     med=4     max=4     p(90)=4     "
          + "p(95)=4",
        "     lookup..................: avg=1.5ms min=1.5ms med=1.5ms max=1.5ms p(90)=1.5ms "
          + "p(95)=1.5ms",
        "     orders..................: 2.5      0.25/s",
        "     paid....................: 75%      ✓ 3        ✗ 1",
        "     uploaded................: 2.5 kB   250 B/s",
      ])
  }

  func test_limits_areShownUnderTheirMetrics() throws {
    var report = SummaryReport()
    report.seconds = 10
    report.counters = [.init(name: "http_reqs", value: 30, unit: .plain)]
    report.rates = [.init(name: "http_req_failed", yes: 0, no: 30)]
    let trend = SummaryMetric(
      "http_req_duration{name:Home}", .trend(.init(histogram([312_000]), scale: 1_000)),
      unit: .time)
    report.add(
      [trend],
      limits: [
        try threshold("http_req_duration{name:Home}", "p(95)<500", measured: 312),
        try threshold("http_req_failed", "rate<0.01", measured: 0.0123, breached: true),
        try threshold("http_reqs", "count>=10", measured: 30),
        try threshold("http_reqs", "rate>5", measured: 3, breached: true),
        try threshold("my_trend", "med<5", measured: nil),
        state(
          TestLimit(
            namespace: "Testable", metric: "connectionCloseMs", statistic: .percentile(95),
            op: .less, value: 0.5, resource: "Home", region: "eu"), measured: 0.25),
        state(
          TestLimit(
            namespace: "Testable", metric: "bytesSent", statistic: .count, op: .less,
            value: 5_000), measured: 4_500),
      ])
    XCTAssertEqual(
      lines(report),
      [
        "     data_sent", "       ✓ count<5000 count=4.5 kB",
        "     http_req_duration of Home in eu", "       ✓ p95<0.5 p95=250µs",
        "     http_req_duration{name:Home}",
        "       avg=312ms min=312ms med=312ms max=312ms p(90)=312ms p(95)=312ms",
        "       ✓ p(95)<500 p(95)=312ms",
        "     http_req_failed.........: 0%       ✓ 0        ✗ 30",
        "       ✗ rate<0.01 rate=1.23%", "     http_reqs...............: 30       3/s",
        "       ✓ count>=10 count=30", "       ✗ rate>5 rate=3", "     my_trend",
        "       ✓ med<5 (not measured)",
      ])
  }

  func test_unitsOfCustomMetrics_areThoseOfTheirLimits() throws {
    let metrics = [
      SummaryMetric("lookup", .trend(.init(histogram([1_500]), scale: 1_000)), unit: .time),
      SummaryMetric("paid", .rate(yes: 3, no: 1)),
    ]
    XCTAssertEqual(
      SummaryReport.Limit(
        SummaryLimit(try threshold("lookup", "max < 2", measured: 1.5), metrics: metrics)),
      .init(metric: "lookup", text: "max < 2 max=1.5ms", breached: false))
    XCTAssertEqual(
      SummaryReport.Limit(
        SummaryLimit(
          try threshold("paid", "rate>0.9", measured: 0.75, breached: true), metrics: metrics)),
      .init(metric: "paid", text: "rate>0.9 rate=75%", breached: true))
  }
}

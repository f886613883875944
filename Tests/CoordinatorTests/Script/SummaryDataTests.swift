import Shared
import XCTest

@testable import Coordinator

final class SummaryDataTests: XCTestCase {
  private func histogram(_ values: [Int64]) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    return histogram
  }

  private func object(_ value: JSONValue?, _ path: String...) throws -> JSONObject {
    var value = value
    for name in path { value = value?.objectValue?[name] }
    return try XCTUnwrap(value?.objectValue, path.joined(separator: "."))
  }

  private func limit(
    _ metric: String, _ expression: String, breached: Bool
  ) throws -> LimitState {
    let key: JSONObject = [metric: .array([.string(expression)])]
    var state = LimitState(try XCTUnwrap(Thresholds.limits(from: .object(key)).first))
    state.breached = breached
    return state
  }

  private func aggregator() -> IntervalAggregator {
    var batch = BatchFactory.realistic(requests: 100)
    batch.checks = [
      CheckCount(
        name: 4, intervalStartMs: BatchFactory.epochMicros / 1_000, passes: 9, fails: 1)
    ]
    var aggregator = IntervalAggregator(execution: ExecutionID(1))
    aggregator.add(
      batch, names: (1...5).map { NameID(Int64($0)) }, region: ExecutionRegionID(1),
      chunk: ChunkID(1), atMs: 1)
    return aggregator
  }

  func test_metrics_haveTypesValuesAndThresholds() throws {
    var data = SummaryData(
      metrics: [
        SummaryMetric(
          "http_req_duration", .trend(.init(histogram([1_000, 2_000, 3_000]), scale: 1_000)),
          unit: .time),
        SummaryMetric("data_sent", .counter(500), unit: .bytes),
        SummaryMetric("http_req_failed", .rate(yes: 1, no: 3)),
        SummaryMetric("vus", .gauge(value: 5, min: 1, max: 10)),
        SummaryMetric("empty", .rate(yes: 0, no: 0)),
      ], checks: [],
      limits: [
        try limit("http_req_duration", "p(95)<500", breached: false),
        try limit("http_req_duration", "avg<1", breached: true),
        try limit("http_req_failed", "rate<0.1", breached: true),
      ], seconds: 10)
    data.trendStats = ["avg", "min", "med", "max", "count", "p(50)", "p(99.9)", "nonsense", "rate"]
    let json = data.json()
    let duration = try object(json, "metrics", "http_req_duration")
    XCTAssertEqual(duration["type"], .string("trend"))
    XCTAssertEqual(duration["contains"], .string("time"))
    let values = try object(duration["values"])
    XCTAssertEqual(
      values.members.map(\.key), ["avg", "min", "med", "max", "count", "p(50)", "p(99.9)"])
    for (name, expected) in [("avg", 2.0), ("min", 1), ("max", 3), ("count", 3)] {
      XCTAssertEqual(values[name]?.number, expected, name)
    }
    // Percentiles come from buckets, at most 0.39 % wide.
    for (name, expected) in [("med", 2.0), ("p(50)", 2), ("p(99.9)", 2.998)] {
      XCTAssertEqual(values[name]?.number ?? 0, expected, accuracy: expected * 0.005, name)
    }
    XCTAssertEqual(
      duration["thresholds"]?.text, #"{"p(95)<500":{"ok":true},"avg<1":{"ok":false}}"#)
    XCTAssertEqual(
      try object(json, "metrics", "data_sent")["values"]?.text, #"{"count":500,"rate":50.0}"#)
    XCTAssertEqual(try object(json, "metrics", "data_sent")["contains"], .string("data"))
    XCTAssertNil(try object(json, "metrics", "data_sent")["thresholds"])
    XCTAssertEqual(
      try object(json, "metrics", "http_req_failed")["values"]?.text,
      #"{"rate":0.25,"passes":1,"fails":3}"#)
    XCTAssertEqual(
      try object(json, "metrics", "vus")["values"]?.text, #"{"value":5,"min":1,"max":10}"#)
    XCTAssertEqual(
      try object(json, "metrics", "empty")["values"]?.text,
      #"{"rate":0.0,"passes":0,"fails":0}"#)
  }

  func test_stateAndOptions_areThere() throws {
    var data = SummaryData(metrics: [], checks: [], limits: [], seconds: 1.5)
    XCTAssertEqual(
      data.json().objectValue?["options"]?.objectValue?["summaryTrendStats"]?.arrayValue?.count, 6)
    XCTAssertNil(data.json().objectValue?["setup_data"])
    data.isStdOutTTY = true
    data.setupData = .object(["token": .string("t")])
    let state = try object(data.json(), "state")
    XCTAssertEqual(
      state,
      [
        "isStdOutTTY": .bool(true), "isStdErrTTY": .bool(false),
        "testRunDurationMs": .double(1_500),
      ])
    XCTAssertEqual(try object(data.json(), "setup_data")["token"], .string("t"))
  }

  func test_checks_areInTheirGroups() throws {
    let checks = [
      CheckTotals(name: "status is 200", passes: 3, fails: 1),
      CheckTotals(name: "::Login::Form::has a token", passes: 2, fails: 0),
      CheckTotals(name: "::Login::logged in", passes: 1, fails: 0),
      CheckTotals(name: "::", passes: 1, fails: 0),
    ]
    let root = try object(
      SummaryData(metrics: [], checks: checks, limits: [], seconds: 1).json(), "root_group")
    XCTAssertEqual(root["name"], .string(""))
    XCTAssertEqual(root["path"], .string(""))
    let first = try object(root["checks"]?.arrayValue?.first)
    XCTAssertEqual(first["path"], .string("::status is 200"))
    XCTAssertEqual(first["passes"], .int(3))
    XCTAssertEqual(first["fails"], .int(1))
    let login = try object(root["groups"]?.arrayValue?.first)
    XCTAssertEqual(login["name"], .string("Login"))
    XCTAssertEqual(
      try object(login["checks"]?.arrayValue?.first)["path"], .string("::Login::logged in"))
    let form = try object(login["groups"]?.arrayValue?.first)
    XCTAssertEqual(form["path"], .string("::Login::Form"))
    XCTAssertEqual(
      try object(form["checks"]?.arrayValue?.first)["name"], .string("has a token"))
    let ids = [root, first, login, form].compactMap { $0["id"]?.stringValue }
    XCTAssertEqual(Set(ids).count, 4)
    XCTAssert(ids.allSatisfy { $0.count == 32 })
  }

  func test_metricsOfAnExecution_areK6s() throws {
    let limits = [
      try limit("http_req_duration{name:GET /a}", "avg<1", breached: true),
      try limit("http_req_failed{name:GET /b}", "rate<1", breached: false),
      try limit("http_req_duration{name:GET /none}", "avg<1", breached: false),
      try limit("my_counter", "count>1", breached: true),
    ]
    let aggregator = aggregator()
    let metrics = SummaryMetric.all(aggregator, limits: limits, users: 10)
    XCTAssertEqual(
      metrics.map(\.name),
      [
        "checks", "data_received", "data_sent", "http_req_blocked", "http_req_connecting",
        "http_req_duration", "http_req_duration{name:GET /a}",
        "http_req_duration{name:GET /none}", "http_req_failed", "http_req_failed{name:GET /b}",
        "http_req_tls_handshaking", "http_req_waiting", "http_reqs", "iteration_duration",
        "iterations", "my_counter", "vus", "vus_max",
      ])
    let json = SummaryData(
      metrics: metrics, checks: aggregator.merged().checks, limits: limits, seconds: 2
    ).json()
    XCTAssertEqual(
      try object(json, "metrics", "http_reqs", "values"), ["count": .int(100), "rate": .double(50)])
    XCTAssertEqual(
      try object(json, "metrics", "checks", "values"),
      ["rate": .double(0.9), "passes": .int(9), "fails": .int(1)])
    XCTAssertEqual(
      try object(json, "metrics", "http_req_failed{name:GET /b}", "values"),
      ["rate": .double(0), "passes": .int(0), "fails": .int(50)])
    let part = try object(json, "metrics", "http_req_duration{name:GET /a}")
    XCTAssertEqual(part["contains"], .string("time"))
    XCTAssertGreaterThan(part["values"]?.objectValue?["avg"]?.number ?? 0, 0)
    XCTAssertEqual(part["thresholds"]?.text, #"{"avg<1":{"ok":false}}"#)
    XCTAssertEqual(
      try object(json, "metrics", "my_counter", "values")["count"], .int(0))
    let nothing = SummaryMetric.all(
      IntervalAggregator(execution: ExecutionID(1)), limits: [], users: 1)
    XCTAssertEqual(
      nothing.map(\.name), ["data_received", "data_sent", "iterations", "vus", "vus_max"])
  }
}

import Shared

/// What k6's `handleSummary(data)` gets at the end of a test. Pure.
public struct SummaryData: Sendable {
  public var metrics: [SummaryMetric]
  public var checks: [CheckTotals]
  /// Those with a threshold are shown with their metrics.
  public var limits: [LimitState]
  /// Seconds that rates are over.
  public var seconds: Double
  /// `options.summaryTrendStats`; what is none of k6's statistics is left out.
  public var trendStats = SummaryData.trendStatsStandard
  /// What `setup()` has returned, nil when there is none.
  public var setupData: JSONValue?
  public var isStdOutTTY = false
  public var isStdErrTTY = false

  public static let trendStatsStandard = ["avg", "min", "med", "max", "p(90)", "p(95)"]

  public init(
    metrics: [SummaryMetric], checks: [CheckTotals], limits: [LimitState], seconds: Double
  ) {
    self.metrics = metrics
    self.checks = checks
    self.limits = limits
    self.seconds = seconds
  }

  public func json() -> JSONValue {
    var data = JSONObject()
    data["root_group"] = SummaryGroup(checks).json()
    data["options"] = .object([
      "summaryTrendStats": .array(trendStats.map { .string($0) }),
      "summaryTimeUnit": .string(""), "noColor": .bool(false),
    ])
    data["state"] = .object([
      "isStdOutTTY": .bool(isStdOutTTY), "isStdErrTTY": .bool(isStdErrTTY),
      "testRunDurationMs": .double(seconds * 1_000),
    ])
    var members = JSONObject()
    for metric in metrics {
      members.members.append((key: metric.name, value: .object(json(metric))))
    }
    data["metrics"] = .object(members)
    if let setupData { data["setup_data"] = setupData }
    return .object(data)
  }

  private func json(_ metric: SummaryMetric) -> JSONObject {
    var object = JSONObject()
    let (type, values) = content(metric)
    object["type"] = .string(type)
    let contains =
      switch metric.unit {
      case .plain: "default"
      case .time: "time"
      case .bytes: "data"
      }
    object["contains"] = .string(contains)
    object["values"] = .object(values)
    var thresholds = JSONObject()
    for state in limits {
      guard let threshold = state.limit.threshold, threshold.metric == metric.name else {
        continue
      }
      thresholds[threshold.expression] = .object(["ok": .bool(!state.breached)])
    }
    if !thresholds.members.isEmpty { object["thresholds"] = .object(thresholds) }
    return object
  }

  private func content(_ metric: SummaryMetric) -> (String, JSONObject) {
    switch metric.content {
    case .counter(let total):
      let rate = seconds > 0 ? total / seconds : 0
      return ("counter", ["count": Self.number(total), "rate": .double(rate)])
    case .rate(let yes, let no):
      let rate = yes + no > 0 ? Double(yes) / Double(yes + no) : 0
      return ("rate", ["rate": .double(rate), "passes": .int(yes), "fails": .int(no)])
    case .gauge(let value, let min, let max):
      return (
        "gauge",
        ["value": Self.number(value), "min": Self.number(min), "max": Self.number(max)]
      )
    case .trend(let values):
      var members = JSONObject()
      for name in trendStats {
        guard let method = try? ThresholdExpression.method(name) else { continue }
        let reading = MetricReading.distribution(values)
        switch method {
        case .rate, .value: continue
        default:
          members[name] = Self.number(reading.value(method.statistic, seconds: seconds) ?? 0)
        }
      }
      return ("trend", members)
    }
  }

  /// Whole numbers without a fraction, as JavaScript would write them.
  private static func number(_ value: Double) -> JSONValue {
    guard let integer = Int64(exactly: value), integer.magnitude < 1 << 53 else {
      return .double(value)
    }
    return .int(integer)
  }
}

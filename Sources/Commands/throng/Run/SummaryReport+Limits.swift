import Coordinator

extension SummaryReport {
  /// A limit, shown under the metric that it is on.
  struct Limit: Equatable {
    var metric: String
    /// E.g. `p(95)<500 p(95)=312ms`.
    var text: String
    var breached: Bool
  }

  /// The metrics' lines, sorted by name, each with its limits below. A metric that has limits but
  /// no line of its own gets its name alone.
  func lines(of metrics: [(name: String, text: String)]) -> [String] {
    var all = metrics.map { (name: $0.name, text: $0.text as String?) }
    var named = Set(metrics.map(\.name))
    for limit in limits where named.insert(limit.metric).inserted {
      all.append((name: limit.metric, text: nil))
    }
    var lines: [String] = []
    for metric in all.sorted(by: { $0.name < $1.name }) {
      let dots = Self.nameWidth - metric.name.count
      switch metric.text {
      case let text? where dots >= 0:
        let filling = String(repeating: ".", count: max(2, dots))
        lines.append("     \(metric.name)\(filling): \(text)")
      case let text?:
        // The columns of a line hold no name that carries a selector.
        lines.append("     \(metric.name)")
        lines.append("       \(text)")
      case nil: lines.append("     \(metric.name)")
      }
      for limit in limits where limit.metric == metric.name {
        lines.append("       \(limit.breached ? "✗" : "✓") \(limit.text)")
      }
    }
    return lines
  }

  /// Takes over limits, and what scripts have recorded.
  mutating func add(_ metrics: [SummaryMetric], limits states: [LimitState]) {
    for metric in metrics where metric.isCustom || metric.name.contains("{") { add(metric) }
    limits = states.map { Limit(SummaryLimit($0, metrics: metrics)) }
  }

  private mutating func add(_ metric: SummaryMetric) {
    switch metric.content {
    case .counter(let value):
      counters.append(
        Counter(
          name: metric.name, value: value, unit: metric.unit == .bytes ? .bytes : .plain))
    case .rate(let yes, let no): rates.append(Rate(name: metric.name, yes: yes, no: no))
    case .gauge(let value, let min, let max):
      gauges.append(Gauge(name: metric.name, value: value, min: min, max: max))
    case .trend(let values):
      timings.append(Timing(metric, values))
    }
  }
}

extension SummaryReport.Limit {
  init(_ limit: SummaryLimit) {
    var text = limit.expression
    if let measured = limit.measured {
      text += " \(limit.statistic)=\(Self.amount(measured, limit.unit))"
    } else {
      text += " (not measured)"
    }
    self.init(metric: limit.metric, text: text, breached: limit.breached)
  }

  private static func amount(_ value: Double, _ unit: SummaryLimit.Unit) -> String {
    switch unit {
    case .plain: SummaryReport.decimal(value, 2)
    case .milliseconds: SummaryReport.duration(micros: value * 1_000)
    case .bytes: SummaryReport.bytes(value)
    case .share: SummaryReport.decimal(value * 100, 2) + "%"
    }
  }
}

extension SummaryReport.Timing {
  /// Times are microseconds here, and milliseconds there.
  init(_ metric: SummaryMetric, _ values: MetricReading.Values) {
    let factor = metric.unit == .time ? 1_000.0 : 1
    self.init(
      name: metric.name, avg: values.mean * factor, min: values.min * factor,
      med: values.percentile(50) * factor, max: values.max * factor,
      p90: values.percentile(90) * factor, p95: values.percentile(95) * factor,
      unit: metric.unit == .time ? .time : metric.unit == .bytes ? .bytes : .plain)
  }
}

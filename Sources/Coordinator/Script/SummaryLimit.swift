import Shared

/// A limit as a summary shows it, under the metric that it is on. Pure.
public struct SummaryLimit: Sendable, Equatable {
  public enum Unit: Sendable { case plain, milliseconds, bytes, share }

  /// Name of the metric, as k6 has it where it has one.
  public var metric: String
  /// What must hold, e.g. `p(95)<500`.
  public var expression: String
  /// What was measured, e.g. `p(95)`.
  public var statistic: String
  /// Nil when nothing was.
  public var measured: Double?
  public var unit: Unit
  public var breached: Bool

  public init(
    metric: String, expression: String, statistic: String, measured: Double?, unit: Unit,
    breached: Bool
  ) {
    self.metric = metric
    self.expression = expression
    self.statistic = statistic
    self.measured = measured
    self.unit = unit
    self.breached = breached
  }

  /// - Parameter metrics: of the same execution, for the units of those of scripts.
  public init(_ state: LimitState, metrics: [SummaryMetric]) {
    let limit = state.limit
    measured = state.measured
    breached = state.breached
    unit = Self.unit(limit, metrics)
    if let threshold = limit.threshold {
      metric = threshold.metric
      expression = threshold.expression
      statistic = String(expression.prefix { !"<>=!".contains($0) })
      while statistic.last?.isWhitespace ?? false { statistic.removeLast() }
    } else {
      var name = Self.names[limit.metric] ?? limit.metric
      if limit.namespace != MetricDefinition.systemNamespace { name = limit.metric }
      if let resource = limit.resource { name += " of \(resource)" }
      if let region = limit.region { name += " in \(region)" }
      metric = name
      statistic = limit.statistic.rawValue
      expression = "\(statistic)\(limit.op.rawValue)\(LimitNumber.text(limit.value))"
    }
  }

  /// Our metrics by the names of the summary.
  private static let names: [String: String] = [
    MetricDefinition.dnsLookupMs.name: "dns_lookup",
    MetricDefinition.connectionOpenMs.name: "connecting",
    MetricDefinition.tlsHandshakeMs.name: "tls_handshaking",
    MetricDefinition.firstReceivedMs.name: "http_req_waiting",
    MetricDefinition.connectionCloseMs.name: "http_req_duration",
    MetricDefinition.iterationDurationMs.name: "iteration_duration",
    MetricDefinition.bytesSent.name: "data_sent",
    MetricDefinition.bytesReceived.name: "data_received",
    MetricDefinition.failure.name: "http_req_failed",
    LimitMetric.results: "http_reqs",
    LimitMetric.clients: "vus_max",
  ]

  private static func unit(_ limit: TestLimit, _ metrics: [SummaryMetric]) -> Unit {
    if limit.statistic == .count, limit.namespace != MetricDefinition.systemNamespace {
      return .plain
    }
    guard limit.namespace == MetricDefinition.systemNamespace else {
      guard let metric = metrics.first(where: { $0.name == limit.metric }) else { return .plain }
      if case .rate = metric.content { return .share }
      return switch metric.unit {
      case .plain: .plain
      case .time: .milliseconds
      case .bytes: .bytes
      }
    }
    guard let metric = LimitMetric.named(limit.metric) else { return .plain }
    switch (metric.kind, limit.statistic) {
    case (.share, .rate), (.sharedCounter, .rate): return .share
    case (.distribution, .count): return .plain
    default: break
    }
    return switch metric.units {
    case "ms": .milliseconds
    case "bytes": .bytes
    default: .plain
    }
  }
}

import Shared

/// The statistics of a distribution, in the units of its metric.
public struct Distribution: Sendable, Equatable {
  public var count: Int64
  public var mean: Double
  public var min: Double
  public var max: Double
  public var sum: Double
  /// Of the population.
  public var variance: Double
  public var standardDeviation: Double
  public var p50: Double
  public var p90: Double
  public var p95: Double
  public var p99: Double
  public var p999: Double
  /// The latest reading, of a Metered that keeps it.
  public var last: Double?

  /// - Parameter scale: how many recorded units make one of the metric's, e.g. 1,000 µs in a ms.
  public init(_ histogram: LatencyHistogram, scale: Double) {
    let percentiles = histogram.percentiles([0.5, 0.9, 0.95, 0.99, 0.999])
    count = histogram.count
    mean = Self.rounded(histogram.mean / scale)
    min = Double(histogram.min) / scale
    max = Double(histogram.max) / scale
    sum = Double(histogram.sum) / scale
    variance = Self.rounded(histogram.variance / scale / scale)
    standardDeviation = Self.rounded(histogram.standardDeviation / scale)
    p50 = Self.rounded(percentiles[0] / scale)
    p90 = Self.rounded(percentiles[1] / scale)
    p95 = Self.rounded(percentiles[2] / scale)
    p99 = Self.rounded(percentiles[3] / scale)
    p999 = Self.rounded(percentiles[4] / scale)
  }

  /// Of a custom metric.
  public init(_ values: ValueDistribution, withLast: Bool = false) {
    let percentiles = values.percentiles([0.5, 0.9, 0.95, 0.99, 0.999])
    count = values.count
    mean = Self.rounded(values.mean)
    min = values.min
    max = values.max
    sum = values.sum
    variance = Self.rounded(values.variance)
    standardDeviation = Self.rounded(values.variance.squareRoot())
    p50 = Self.rounded(percentiles[0])
    p90 = Self.rounded(percentiles[1])
    p95 = Self.rounded(percentiles[2])
    p99 = Self.rounded(percentiles[3])
    p999 = Self.rounded(percentiles[4])
    if withLast { last = values.last?.value }
  }

  /// Six decimals: enough for a thousandth of a microsecond, and short to read.
  private static func rounded(_ value: Double) -> Double {
    let scaled = value * 1_000_000
    // Beyond 2⁵³ there is no fraction to cut.
    return scaled.magnitude < 9e15 ? scaled.rounded() / 1_000_000 : value
  }

  /// The statistics under the names that the API gives them, in its order.
  public var statistics: [(name: String, value: Double)] {
    [
      ("mean", mean), ("min", min), ("max", max), ("sum", sum), ("var", variance),
      ("sd", standardDeviation), ("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99),
      ("p999", p999),
    ] + (last.map { [("last", $0)] } ?? [])
  }
}

/// One metric of an aggregate.
public struct MetricValue: Sendable {
  public enum Content: Sendable {
    /// Of a Counter.
    case counter(Double)
    /// Of a Histogram, the most frequent key first.
    case keys([(key: String, count: Int64)])
    /// Of a Timing or a Metered.
    case distribution(Distribution)
  }

  public var definition: MetricDefinition
  public var content: Content

  public init(_ definition: MetricDefinition, _ content: Content) {
    self.definition = definition
    self.content = content
  }
}

extension Aggregate {
  /// All metrics that have a value, in the order of `MetricDefinition.all`, then the custom ones.
  /// Counters of requests always have one.
  public func metrics() -> [MetricValue] {
    MetricDefinition.all.compactMap(metric) + customMetrics
  }

  /// One metric; nil when nothing of it was recorded, or the aggregate knows no such metric.
  public func metric(_ definition: MetricDefinition) -> MetricValue? {
    guard let content = content(definition) else { return customMetric(definition) }
    return MetricValue(definition, content)
  }

  private func content(_ definition: MetricDefinition) -> MetricValue.Content? {
    switch definition {
    case .httpResponseCode:
      keys(requests.statuses.entries.map { (key: String($0.key), count: $0.count) })
    case .httpMethod: keys(methods)
    case .httpContentType: keys(contentTypes)
    case .errorReason:
      keys(
        requests.errors.entries.map { entry in
          let reason = UInt8(exactly: entry.key).flatMap(ErrorReason.init(rawValue:)) ?? .other
          return (key: reason.name, count: entry.count)
        })
    case .dnsLookupMs: timing(dnsLookup)
    case .connectionOpenMs: timing(connectionOpen)
    case .tlsHandshakeMs: timing(tlsHandshake)
    case .firstReceivedMs: timing(firstReceived)
    case .connectionCloseMs: timing(connectionClose)
    case .bytesSent: .counter(Double(bytesSent))
    case .bytesReceived: .counter(Double(bytesReceived))
    case .bandwidth: .counter(Double(bandwidth))
    case .dataPacketsSent: .counter(Double(requests.packetsSent))
    case .dataPacketsReceived: .counter(Double(requests.packetsReceived))
    case .success: .counter(Double(successes))
    case .failure: .counter(Double(failures))
    case .iterationDurationMs: timing(iterationDuration)
    case .iterationIntendedDurationMs: timing(intendedDuration)
    case .droppedIterations: hasArrivals ? .counter(Double(droppedIterations)) : nil
    case .tickLatencyMs: timing(tickLatency)
    case .cpu: runs.cpu.count > 0 ? .distribution(Distribution(runs.cpu, scale: 10)) : nil
    case .memory: runs.memory.count > 0 ? .distribution(Distribution(runs.memory, scale: 1)) : nil
    default: nil
    }
  }

  /// Bytes sent and received together.
  public var bandwidth: Int64 {
    let (sum, overflow) = bytesSent.addingReportingOverflow(bytesReceived)
    return overflow ? .max : sum
  }

  /// Whether an arrival rate asked for iterations.
  private var hasArrivals: Bool { intendedDuration.count > 0 || droppedIterations > 0 }

  private func timing(_ histogram: LatencyHistogram) -> MetricValue.Content? {
    histogram.count > 0 ? .distribution(Distribution(histogram, scale: 1_000)) : nil
  }

  private func keys(_ counts: [(key: String, count: Int64)]) -> MetricValue.Content? {
    guard !counts.isEmpty else { return nil }
    return .keys(counts.sorted { ($1.count, $0.key) < ($0.count, $1.key) })
  }
}

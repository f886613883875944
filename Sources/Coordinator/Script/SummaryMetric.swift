import Shared

/// A metric as summaries in the manner of k6 show it, under the name that k6 gives it. Pure.
public struct SummaryMetric: Sendable {
  public enum Content: Sendable {
    case counter(Double)
    /// Something that is yes or no each time.
    case rate(yes: Int64, no: Int64)
    case trend(MetricReading.Values)
    /// A level: the latest, and its bounds.
    case gauge(value: Double, min: Double, max: Double)
  }

  /// What its values are: numbers, milliseconds or bytes.
  public enum Unit: Sendable { case plain, time, bytes }

  public var name: String
  public var unit: Unit
  public var content: Content
  /// Whether a script has recorded it.
  public var isCustom: Bool

  public init(_ name: String, _ content: Content, unit: Unit = .plain, isCustom: Bool = false) {
    self.name = name
    self.content = content
    self.unit = unit
    self.isCustom = isCustom
  }
}

extension SummaryMetric {
  /// All metrics of an execution, sorted by name: those that k6 has, as far as anything of them
  /// was recorded, those of the script, and the parts that thresholds ask for.
  ///
  /// - Parameter users: clients of the execution.
  public static func all(
    _ aggregator: IntervalAggregator, limits: [LimitState], users: Int
  ) -> [SummaryMetric] {
    let total = aggregator.merged()
    var metrics = system(total, users: users) + custom(total)
    var known = Set(metrics.map(\.name))
    let resources = Dictionary(
      aggregator.resources().compactMap { id in aggregator.text(of: id).map { ($0, id) } },
      uniquingKeysWith: { first, _ in first })
    for limit in limits.map(\.limit) {
      guard let threshold = limit.threshold, known.insert(threshold.metric).inserted else {
        continue
      }
      metrics.append(part(threshold, limit, resources, aggregator))
    }
    return metrics.sorted { $0.name < $1.name }
  }

  /// What k6 records by itself. Which of ours stands for which is said in `BuiltInMetric`.
  static func system(_ total: Aggregate, users: Int) -> [SummaryMetric] {
    let (most, active) = (Double(users), Double(total.maxConcurrentClients))
    var metrics = [
      SummaryMetric("iterations", .counter(Double(total.iterations))),
      SummaryMetric("data_sent", .counter(Double(total.bytesSent)), unit: .bytes),
      SummaryMetric("data_received", .counter(Double(total.bytesReceived)), unit: .bytes),
      // At the end there are none any more; k6 tells the last that it saw.
      SummaryMetric("vus", .gauge(value: active, min: 0, max: active)),
      SummaryMetric("vus_max", .gauge(value: most, min: most, max: most)),
    ]
    if total.iterationDuration.count > 0 {
      metrics.append(timing("iteration_duration", total.iterationDuration))
    }
    let passes = total.checks.reduce(Int64(0)) { $0.plus($1.passes) }
    let fails = total.checks.reduce(Int64(0)) { $0.plus($1.fails) }
    if passes.plus(fails) > 0 { metrics.append(.init("checks", .rate(yes: passes, no: fails))) }
    return total.count > 0 ? metrics + requests(total) : metrics
  }

  private static func requests(_ total: Aggregate) -> [SummaryMetric] {
    [
      SummaryMetric("http_reqs", .counter(Double(total.sent))),
      SummaryMetric("http_req_failed", .rate(yes: total.sentFailures, no: total.successes)),
      timing("http_req_blocked", total.connectionOpen),
      timing("http_req_connecting", total.connectionOpen),
      timing("http_req_tls_handshaking", total.tlsHandshake),
      timing("http_req_waiting", total.firstReceived),
      timing("http_req_duration", total.connectionClose),
    ]
  }

  private static func timing(_ name: String, _ histogram: LatencyHistogram) -> SummaryMetric {
    SummaryMetric(name, .trend(.init(histogram, scale: 1_000)), unit: .time)
  }

  /// What scripts have recorded, in whichever namespace.
  public static func custom(_ total: Aggregate) -> [SummaryMetric] {
    total.metrics().filter { $0.definition.namespace != MetricDefinition.systemNamespace }
      .compactMap { metric in
        let unit: Unit =
          switch metric.definition.units {
          case "ms": .time
          case "bytes": .bytes
          default: .plain
          }
        return content(MetricReading(metric)).map {
          SummaryMetric(metric.definition.name, $0, unit: unit, isCustom: true)
        }
      }
  }

  /// A part of a metric that a threshold asks for: that of one resource, or one of which nothing
  /// was recorded.
  private static func part(
    _ threshold: TestLimit.Threshold, _ limit: TestLimit, _ resources: [String: NameID],
    _ aggregator: IntervalAggregator
  ) -> SummaryMetric {
    var reading: MetricReading?
    if let id = limit.resource.flatMap({ resources[$0] }) {
      reading = aggregator.merged(resource: id).systemReading(limit.metric)
    }
    let builtIn = (try? ThresholdMetric(threshold.metric)).flatMap {
      BuiltInMetric.named($0.name)
    }
    let metric = LimitMetric.named(limit.metric)
    let unit: Unit =
      switch metric?.units {
      case "ms": .time
      case "bytes": .bytes
      default: builtIn?.kind == .trend ? .time : .plain
      }
    let nothing = empty(builtIn?.kind ?? kind(limit.statistic))
    // A part of failures is a rate, although ours is counted, too.
    if builtIn?.kind == .rate, case .sharedCounter(let yes, let all)? = reading {
      return SummaryMetric(threshold.metric, .rate(yes: yes, no: all - yes))
    }
    return SummaryMetric(
      threshold.metric, reading.flatMap(content) ?? nothing, unit: unit,
      isCustom: builtIn == nil)
  }

  private static func kind(_ statistic: LimitStatistic) -> ThresholdExpression.MetricKind {
    switch statistic {
    case .count: .counter
    case .rate: .rate
    case .value: .gauge
    case .mean, .min, .max, .standardDeviation, .percentile: .trend
    }
  }

  private static func empty(_ kind: ThresholdExpression.MetricKind) -> Content {
    switch kind {
    case .counter: .counter(0)
    case .rate: .rate(yes: 0, no: 0)
    case .gauge: .gauge(value: 0, min: 0, max: 0)
    case .trend: .trend(.init(LatencyHistogram(), scale: 1))
    }
  }

  /// Nil for counts by key, of which k6 knows none.
  private static func content(_ reading: MetricReading) -> Content? {
    switch reading {
    case .counter(let total): .counter(total)
    case .share(let yes, let no): .rate(yes: yes, no: no)
    case .sharedCounter(let part, _): .counter(Double(part))
    case .distribution(let values):
      // Readings of a level keep the latest.
      values.last.map { .gauge(value: $0, min: values.min, max: values.max) } ?? .trend(values)
    case .level(let value, let min, let max): .gauge(value: value, min: min, max: max)
    case .keys: nil
    }
  }
}

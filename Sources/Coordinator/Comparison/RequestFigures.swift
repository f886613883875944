import Shared

/// What the requests of one resource, or of all, came to in one execution. Pure.
struct RequestFigures: Sendable {
  var count: Int64 = 0
  var failures: Int64 = 0
  /// Microseconds.
  var firstReceived = LatencyHistogram()
  var connectionClose = LatencyHistogram()

  init() {}

  init(_ totals: RequestTotals) {
    count = totals.count
    failures = totals.count - totals.successes
    firstReceived = totals.firstReceived
    connectionClose = totals.connectionClose
  }

  /// Nil of nothing.
  var errorRate: Double? { count > 0 ? Double(failures) / Double(count) : nil }
}

/// What of two executions is compared.
enum ComparedStatistic: Sendable, CaseIterable {
  case errorRate
  case mean(Latency)
  case percentile(Latency, Int)

  enum Latency: Sendable, CaseIterable {
    case firstReceived, connectionClose

    var definition: MetricDefinition {
      switch self {
      case .firstReceived: .firstReceivedMs
      case .connectionClose: .connectionCloseMs
      }
    }

    func of(_ figures: RequestFigures) -> LatencyHistogram {
      switch self {
      case .firstReceived: figures.firstReceived
      case .connectionClose: figures.connectionClose
      }
    }
  }

  static let allCases: [ComparedStatistic] =
    [.errorRate]
    + Latency.allCases.flatMap { latency in
      [.mean(latency)] + [50, 95, 99].map { .percentile(latency, $0) }
    }

  var metric: String {
    switch self {
    case .errorRate: "requests"
    case .mean(let latency), .percentile(let latency, _): latency.definition.name
    }
  }

  var name: String {
    switch self {
    case .errorRate: "errorRate"
    case .mean: "mean"
    case .percentile(_, let percent): "p\(percent)"
    }
  }

  /// In milliseconds, or a share from 0 to 1; nil where nothing was measured.
  func value(_ figures: RequestFigures) -> Double? {
    switch self {
    case .errorRate: figures.errorRate
    case .mean(let latency):
      latency.of(figures).count > 0 ? latency.of(figures).mean / 1_000 : nil
    case .percentile(let latency, let percent):
      latency.of(figures).count > 0
        ? latency.of(figures).percentile(Double(percent) / 100) / 1_000 : nil
    }
  }

  /// Of how much larger it is in `new` than in `old`, in the same units.
  func interval(
    _ old: RequestFigures, _ new: RequestFigures, confidence: Double
  ) -> ConfidenceInterval? {
    let interval: ConfidenceInterval?
    switch self {
    case .errorRate:
      return .ofShares(
        (old.failures, old.count), (new.failures, new.count), confidence: confidence)
    case .mean(let latency):
      interval = .ofMeans(latency.of(old), latency.of(new), confidence: confidence)
    case .percentile(let latency, let percent):
      interval = .ofPercentiles(
        Double(percent) / 100, latency.of(old), latency.of(new), confidence: confidence)
    }
    return interval.map { ConfidenceInterval(low: $0.low / 1_000, high: $0.high / 1_000) }
  }

  /// Changes up to this are none that matters, however small the value was before.
  var slack: Double {
    switch self {
    case .errorRate: 0.01
    case .mean, .percentile: 0
    }
  }
}

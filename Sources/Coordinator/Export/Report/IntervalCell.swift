import Shared

/// What a report's charts show of one interval: less than all that is known, since thousands of
/// intervals are put together for them.
struct IntervalCell {
  var count: Int64 = 0
  var successes: Int64 = 0
  var connectionClose = LatencyHistogram()
  var firstReceived = LatencyHistogram()
  var statuses = KeyCounts()
  var errors = KeyCounts()

  mutating func add(_ totals: RequestTotals, _ latency: LatencyMetric) {
    count += totals.count
    successes += totals.successes
    switch latency {
    case .connectionClose: connectionClose.merge(totals.connectionClose)
    case .firstReceived: firstReceived.merge(totals.firstReceived)
    }
    statuses.merge(totals.statuses)
    errors.merge(totals.errors)
  }

  var failures: Int64 { count - successes }

  func latency(_ metric: LatencyMetric) -> LatencyHistogram {
    metric == .connectionClose ? connectionClose : firstReceived
  }
}

/// Which timing of a request a report calls its response time.
enum LatencyMetric: Sendable {
  case connectionClose, firstReceived

  var name: String {
    switch self {
    case .connectionClose: MetricDefinition.connectionCloseMs.name
    case .firstReceived: MetricDefinition.firstReceivedMs.name
    }
  }

  var explanation: String {
    switch self {
    case .connectionClose: "from the start of a request to the end of its answer (\(name))"
    case .firstReceived: "from the start of a request to the first byte of its answer (\(name))"
    }
  }

  func histogram(_ totals: RequestTotals) -> LatencyHistogram {
    self == .connectionClose ? totals.connectionClose : totals.firstReceived
  }
}

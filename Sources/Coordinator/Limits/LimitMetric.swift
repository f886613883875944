import Shared

/// A metric of the system as limits know it: those of every answer, and a few more that are
/// counted rather than measured.
struct LimitMetric: Sendable, Equatable {
  enum Kind: Sendable, Equatable { case counter, share, sharedCounter, distribution, level, keys }

  var name: String
  var kind: Kind
  /// Of its values, for messages.
  var units: String?
  /// Whether it can be told for one resource alone.
  var hasResources: Bool

  // Those that are counted: requests, iterations, checks, clients.
  static let results = "results"
  static let iterations = "iterations"
  static let failedIterations = "failedIterations"
  static let droppedIterations = "droppedIterations"
  /// Checks of responses, as a share of those that passed.
  static let checks = "checks"
  /// Virtual users that are active.
  static let clients = "clients"

  static let all: [LimitMetric] =
    MetricDefinition.all.filter { $0.name != droppedIterations }.map(LimitMetric.init) + [
      LimitMetric(name: results, kind: .counter, units: "requests", hasResources: true),
      LimitMetric(name: iterations, kind: .counter, units: nil, hasResources: false),
      LimitMetric(name: failedIterations, kind: .sharedCounter, units: nil, hasResources: false),
      LimitMetric(name: droppedIterations, kind: .counter, units: nil, hasResources: false),
      LimitMetric(name: checks, kind: .share, units: nil, hasResources: false),
      LimitMetric(name: clients, kind: .level, units: nil, hasResources: false),
    ]

  /// The metric of the system with this name.
  static func named(_ name: String) -> LimitMetric? { all.first { $0.name == name } }

  private static let runMetrics: [MetricDefinition] = [
    .iterationDurationMs, .tickLatencyMs, .cpu, .memory,
  ]

  /// Whether a limit can look at this statistic of it.
  func has(_ statistic: LimitStatistic) -> Bool {
    switch (kind, statistic) {
    case (.counter, .count), (.counter, .value), (.counter, .rate): true
    case (.sharedCounter, .count), (.sharedCounter, .value), (.sharedCounter, .rate): true
    case (.share, .count), (.share, .rate): true
    case (.level, .value), (.level, .max): true
    case (.keys, .count): true
    case (.distribution, .rate), (.distribution, .value): false
    case (.distribution, _): true
    default: false
    }
  }

  /// The statistics it has, for messages.
  var statistics: String {
    switch kind {
    case .counter, .sharedCounter: "count, value, rate"
    case .share: "count, rate"
    case .level: "value, max"
    case .keys: "count"
    case .distribution: "count, mean, min, max, sd, p50, p90, p95, p99, p999 or another p<number>"
    }
  }
}

extension LimitMetric {
  private init(_ definition: MetricDefinition) {
    name = definition.name
    units = definition.units
    hasResources = !Self.runMetrics.contains(definition)
    switch definition {
    case .success, .failure: kind = .sharedCounter
    default:
      switch definition.type {
      case .counter: kind = .counter
      case .histogram: kind = .keys
      case .timing, .metered: kind = .distribution
      }
    }
  }
}

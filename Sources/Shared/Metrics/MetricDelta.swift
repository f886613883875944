/// What came to a custom metric since the batch before, within one interval.
public struct MetricDelta: Equatable, Sendable {
  public var definition: MetricDefinition
  /// What the values were recorded for; nil for none.
  public var resource: String?
  /// Start of the 10-second interval, milliseconds since the Unix epoch.
  public var intervalStartMs: Int64
  public var totals: MetricTotals

  public init(
    definition: MetricDefinition, resource: String? = nil, intervalStartMs: Int64,
    totals: MetricTotals
  ) {
    self.definition = definition
    self.resource = resource
    self.intervalStartMs = intervalStartMs
    self.totals = totals
  }
}

/// The values of a custom metric put together; of any two such, the sum.
public struct MetricTotals: Equatable, Sendable {
  /// Of a Histogram: how often each key came.
  public private(set) var keys: [String: Int64] = [:]
  /// Of the other types: of a Counter only count and sum count.
  public private(set) var values = ValueDistribution()

  public init() {}

  public init(keys: [String: Int64], values: ValueDistribution) {
    self.keys = keys
    self.values = values
  }

  public var isEmpty: Bool { keys.isEmpty && values.count == 0 }

  /// Adds to a Counter. What is not finite is left out.
  public mutating func count(_ value: Double) { values.count(value) }

  /// Records a duration of a Timing, or a reading of a Metered.
  ///
  /// - Parameter atMicros: when it was read, microseconds since the Unix epoch.
  public mutating func record(_ value: Double, atMicros: Int64) {
    values.record(value, atMicros: atMicros)
  }

  /// Adds to a key of a Histogram. Of different keys, only the first
  /// `Limits.metricKeysMax` have a count of their own; the rest goes under `(other)`.
  public mutating func count(key: String, _ number: Int64 = 1) {
    guard number > 0 else { return }
    if let known = keys[key] {
      keys[key] = known.plus(number)
    } else if keys.count < Limits.metricKeysMax || key == Self.otherKey {
      keys[key] = number
    } else {
      count(key: Self.otherKey, number)
    }
  }

  public mutating func merge(_ other: MetricTotals) {
    values.merge(other.values)
    if keys.isEmpty {
      keys = other.keys
    } else {
      for (key, number) in other.keys { count(key: key, number) }
    }
  }

  public static let otherKey = "(other)"
}

import Shared

/// All results of one test of one suite together.
public struct SuiteSummary: Sendable, Equatable {
  public var suite: String
  public var test: String
  public var passed: Int64
  public var failed: Int64
  /// Output files that belong to the test, and those of them that are images.
  public var files: Int64 = 0
  public var screenshots: Int64 = 0
  /// Nil for a check: it has none.
  public var durations: DurationStatistics?
  /// First start and last end, microseconds since the Unix epoch.
  public var firstAtMicros: Int64
  public var lastAtMicros: Int64
  /// Starts of the first and the last failed result; nil when none has failed.
  public var firstFailureAtMicros: Int64?
  public var lastFailureAtMicros: Int64?

  public var executed: Int64 { passed.plus(failed) }
  public var isCheck: Bool { durations == nil }
  public var key: SuiteTestKey { SuiteTestKey(suite: suite, test: test, isCheck: isCheck) }
}

/// What all results of one test have in common.
public struct SuiteTestKey: Hashable, Sendable {
  public var suite: String
  public var test: String
  public var isCheck: Bool
}

/// One way in which a test failed, and how often.
public struct SuiteError: Sendable, Equatable {
  public var suite: String
  public var test: String
  public var message: String
  public var count: Int64
  public var firstAtMicros: Int64
  public var lastAtMicros: Int64
  /// Where it occurred, ascending.
  public var regions: [ExecutionRegionID]
  /// The first one that occurred.
  public var example: Example
  public var isCheck = false

  public var key: SuiteTestKey { SuiteTestKey(suite: suite, test: test, isCheck: isCheck) }

  public struct Example: Sendable, Equatable {
    public var moment: ClientMoment
    public var region: ExecutionRegionID
    public var stack: String?
  }
}

/// Exact statistics of durations in microseconds.
public struct DurationStatistics: Sendable, Equatable {
  public private(set) var mean = 0.0
  public private(set) var min: Int64 = 0
  public private(set) var max: Int64 = 0
  /// Of the population.
  public private(set) var standardDeviation = 0.0
  public private(set) var p50 = 0.0
  public private(set) var p95 = 0.0
  public private(set) var p99 = 0.0

  public init(_ durations: [Int64]) {
    let sorted = durations.sorted()
    guard let first = sorted.first, let last = sorted.last else { return }
    let count = Double(sorted.count)
    mean = sorted.reduce(0) { $0 + Double($1) } / count
    let squares = sorted.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    standardDeviation = (squares / count).squareRoot()
    (min, max) = (first, last)
    p50 = Self.percentile(0.5, sorted)
    p95 = Self.percentile(0.95, sorted)
    p99 = Self.percentile(0.99, sorted)
  }

  /// Linear interpolation between the closest ranks, as for all other percentiles.
  private static func percentile(_ fraction: Double, _ sorted: [Int64]) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let rank = Int(position)
    let low = Double(sorted[rank])
    guard rank + 1 < sorted.count else { return low }
    return low + (Double(sorted[rank + 1]) - low) * (position - Double(rank))
  }
}

import Shared

/// What a metric has come to, in a form that every statistic of it can be taken from. Pure.
public enum MetricReading: Sendable {
  /// A sum.
  case counter(Double)
  /// Something that is yes or no each time.
  case share(yes: Int64, no: Int64)
  /// A sum that is a share of something at the same time, like failures of requests.
  case sharedCounter(Int64, of: Int64)
  case distribution(Values)
  /// A level: what it is now, and its bounds so far.
  case level(value: Double, min: Double, max: Double)
  /// Counts by key.
  case keys(total: Int64)

  /// Values that were recorded, in the units of the metric.
  public struct Values: Sendable {
    private enum Source: Sendable {
      case histogram(LatencyHistogram, scale: Double)
      case statistics(Distribution)
    }

    private let source: Source

    /// - Parameter scale: how many recorded units make one of the metric's.
    public init(_ histogram: LatencyHistogram, scale: Double) {
      source = .histogram(histogram, scale: scale)
    }

    /// From statistics alone: percentiles between those that are known are interpolated.
    public init(_ distribution: Distribution) { source = .statistics(distribution) }

    public var count: Int64 {
      switch source {
      case .histogram(let histogram, _): histogram.count
      case .statistics(let known): known.count
      }
    }

    public var mean: Double {
      switch source {
      case .histogram(let histogram, let scale): histogram.mean / scale
      case .statistics(let known): known.mean
      }
    }

    public var min: Double {
      switch source {
      case .histogram(let histogram, let scale): Double(histogram.min) / scale
      case .statistics(let known): known.min
      }
    }

    public var max: Double {
      switch source {
      case .histogram(let histogram, let scale): Double(histogram.max) / scale
      case .statistics(let known): known.max
      }
    }

    public var standardDeviation: Double {
      switch source {
      case .histogram(let histogram, let scale): histogram.standardDeviation / scale
      case .statistics(let known): known.standardDeviation
      }
    }

    /// The latest reading, where it is known.
    public var last: Double? {
      switch source {
      case .histogram: nil
      case .statistics(let known): known.last
      }
    }

    /// - Parameter percent: from 0 to 100.
    public func percentile(_ percent: Double) -> Double {
      switch source {
      case .histogram(let histogram, let scale): histogram.percentile(percent / 100) / scale
      case .statistics(let known): Self.interpolated(percent, known)
      }
    }

    private static func interpolated(_ percent: Double, _ known: Distribution) -> Double {
      let points = [
        (0, known.min), (50, known.p50), (90, known.p90), (95, known.p95), (99, known.p99),
        (99.9, known.p999), (100, known.max),
      ]
      for (lower, upper) in zip(points, points.dropFirst()) where percent <= upper.0 {
        return lower.1 + (upper.1 - lower.1) * (percent - lower.0) / (upper.0 - lower.0)
      }
      return known.max
    }
  }
}

extension MetricReading {
  /// One statistic; nil when the metric has no such, or nothing that it could be taken of.
  ///
  /// - Parameter seconds: what rates are over, above 0.
  public func value(_ statistic: LimitStatistic, seconds: Double) -> Double? {
    switch self {
    case .counter(let total): Self.counter(total, statistic, seconds)
    case .share(let yes, let no):
      switch statistic {
      case .rate: yes.plus(no) > 0 ? Double(yes) / Double(yes.plus(no)) : nil
      case .count: Double(yes.plus(no))
      default: nil
      }
    case .sharedCounter(let part, let whole):
      statistic == .rate
        ? (whole > 0 ? Double(part) / Double(whole) : nil)
        : Self.counter(Double(part), statistic, seconds)
    case .distribution(let values): Self.distribution(values, statistic)
    case .level(let value, let min, let max):
      switch statistic {
      case .value: value
      case .min: min
      case .max: max
      default: nil
      }
    case .keys(let total): statistic == .count ? Double(total) : nil
    }
  }

  private static func counter(
    _ total: Double, _ statistic: LimitStatistic, _ seconds: Double
  ) -> Double? {
    switch statistic {
    case .count, .value: total
    case .rate: seconds > 0 ? total / seconds : nil
    default: nil
    }
  }

  private static func distribution(_ values: Values, _ statistic: LimitStatistic) -> Double? {
    if statistic == .count { return Double(values.count) }
    guard values.count > 0 else { return nil }
    return switch statistic {
    case .mean: values.mean
    case .min: values.min
    case .max: values.max
    case .standardDeviation: values.standardDeviation
    case .percentile(let percent): values.percentile(percent)
    case .value: values.last
    case .count, .rate: nil
    }
  }
}

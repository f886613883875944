extension LatencyHistogram {
  /// The mean, 0 while nothing is recorded.
  public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The population variance: n·Σx² − (Σx)², over n², in integers as far as they reach.
  public var variance: Double {
    guard count > 0 else { return 0 }
    let number = UInt128(count)
    let (scaledSquares, first) = sumOfSquares.multipliedReportingOverflow(by: number)
    let (squaredSum, second) = sum.multipliedReportingOverflow(by: sum)
    // Squares that are less than they can be were made up.
    if !first, !second, scaledSquares >= squaredSum {
      return Double(scaledSquares - squaredSum) / Double(count) / Double(count)
    }
    return Swift.max(0, Double(sumOfSquares) / Double(count) - mean * mean)
  }

  /// The population standard deviation.
  public var standardDeviation: Double { variance.squareRoot() }

  /// The value below which the share `fraction`, from 0 to 1, of all values lies: linear
  /// interpolation between the closest ranks, at rank `fraction × (count − 1)`. Exact while the
  /// values are few, then at most 0.39 % off what they themselves would give.
  public func percentile(_ fraction: Double) -> Double { percentiles([fraction])[0] }

  /// Several percentiles in one pass; `fractions` ascend.
  public func percentiles(_ fractions: [Double]) -> [Double] {
    guard count > 0 else { return fractions.map { _ in 0 } }
    var results: [Double] = []
    results.reserveCapacity(fractions.count)
    var walker = RankWalker(self)
    for fraction in fractions {
      let position = Swift.max(0, Swift.min(1, fraction)) * Double(count - 1)
      let lower = Int64(saturating: position)
      let low = walker.value(atRank: lower)
      let share = position - Double(lower)
      // The walker only moves on: looking one rank ahead must not move it.
      var ahead = walker
      let high = share > 0 ? ahead.value(atRank: lower.plus(1)) : low
      results.append(low + (high - low) * share)
    }
    return results
  }

  /// Finds the values of ascending ranks, counted from 0.
  private struct RankWalker {
    private let values: [Int64]?
    private let buckets: [(bucket: Int, count: Int64)]
    private let count: Int64
    private let min: Int64
    private let max: Int64
    private var index = 0
    /// Values in the buckets before `index`.
    private var passed: Int64 = 0

    init(_ histogram: LatencyHistogram) {
      values = histogram.exactValues
      var buckets: [(bucket: Int, count: Int64)] = []
      histogram.forEachBucket { buckets.append(($0, $1)) }
      self.buckets = buckets
      count = histogram.count
      min = histogram.min
      max = histogram.max
    }

    mutating func value(atRank rank: Int64) -> Double {
      if rank <= 0 { return Double(min) }
      if rank >= count - 1 { return Double(max) }
      if let values { return Double(values[Int(rank)]) }
      while index < buckets.count - 1, passed.plus(buckets[index].count) <= rank {
        passed = passed.plus(buckets[index].count)
        index += 1
      }
      let middle = LatencyHistogram.representative(of: buckets[index].bucket)
      return Swift.max(Double(min), Swift.min(Double(max), middle))
    }
  }
}

import Glibc
import Shared

/// Bounds between which a value lies with some confidence. Pure.
///
/// All of them take results for independent of each other. Those of a load test are so only in
/// part, which makes intervals a little too narrow: a reason to look for a change that matters, not
/// only for one that is significant.
struct ConfidenceInterval: Equatable, Sendable {
  var low: Double
  var high: Double

  var excludesZero: Bool { low > 0 || high < 0 }

  /// Whether all of it is at most `bound` away from 0.
  func isWithin(_ bound: Double) -> Bool { low >= -bound && high <= bound }
}

extension ConfidenceInterval {
  /// How much larger the mean of `new` is than that of `old` (Welch 1947, with the degrees of
  /// freedom after Satterthwaite); nil when one of them has fewer than two values.
  static func ofMeans(
    _ old: LatencyHistogram, _ new: LatencyHistogram, confidence: Double
  ) -> ConfidenceInterval? {
    guard old.count > 1, new.count > 1 else { return nil }
    let change = new.mean - old.mean
    let (first, second) = (squaredError(old), squaredError(new))
    let squared = first + second
    // Values that are all the same leave no doubt.
    guard squared > 0 else { return ConfidenceInterval(low: change, high: change) }
    let degrees =
      squared * squared
      / (first * first / Double(old.count - 1) + second * second / Double(new.count - 1))
    let reach =
      Quantile.student(upperTail: (1 - confidence) / 2, degrees: degrees) * squared.squareRoot()
    return ConfidenceInterval(low: change - reach, high: change + reach)
  }

  /// Variance of the mean: that of the sample over its size.
  private static func squaredError(_ values: LatencyHistogram) -> Double {
    values.variance / Double(values.count - 1)
  }

  /// How much larger a percentile of `new` is than that of `old`; nil when one of them has too few
  /// values to bound the percentile on both sides.
  static func ofPercentiles(
    _ fraction: Double, _ old: LatencyHistogram, _ new: LatencyHistogram, confidence: Double
  ) -> ConfidenceInterval? {
    guard let first = ofPercentile(fraction, old, confidence: confidence),
      let second = ofPercentile(fraction, new, confidence: confidence)
    else { return nil }
    return ofDifference(
      old.percentile(fraction), first, new.percentile(fraction), second)
  }

  /// Of one percentile, between two of the ordered values: how many values lie below it is
  /// binomial (Conover, Practical Nonparametric Statistics, 3.2, in its normal approximation).
  static func ofPercentile(
    _ fraction: Double, _ values: LatencyHistogram, confidence: Double
  ) -> ConfidenceInterval? {
    let count = Double(values.count)
    let z = Quantile.normal(upperTail: (1 - confidence) / 2)
    let reach = z * (count * fraction * (1 - fraction)).squareRoot()
    // Places among the ordered values, from 1.
    let low = (count * fraction - reach).rounded(.up)
    let high = (count * fraction + reach).rounded(.up)
    guard count > 1, low >= 1, high <= count else { return nil }
    let bounds = values.percentiles([(low - 1) / (count - 1), (high - 1) / (count - 1)])
    let estimate = values.percentile(fraction)
    // Interpolation and ranks round differently, by a fraction of a place.
    return ConfidenceInterval(low: min(bounds[0], estimate), high: max(bounds[1], estimate))
  }

  /// Of a share (Wilson 1927); nil of nothing.
  static func ofShare(_ hits: Int64, of count: Int64, confidence: Double) -> ConfidenceInterval? {
    guard count > 0 else { return nil }
    let z = Quantile.normal(upperTail: (1 - confidence) / 2)
    let (n, share) = (Double(count), Double(hits) / Double(count))
    let middle = share + z * z / (2 * n)
    let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return ConfidenceInterval(
      low: hits == 0 ? 0 : max(0, (middle - reach) / scale),
      high: hits == count ? 1 : min(1, (middle + reach) / scale))
  }

  /// How much larger the share of `new` is (Newcombe 1998, method 10).
  static func ofShares(
    _ old: (hits: Int64, count: Int64), _ new: (hits: Int64, count: Int64), confidence: Double
  ) -> ConfidenceInterval? {
    guard let first = ofShare(old.hits, of: old.count, confidence: confidence),
      let second = ofShare(new.hits, of: new.count, confidence: confidence)
    else { return nil }
    return ofDifference(
      Double(old.hits) / Double(old.count), first, Double(new.hits) / Double(new.count), second)
  }

  /// Of the difference of two independent estimates, from an interval of each: the distances to
  /// the bounds add up in squares (Zou and Donner 2008).
  private static func ofDifference(
    _ old: Double, _ first: ConfidenceInterval, _ new: Double, _ second: ConfidenceInterval
  ) -> ConfidenceInterval {
    let change = new - old
    return ConfidenceInterval(
      low: change - hypot(new - second.low, first.high - old),
      high: change + hypot(second.high - new, old - first.low))
  }
}

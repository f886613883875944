import Glibc

/// Values that a random variable exceeds with a small probability. Pure.
enum Quantile {
  /// Of the standard normal distribution.
  ///
  /// - Parameter tail: the probability, above 0 and below 0.5.
  static func normal(upperTail tail: Double) -> Double {
    root(of: tail) { 0.5 * erfc($0 / 2.0.squareRoot()) }
  }

  /// Of Student's t distribution.
  ///
  /// - Parameters:
  ///   - tail: the probability, above 0 and below 0.5.
  ///   - degrees: of freedom, at least 1; may be a fraction.
  static func student(upperTail tail: Double, degrees: Double) -> Double {
    guard degrees < 200 else { return cornishFisher(normal(upperTail: tail), degrees) }
    return root(of: tail) { t in
      0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }
  }

  /// Expansion of the quantile around the normal one, good to 7 digits from 200 degrees on:
  /// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
  private static func cornishFisher(_ z: Double, _ degrees: Double) -> Double {
    let square = z * z
    let first = z * (square + 1) / 4
    let second = z * ((5 * square + 16) * square + 3) / 96
    let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
    return z + (first + (second + third / degrees) / degrees) / degrees
  }

  /// Where a falling function of positive numbers reaches `target`, by bisection.
  private static func root(of target: Double, _ function: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while function(high) > target, high < 1e12 { (low, high) = (high, high * 2) }
    while true {
      let middle = (low + high) / 2
      // Neighbouring doubles have none between them.
      guard middle > low, middle < high else { return middle }
      if function(middle) > target { low = middle } else { high = middle }
    }
  }

  /// The regularized incomplete beta function I_x(a, b), by its continued fraction: NIST Digital
  /// Library of Mathematical Functions, 8.17.22.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side only.
    guard x < (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
    let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
    return exp(logFront) / a * betaFraction(x, a, b)
  }

  /// Evaluates the fraction from its front (Lentz's method).
  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / bounded(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...1_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      for numerator in [even, odd] {
        d = 1 / bounded(1 + numerator * d)
        c = bounded(1 + numerator / c)
        result *= d * c
      }
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }

  /// `lgamma` proper tells the sign through a variable that all threads share.
  private static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}

// Arithmetic on numbers from outside. Where a sum or a conversion does not fit, the nearest number
// that does stands for it: Swift's own operators end the process, and every test with it.

extension FixedWidthInteger {
  /// The nearest integer to `value` towards zero; 0 for what is not a number.
  @inlinable
  public init(saturating value: Double) {
    if let whole = Self(exactly: value.rounded(.towardZero)) {
      self = whole
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }

  /// The sum, or the nearest integer to it.
  @inlinable
  public func plus(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest integer to it.
  @inlinable
  public func minus(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The product, or the nearest integer to it.
  @inlinable
  public func times(_ other: Self) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) != (other < 0) ? .min : .max) : product
  }
}

/// A distribution of any finite numbers, negative and fractional ones included.
///
/// Count, sum, minimum and maximum are those of the doubles themselves. Percentiles come from a
/// histogram of thousandths, in which negative values count as 0 and values above 4.3 billion as
/// that: a percentile is then drawn into the range from minimum to maximum, so that it is exact
/// when all values agree, and never outside of what was seen.
public struct ValueDistribution: Equatable, Sendable {
  /// A value and when it was read, microseconds since the Unix epoch.
  public struct Reading: Equatable, Sendable {
    public var value: Double
    public var atMicros: Int64

    public init(value: Double, atMicros: Int64) {
      self.value = value
      self.atMicros = atMicros
    }
  }

  public private(set) var count: Int64 = 0
  public private(set) var sum: Double = 0
  /// Smallest and largest value; 0 while there is none.
  public private(set) var min: Double = 0
  public private(set) var max: Double = 0
  /// Sum of the squared deviations from the mean, kept as Welford (1962) does, which loses no
  /// digits where all values are large and close together.
  public private(set) var squaredDeviations: Double = 0
  public private(set) var thousandths = LatencyHistogram()
  /// The latest value by its time.
  public private(set) var last: Reading?

  public init() {}

  /// Takes over what a decoder has read; nil when that cannot be.
  init?(
    count: Int64, sum: Double, min: Double, max: Double, squaredDeviations: Double,
    thousandths: LatencyHistogram, last: Reading?
  ) {
    let numbers = [sum, min, max, squaredDeviations, last?.value ?? 0]
    guard count >= 0, min <= max, squaredDeviations >= 0, numbers.allSatisfy(\.isFinite),
      thousandths.count == 0 || thousandths.count == count
    else { return nil }
    self.count = count
    self.sum = sum
    self.min = min
    self.max = max
    self.squaredDeviations = squaredDeviations
    self.thousandths = thousandths
    self.last = last
  }

  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The population variance.
  public var variance: Double { count == 0 ? 0 : squaredDeviations / Double(count) }

  /// Records a value; what is not finite is left out.
  public mutating func record(_ value: Double, atMicros: Int64) {
    guard value.isFinite else { return }
    let before = mean
    let isFirst = count == 0
    count(value)
    min = isFirst ? value : Swift.min(min, value)
    max = isFirst ? value : Swift.max(max, value)
    if !isFirst {
      squaredDeviations = Self.bounded(
        squaredDeviations + Swift.max(0, (value - before) * (value - mean)))
    }
    // Drawn in first: a double may be far beyond what an integer holds.
    let scaled = Swift.max(0, Swift.min(Double(LatencyHistogram.valueMax), value * 1_000))
    thousandths.record(Int64(scaled.rounded()))
    if last.map({ $0.atMicros <= atMicros }) ?? true {
      last = Reading(value: value, atMicros: atMicros)
    }
  }

  /// Counts a value without its place in the distribution; what is not finite is left out.
  public mutating func count(_ value: Double) {
    guard value.isFinite else { return }
    count = count.plus(1)
    sum = Self.bounded(sum + value)
  }

  /// Adds everything that `other` has recorded (Chan, Golub and LeVeque, 1979).
  public mutating func merge(_ other: ValueDistribution) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (left, right) = (Double(count), Double(other.count))
    let distance = other.mean - mean
    squaredDeviations = Self.bounded(
      squaredDeviations + other.squaredDeviations
        + distance * distance * left / (left + right) * right)
    count = count.plus(other.count)
    sum = Self.bounded(sum + other.sum)
    min = Swift.min(min, other.min)
    max = Swift.max(max, other.max)
    thousandths.merge(other.thousandths)
    if let theirs = other.last, last.map({ $0.atMicros < theirs.atMicros }) ?? true {
      last = theirs
    }
  }

  /// Several percentiles; `fractions` ascend.
  public func percentiles(_ fractions: [Double]) -> [Double] {
    thousandths.percentiles(fractions).map { Swift.max(min, Swift.min(max, $0 / 1_000)) }
  }

  /// Sums stay numbers that JSON can carry.
  private static func bounded(_ value: Double) -> Double {
    if value.isFinite { return value }
    return value < 0 ? -Double.greatestFiniteMagnitude : Double.greatestFiniteMagnitude
  }
}

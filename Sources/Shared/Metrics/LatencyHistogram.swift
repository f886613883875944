/// Counts of non-negative integers, most often microseconds: the values themselves as long as they
/// are few, then buckets of bounded relative width.
///
/// Values below 256 have a bucket each. Above, every power of two is cut into 128 buckets of equal
/// width, so that the midpoint of a bucket is at most 1/256 (0.39 %) away from any value in it.
/// Only the buckets between the smallest and the largest value seen take memory. Count, sum,
/// minimum, maximum and variance are exact.
public struct LatencyHistogram: Sendable {
  /// Larger values are recorded as this one: 2⁴², 50 days in microseconds or 4 TiB in bytes.
  public static let valueMax: Int64 = 1 << 42

  /// Values recorded.
  public private(set) var count: Int64 = 0
  /// Smallest and largest value recorded; 0 while there is none.
  public private(set) var min: Int64 = 0
  public private(set) var max: Int64 = 0
  /// The exact sum; wide, so that no number of records overflows it.
  public private(set) var sum: UInt128 = 0
  /// The exact sum of squares.
  public private(set) var sumOfSquares: UInt128 = 0

  /// Most values that are kept as they are: 800 bytes, less than the buckets of a usual spread of
  /// latencies take (five powers of two are 5 KiB).
  static let exactCountMax = 100

  /// The values, in no order, until they are more than `exactCountMax`; empty from then on.
  private var values: [Int64] = []
  /// Counts of the buckets from `firstBucket` on; empty while there are `values`.
  private var counts: [Int64] = []
  private var firstBucket = 0

  public init() {}

  /// Records one value; negative ones count as 0.
  public mutating func record(_ value: Int64) {
    let value = Swift.max(0, Swift.min(value, Self.valueMax))
    if count == 0 {
      min = value
      max = value
    } else {
      if value < min { min = value }
      if value > max { max = value }
    }
    count = count.plus(1)
    sum = sum.plus(UInt128(truncatingIfNeeded: value))
    let (high, low) = value.multipliedFullWidth(by: value)
    sumOfSquares = sumOfSquares.plus(UInt128(truncatingIfNeeded: high) << 64 | UInt128(low))
    if counts.isEmpty {
      values.append(value)
      if values.count > Self.exactCountMax { useBuckets() }
      return
    }
    let offset = Self.bucket(of: value) - firstBucket
    if offset >= 0, offset < counts.count {
      counts[offset] = counts[offset].plus(1)
    } else {
      add(1, toBucket: firstBucket + offset)
    }
  }

  /// Adds everything that `other` has recorded.
  public mutating func merge(_ other: LatencyHistogram) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    min = Swift.min(min, other.min)
    max = Swift.max(max, other.max)
    // Saturating: what a peer made up may overflow, what was recorded cannot.
    count = count.plus(other.count)
    sum = sum.plus(other.sum)
    sumOfSquares = sumOfSquares.plus(other.sumOfSquares)
    if counts.isEmpty, other.counts.isEmpty,
      values.count + other.values.count <= Self.exactCountMax
    {
      values += other.values
      return
    }
    useBuckets()
    for value in other.values { add(1, toBucket: Self.bucket(of: value)) }
    guard !other.counts.isEmpty else { return }
    cover(other.firstBucket..<(other.firstBucket + other.counts.count))
    for (index, number) in other.counts.enumerated() where number > 0 {
      let place = other.firstBucket - firstBucket + index
      counts[place] = counts[place].plus(number)
    }
  }

  private mutating func useBuckets() {
    guard !values.isEmpty else { return }
    cover(Self.bucket(of: values.min() ?? 0)..<(Self.bucket(of: values.max() ?? 0) + 1))
    for value in values { add(1, toBucket: Self.bucket(of: value)) }
    values = []
  }

  private mutating func add(_ number: Int64, toBucket bucket: Int) {
    cover(bucket..<(bucket + 1))
    counts[bucket - firstBucket] = counts[bucket - firstBucket].plus(number)
  }

  /// Makes room for the buckets of `range`.
  private mutating func cover(_ range: Range<Int>) {
    guard !counts.isEmpty else {
      firstBucket = range.lowerBound
      counts = [Int64](repeating: 0, count: range.count)
      return
    }
    if range.lowerBound < firstBucket {
      let missing = firstBucket - range.lowerBound
      counts.insert(contentsOf: repeatElement(0, count: missing), at: 0)
      firstBucket = range.lowerBound
    }
    let end = firstBucket + counts.count
    if range.upperBound > end {
      counts.append(contentsOf: repeatElement(0, count: range.upperBound - end))
    }
  }
}

extension LatencyHistogram {
  /// Values below have a bucket each.
  private static let narrowValues: Int64 = 256

  @inline(__always)
  static func bucket(of value: Int64) -> Int {
    guard value >= narrowValues else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    return 256 + (exponent - 8) * 128 + Int(value >> Int64(exponent - 7)) - 128
  }

  /// Middle of a bucket.
  static func representative(of bucket: Int) -> Double {
    guard bucket >= 256 else { return Double(bucket) }
    let (octave, step) = (bucket - 256).quotientAndRemainder(dividingBy: 128)
    let width = Int64(1) << Int64(octave + 1)
    let low = (Int64(128) + Int64(step)) * width
    return Double(low) + Double(width - 1) / 2
  }

  static let bucketsMax = bucket(of: valueMax) + 1

  /// The values in ascending order; nil when only their buckets are known.
  var exactValues: [Int64]? { counts.isEmpty ? values.sorted() : nil }

  /// Buckets that are not empty, or values.
  public var usedBuckets: Int { counts.isEmpty ? values.count : counts.count { $0 > 0 } }

  /// Calls `body` with the number of every bucket that is not empty and its count, in order.
  func forEachBucket(_ body: (Int, Int64) -> Void) {
    for (index, number) in counts.enumerated() where number > 0 {
      body(firstBucket + index, number)
    }
  }

  /// Of values that a decoder has read.
  init(values: [Int64]) {
    for value in values { record(value) }
  }

  /// Takes over what a decoder has read.
  init(
    min: Int64, max: Int64, sum: UInt128, sumOfSquares: UInt128, buckets: [(Int, Int64)]
  ) {
    self.min = min
    self.max = max
    self.sum = sum
    self.sumOfSquares = sumOfSquares
    for (bucket, number) in buckets {
      add(number, toBucket: bucket)
      count = count.plus(number)
    }
  }
}

extension LatencyHistogram: Equatable {
  /// Whether both know the same, in whatever order it was recorded.
  public static func == (left: LatencyHistogram, right: LatencyHistogram) -> Bool {
    left.count == right.count && left.min == right.min && left.max == right.max
      && left.sum == right.sum && left.sumOfSquares == right.sumOfSquares
      && left.exactValues == right.exactValues && left.bucketCounts == right.bucketCounts
  }

  private var bucketCounts: [[Int64]] {
    var all: [[Int64]] = []
    forEachBucket { all.append([Int64($0), $1]) }
    return all
  }
}

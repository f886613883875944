extension LatencyHistogram {
  /// Appends the histogram in a few bytes: gaps between the buckets in use, and their counts.
  ///
  /// Where the values themselves are known, their number follows in place of one of buckets, above
  /// all that can be one, and then the gaps between them.
  public func encode(to writer: inout VarIntWriter) {
    if let values = exactValues, !values.isEmpty {
      writer.unsigned(UInt64(Self.bucketsMax + values.count))
      var before: Int64 = 0
      for value in values {
        writer.unsigned(UInt64(value - before))
        before = value
      }
      return
    }
    var used: UInt64 = 0
    forEachBucket { _, _ in used += 1 }
    writer.unsigned(used)
    guard used > 0 else { return }
    writer.unsigned(UInt64(min))
    writer.unsigned(UInt64(max))
    writer.wide(sum)
    writer.wide(sumOfSquares)
    var before = 0
    forEachBucket { bucket, number in
      writer.unsigned(UInt64(bucket - before))
      writer.unsigned(UInt64(number))
      before = bucket
    }
  }

  /// Reads what `encode` wrote.
  public init(from reader: inout VarIntReader) throws(VarIntError) {
    let used = try reader.count(max: Self.bucketsMax + Self.exactCountMax)
    guard used > 0 else {
      self.init()
      return
    }
    guard used <= Self.bucketsMax else {
      self.init(values: try Self.values(used - Self.bucketsMax, from: &reader))
      return
    }
    let min = try reader.natural()
    let max = try reader.natural()
    let sum = try reader.wide()
    let sumOfSquares = try reader.wide()
    var buckets: [(Int, Int64)] = []
    buckets.reserveCapacity(used)
    var bucket = 0
    for _ in 0..<used {
      bucket += try reader.count(max: Self.bucketsMax - 1 - bucket)
      let number = try reader.natural()
      buckets.append((bucket, number))
    }
    guard min <= max, max <= Self.valueMax else {
      throw VarIntError("bounds of a histogram are out of range")
    }
    self.init(min: min, max: max, sum: sum, sumOfSquares: sumOfSquares, buckets: buckets)
  }

  private static func values(
    _ count: Int, from reader: inout VarIntReader
  ) throws(VarIntError) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(count)
    var value: Int64 = 0
    for _ in 0..<count {
      value = value.plus(try reader.natural())
      guard value <= valueMax else {
        throw VarIntError("a value of a histogram is out of range")
      }
      values.append(value)
    }
    return values
  }

  /// Whether one agent can have recorded this within one interval: sums are those of so many
  /// values of at most `max`.
  var isPlausible: Bool {
    guard count <= Limits.rowCountMax else { return false }
    // At most 2⁴⁰ × 2⁴² and 2⁴⁰ × 2⁸⁴.
    let sumMax = UInt128(count) * UInt128(max)
    return sum <= sumMax && sumOfSquares <= sumMax * UInt128(max)
  }
}

extension LatencyHistogram {
  /// Appends the histogram in a few bytes: gaps between the buckets in use, and their counts.
  public func encode(to writer: inout VarIntWriter) {
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
    let used = try reader.count(max: Self.bucketsMax)
    guard used > 0 else {
      self.init()
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

  /// Whether one agent can have recorded this within one interval: sums are those of so many
  /// values of at most `max`.
  var isPlausible: Bool {
    guard count <= Limits.rowCountMax else { return false }
    // At most 2⁴⁰ × 2⁴² and 2⁴⁰ × 2⁸⁴.
    let sumMax = UInt128(count) * UInt128(max)
    return sum <= sumMax && sumOfSquares <= sumMax * UInt128(max)
  }
}

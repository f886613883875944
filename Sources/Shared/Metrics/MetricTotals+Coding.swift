extension MetricTotals {
  /// Appends the totals in a few bytes, for the store.
  public func encode(to writer: inout VarIntWriter) {
    writer.unsigned(UInt64(keys.count))
    for (key, number) in keys {
      writer.text(key)
      writer.unsigned(UInt64(clamping: number))
    }
    values.encode(to: &writer)
  }

  /// Reads what `encode` wrote.
  public init(from reader: inout VarIntReader) throws(VarIntError) {
    var keys: [String: Int64] = [:]
    for _ in 0..<(try reader.count()) {
      let key = try reader.text()
      keys[key] = try reader.natural()
    }
    self.init(keys: keys, values: try ValueDistribution(from: &reader))
  }
}

extension ValueDistribution {
  func encode(to writer: inout VarIntWriter) {
    writer.unsigned(UInt64(clamping: count))
    guard count > 0 else { return }
    for number in [sum, min, max, squaredDeviations] { writer.double(number) }
    thousandths.encode(to: &writer)
    writer.unsigned(last == nil ? 0 : 1)
    if let last {
      writer.double(last.value)
      writer.signed(last.atMicros)
    }
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    let count = try reader.natural()
    guard count > 0 else {
      self.init()
      return
    }
    let sum = try reader.double()
    let min = try reader.double()
    let max = try reader.double()
    let deviations = try reader.double()
    let thousandths = try LatencyHistogram(from: &reader)
    var last: Reading?
    if try reader.unsigned() == 1 {
      let value = try reader.double()
      last = Reading(value: value, atMicros: try reader.signed())
    }
    let read = ValueDistribution(
      count: count, sum: sum, min: min, max: max, squaredDeviations: deviations,
      thousandths: thousandths, last: last)
    guard let read else { throw VarIntError("numbers of a distribution contradict each other") }
    self = read
  }
}

extension VarIntWriter {
  /// All bits of it: doubles are not shorter when they are small.
  mutating func double(_ value: Double) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }
}

extension VarIntReader {
  mutating func double() throws(VarIntError) -> Double {
    guard offset + 8 <= bytes.count else { throw VarIntError("bytes end within a number") }
    var bits: UInt64 = 0
    for index in 0..<8 { bits |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
    offset += 8
    return Double(bitPattern: bits)
  }
}

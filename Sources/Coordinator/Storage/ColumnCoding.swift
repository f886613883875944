import Shared

/// Writes columns of integers: one value when all are equal, otherwise each as a zigzag varint.
struct ColumnWriter {
  /// A section per column that is not constant; constants gather in the section before.
  private(set) var sections: [[UInt8]] = []
  private var current = VarIntWriter()

  enum Form { static let constant: UInt64 = 0, plain: UInt64 = 1 }

  /// Numbers that belong to no column.
  mutating func header(_ write: (inout VarIntWriter) -> Void) { write(&current) }

  mutating func column(_ values: [Int64]) {
    guard let first = values.first else { return }
    guard values.contains(where: { $0 != first }) else {
      current.unsigned(Form.constant)
      current.signed(first)
      return
    }
    endSection()
    current.bytes.reserveCapacity(values.count * 2)
    current.unsigned(Form.plain)
    for value in values { current.signed(value) }
    endSection()
  }

  private mutating func endSection() {
    guard !current.bytes.isEmpty else { return }
    sections.append(current.bytes)
    current = VarIntWriter()
  }

  mutating func finished() -> [[UInt8]] {
    endSection()
    return sections
  }

  /// Reads a column of `count` values.
  static func read(
    _ reader: inout VarIntReader, count: Int
  ) throws(VarIntError) -> [Int64] {
    try column(&reader, count: count).all
  }
}

/// Differences that make columns small. Each has an inverse; arithmetic wraps, so that any values
/// come back as they were.
enum ColumnModel {
  /// Each value but the first as the difference to the one before.
  static func deltas(_ values: [Int64]) -> [Int64] {
    var before: Int64 = 0
    return values.map { value in
      defer { before = value }
      return value &- before
    }
  }

  static func sums(_ deltas: [Int64]) -> [Int64] {
    var before: Int64 = 0
    return deltas.map { delta in
      before &+= delta
      return before
    }
  }

  /// Each value as the difference to the latest one with the same key; to the one before when
  /// there is none.
  static func deltas(_ values: [Int64], previous: [Int32]) -> [Int64] {
    values.indices.map { index in
      values[index] &- base(values, previous, index)
    }
  }

  static func sums(_ deltas: [Int64], previous: [Int32]) -> [Int64] {
    var values = deltas
    for index in values.indices { values[index] &+= base(values, previous, index) }
    return values
  }

  private static func base(_ values: [Int64], _ previous: [Int32], _ index: Int) -> Int64 {
    if previous[index] >= 0 { return values[Int(previous[index])] }
    return index > 0 ? values[index - 1] : 0
  }

  /// For every row, the index of the latest earlier row with the same key, −1 when there is none.
  static func previous(_ keys: [Int64]) -> [Int32] {
    var latest: [Int64: Int32] = [:]
    latest.reserveCapacity(min(keys.count, 1_024))
    return keys.indices.map { index in
      let place = latest.updateValue(Int32(index), forKey: keys[index])
      return place ?? -1
    }
  }
}

import Shared

/// A column as it was read. Most columns of most batches hold one value throughout.
enum Column {
  case constant(Int64, count: Int)
  case values([Int64])

  var all: [Int64] {
    switch self {
    case .constant(let value, let count): [Int64](repeating: value, count: count)
    case .values(let values): values
    }
  }

  /// Stores the values into a field of rows, of which there are as many.
  @inline(__always)
  func fill<Row, Value: FixedWidthInteger>(
    _ rows: inout [Row], _ set: (inout Row, Value) -> Void
  ) throws(VarIntError) {
    switch self {
    case .constant(let value, _):
      guard let value = Value(exactly: value) else { throw Self.misfit }
      for index in rows.indices { set(&rows[index], value) }
    case .values(let values):
      for index in rows.indices {
        guard let value = Value(exactly: values[index]) else { throw Self.misfit }
        set(&rows[index], value)
      }
    }
  }

  private static var misfit: VarIntError { VarIntError("a value does not fit its field") }

  /// Undoes `ColumnModel.deltas(_:previous:)`.
  func sums(previous: [Int32]) -> Column {
    if case .constant(0, _) = self { return self }
    return .values(ColumnModel.sums(all, previous: previous))
  }

  func count(of value: Int64, in range: Range<Int>) -> Int {
    switch self {
    case .constant(let constant, _): return constant == value ? range.count : 0
    case .values(let values):
      var count = 0
      for other in values[range] where other == value { count += 1 }
      return count
    }
  }
}

extension ColumnWriter {
  /// Reads a column of `count` values.
  static func column(
    _ reader: inout VarIntReader, count: Int
  ) throws(VarIntError) -> Column {
    guard count > 0 else { return .values([]) }
    switch try reader.unsigned() {
    case Form.constant: return .constant(try reader.signed(), count: count)
    case Form.plain: return .values(try reader.signed(count: count))
    case let form: throw VarIntError("column of unknown form \(form)")
    }
  }
}

extension ColumnModel {
  /// Keys within this are looked up in a table rather than hashed.
  private static let tableMax: Int64 = 1 << 16

  /// For every row, the index of the latest earlier row with the same key, −1 when there is none.
  static func previous(_ keys: Column) -> [Int32] {
    switch keys {
    case .constant(_, let count): return (0..<count).map { Int32($0) - 1 }
    case .values(let keys):
      guard let least = keys.min(), let most = keys.max(), least >= 0, most < tableMax else {
        return previous(keys)
      }
      var latest = [Int32](repeating: -1, count: Int(most) + 1)
      var places = [Int32](repeating: -1, count: keys.count)
      for index in keys.indices {
        let key = Int(keys[index])
        places[index] = latest[key]
        latest[key] = Int32(index)
      }
      return places
    }
  }
}

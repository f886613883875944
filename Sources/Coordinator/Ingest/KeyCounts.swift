import Shared

/// Counts by a small number of different keys, such as statuses or methods.
struct KeyCounts: Sendable, Equatable {
  private(set) var entries: [(key: Int64, count: Int64)] = []
  /// Where the latest key was found: rows that follow each other mostly agree.
  private var latest = 0

  @inline(__always)
  mutating func add(_ key: Int64) {
    if latest < entries.count, entries[latest].key == key {
      entries[latest].count = entries[latest].count.plus(1)
    } else {
      add(key, 1)
    }
  }

  mutating func add(_ key: Int64, _ number: Int64) {
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].count = entries[index].count.plus(number)
      latest = index
    } else {
      latest = entries.count
      entries.append((key: key, count: number))
    }
  }

  /// 0 for a key that is not there.
  func count(of key: Int64) -> Int64 { entries.first { $0.key == key }?.count ?? 0 }

  mutating func merge(_ other: KeyCounts) {
    for entry in other.entries { add(entry.key, entry.count) }
  }

  static func == (left: KeyCounts, right: KeyCounts) -> Bool {
    let order: ((key: Int64, count: Int64), (key: Int64, count: Int64)) -> Bool = {
      $0.key < $1.key
    }
    return left.entries.sorted(by: order).elementsEqual(right.entries.sorted(by: order), by: ==)
  }

  func encode(to writer: inout VarIntWriter) {
    writer.unsigned(UInt64(entries.count))
    for entry in entries {
      writer.signed(entry.key)
      writer.unsigned(UInt64(clamping: entry.count))
    }
  }

  init() {}

  init(from reader: inout VarIntReader) throws(VarIntError) {
    for _ in 0..<(try reader.count()) {
      let key = try reader.signed()
      add(key, try reader.natural())
    }
  }
}

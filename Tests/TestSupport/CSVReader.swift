/// A CSV document (RFC 4180) with a header row.
public struct CSVReader: Sendable {
  public let header: [String]
  public let rows: [[String]]

  /// - Throws: `TestFailure` when rows have different numbers of cells or a quote stays open.
  public init(_ text: String) throws {
    var all = try Self.parse(text)
    guard !all.isEmpty else { throw TestFailure("the CSV has no header row") }
    header = all.removeFirst()
    rows = all
    for (index, row) in rows.enumerated() where row.count != header.count {
      throw TestFailure("row \(index + 1) has \(row.count) cells, the header \(header.count)")
    }
  }

  /// The cells under `name`, one per row.
  public func column(_ name: String) throws -> [String] {
    guard let index = header.firstIndex(of: name) else {
      throw TestFailure("no column \(name) among \(header)")
    }
    return rows.map { $0[index] }
  }

  /// The cells under `name` that are numbers; empty cells are left out.
  public func numbers(_ name: String) throws -> [Double] {
    try column(name).filter { !$0.isEmpty }.map { cell in
      guard let number = Double(cell) else { throw TestFailure("\(name): \(cell) is no number") }
      return number
    }
  }

  private static func parse(_ text: String) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var quoted = false
    let bytes = Array(text.utf8)
    var index = 0
    func finished() -> String { String(decoding: cell, as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      if quoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if index + 1 < bytes.count, bytes[index + 1] == byte {
          cell.append(byte)
          index += 1
        } else {
          quoted = false
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): quoted = true
        case UInt8(ascii: ","):
          row.append(finished())
          cell = []
        case 13: break
        case 10:
          row.append(finished())
          cell = []
          rows.append(row)
          row = []
        default: cell.append(byte)
        }
      }
      index += 1
    }
    guard !quoted else { throw TestFailure("the CSV ends inside a quoted cell") }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [finished()]) }
    return rows
  }
}

import Shared

@testable import Coordinator

/// Puts rows of an execution into every table that has such rows, whatever its columns are.
struct TableFiller {
  /// A connection of its own: it does not hold to foreign keys.
  private let db: Database
  private var number: Int64 = 1_000_000

  init(_ store: Store) throws { db = try Database(path: "\(store.path)/throng.db") }

  /// Names of all tables with a column `execution`.
  func tables() throws -> [String] {
    try db.rows(
      """
      SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'execution' ORDER BY m.name
      """
    ) { $0.text(0) }
  }

  func count(_ table: String, of execution: ExecutionID) throws -> Int {
    try db.first("SELECT count(*) FROM \(table) WHERE execution = ?", .id(execution)) {
      $0.int(0)
    } ?? 0
  }

  /// At least one row in every table, `rows` where a table can have that many.
  mutating func fill(_ execution: ExecutionID, rows: Int) throws {
    for table in try tables() {
      let columns = try db.rows(
        "SELECT name, type, pk FROM pragma_table_info(?)", .text(table)
      ) { (name: $0.text(0), type: $0.text(1), isKey: $0.bool(2)) }
      let isOne = columns.contains { $0.name == "execution" && $0.isKey } && columns.count == 2
      let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
      let marks = columns.map { _ in "?" }.joined(separator: ", ")
      try db.transaction(immediate: true) { db in
        for _ in 0..<(isOne ? 1 : rows) {
          let values = columns.map { column -> SQLValue in
            number += 1
            if column.name == "execution" { return .id(execution) }
            switch column.type {
            case "INTEGER": return .int(number)
            case "REAL": return .double(1)
            case "BLOB": return .blob([1, 2, 3])
            // What is read whole is the text of a JSON array.
            case "TEXT" where column.name == "body": return .text("[]")
            default: return .text("\(number)")
            }
          }
          try db.each(
            "INSERT OR REPLACE INTO \(table) (\(names)) VALUES (\(marks))", values
          ) { _ in }
        }
      }
    }
  }
}

import Shared

/// An uploaded table, without its rows: those are in a file of their own.
public struct DataTableRecord: Sendable, Equatable {
  public var id: DataTableID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var name: String
  public var columns: [String]
  public var rows: Int
  /// Bytes of the file.
  public var bytes: Int64

  public init(
    id: DataTableID, createdAtMs: Int64, updatedAtMs: Int64, name: String, columns: [String],
    rows: Int, bytes: Int64
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.name = name
    self.columns = columns
    self.rows = rows
    self.bytes = bytes
  }
}

public enum DataTableStore {
  private static let columns = "id, created_at, updated_at, name, columns, row_count, bytes"

  /// Adds a table and returns it with its id.
  ///
  /// - Parameter index: bytes before every 1,024th row.
  public static func insert(
    _ record: DataTableRecord, index: [Int64], in db: Database
  ) throws -> DataTableRecord {
    try db.run(
      """
      INSERT INTO data_tables
        (created_at, updated_at, name, columns, row_count, bytes, row_index)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .text(record.name),
      .text(try StoredJSON.text(record.columns)), .int(record.rows), .int(record.bytes),
      .blob(encode(index)))
    var stored = record
    stored.id = DataTableID(db.lastInsertedID)
    return stored
  }

  public static func find(_ id: DataTableID, in db: Database) throws -> DataTableRecord? {
    try db.first("SELECT \(columns) FROM data_tables WHERE id = ?", .id(id), map: record)
  }

  /// The latest table of a name.
  public static func find(name: String, in db: Database) throws -> DataTableRecord? {
    try db.first(
      "SELECT \(columns) FROM data_tables WHERE name = ? ORDER BY id DESC LIMIT 1", .text(name),
      map: record)
  }

  /// Bytes before every 1,024th row.
  public static func index(of id: DataTableID, in db: Database) throws -> [Int64] {
    try db.first("SELECT row_index FROM data_tables WHERE id = ?", .id(id)) {
      decode($0.blob(0))
    } ?? []
  }

  /// Newest first.
  public static func list(_ page: Page = .all, in db: Database) throws -> [DataTableRecord] {
    try db.rows(
      "SELECT \(columns) FROM data_tables ORDER BY id DESC LIMIT ? OFFSET ?", page.sqlLimit,
      page.sqlOffset, map: record)
  }

  /// False when there is no such table.
  public static func delete(_ id: DataTableID, in db: Database) throws -> Bool {
    try db.run("DELETE FROM data_tables WHERE id = ?", .id(id))
    return db.changes > 0
  }

  private static func record(_ row: borrowing Row) -> DataTableRecord {
    var reader = ColumnReader(table: "data table", id: row.int64(0))
    let columns = row.text(4)
    return DataTableRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), name: row.text(3),
      columns: reader.value("columns", standard: []) {
        try StoredJSON.value([String].self, columns)
      }, rows: row.count(5),
      bytes: Int64(row.count(6)))
  }

  /// Eight bytes each, the lowest first.
  private static func encode(_ offsets: [Int64]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(offsets.count * 8)
    for offset in offsets {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: offset >> (8 * shift))) }
    }
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> [Int64] {
    stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
      (0..<8).reduce(Int64(0)) { $0 | Int64(bytes[start + $1]) << (8 * $1) }
    }
  }
}

import Shared

public enum LogStore {
  private static let columns = """
    id, execution, created_at, updated_at, logged_at, level, message, system
    """

  /// Adds an entry and returns it with its id. At `Limits.logEntriesPerExecutionMax` entries of
  /// the user are refused with nil; the system's own, which are few, go on.
  public static func insert(_ record: LogRecord, in db: Database) throws -> LogRecord? {
    if !record.isSystem {
      let count = try count(of: record.execution, systemOnly: false, in: db)
      guard count < Limits.logEntriesPerExecutionMax else { return nil }
    }
    try db.run(
      """
      INSERT INTO logs (execution, created_at, updated_at, logged_at, level, message, system)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .id(record.execution), .int(record.createdAtMs), .int(record.updatedAtMs),
      .int(record.loggedAtMs), .text(record.level), .text(record.message),
      .bool(record.isSystem))
    var stored = record
    stored.id = db.lastInsertedID
    return stored
  }

  /// In the order in which they were logged, or the reverse.
  public static func list(
    of execution: ExecutionID, ascending: Bool = true, systemOnly: Bool = false,
    _ page: Page = .all, in db: Database
  ) throws -> [LogRecord] {
    try db.rows(
      """
      SELECT \(columns) FROM logs WHERE execution = ? AND system >= ?
      ORDER BY id \(ascending ? "ASC" : "DESC") LIMIT ? OFFSET ?
      """,
      .id(execution), .bool(systemOnly), page.sqlLimit, page.sqlOffset, map: record)
  }

  public static func count(
    of execution: ExecutionID, systemOnly: Bool, in db: Database
  ) throws -> Int {
    try db.first(
      "SELECT count(*) FROM logs WHERE execution = ? AND system >= ?",
      .id(execution), .bool(systemOnly)
    ) { $0.int(0) } ?? 0
  }

  private static func record(_ row: borrowing Row) -> LogRecord {
    LogRecord(
      id: row.int64(0), execution: row.id(1), createdAtMs: row.int64(2), updatedAtMs: row.int64(3),
      loggedAtMs: row.int64(4), level: row.text(5), message: row.text(6), isSystem: row.bool(7))
  }
}

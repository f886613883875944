import Shared

public enum LogStore {
  private static let columns = """
    id, execution, created_at, updated_at, logged_at, level, message, system, client, iteration
    """

  /// Adds an entry and returns it with its id. How many entries scripts may have is bounded by
  /// `RecordCounts`, where they come in; the system's own are few.
  @discardableResult
  public static func insert(_ record: LogRecord, in db: Database) throws -> LogRecord {
    try db.run(
      """
      INSERT INTO logs (execution, created_at, updated_at, logged_at, level, message, system,
        client, iteration)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(record.execution), .int(record.createdAtMs), .int(record.updatedAtMs),
      .int(record.loggedAtMs), .text(record.level), .text(record.message),
      .bool(record.isSystem), .optional(record.moment.map { Int64($0.client) }),
      .optional(record.moment.map { Int64($0.iteration) }))
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

  /// Entries with ids above `id`, ascending, at most `limit`.
  static func list(
    of execution: ExecutionID, after id: Int64, limit: Int, in db: Database
  ) throws -> [LogRecord] {
    try db.rows(
      "SELECT \(columns) FROM logs WHERE execution = ? AND id > ? ORDER BY id LIMIT ?",
      .id(execution), .int(id), .int(limit), map: record)
  }

  public static func count(
    of execution: ExecutionID, systemOnly: Bool, in db: Database
  ) throws -> Int {
    try db.first(
      "SELECT count(*) FROM logs WHERE execution = ? AND system >= ?",
      .id(execution), .bool(systemOnly)
    ) { $0.int(0) } ?? 0
  }

  /// Entries that scripts have logged.
  static func countOfScripts(_ execution: ExecutionID, in db: Database) throws -> Int {
    try db.first(
      "SELECT count(*) FROM logs WHERE execution = ? AND system = 0", .id(execution)
    ) { $0.int(0) } ?? 0
  }

  private static func record(_ row: borrowing Row) -> LogRecord {
    var record = LogRecord(
      id: row.int64(0), execution: row.id(1), createdAtMs: row.int64(2), updatedAtMs: row.int64(3),
      loggedAtMs: row.int64(4), level: row.text(5), message: row.text(6), isSystem: row.bool(7))
    if let client = row.optionalInt64(8), let iteration = row.optionalInt64(9) {
      record.moment = ClientMoment(
        client: UInt32(truncatingIfNeeded: client),
        iteration: UInt32(truncatingIfNeeded: iteration))
    }
    return record
  }
}

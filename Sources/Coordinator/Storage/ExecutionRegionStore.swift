import Shared

public enum ExecutionRegionStore {
  private static let columns = """
    id, execution, created_at, updated_at, region, position, concurrent_clients, first_client,
    running, started_at, finished_at, completed
    """

  /// Adds a region of an execution and returns it with its id.
  public static func insert(
    _ record: ExecutionRegionRecord, in db: Database
  ) throws -> ExecutionRegionRecord {
    try db.run(
      """
      INSERT INTO execution_regions
        (execution, created_at, updated_at, region, position, concurrent_clients, first_client,
         running, started_at, finished_at, completed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(record.execution), .int(record.createdAtMs), .int(record.updatedAtMs),
      .id(record.region), .int(record.position), .int(record.concurrentClients),
      .int(record.firstClient), .bool(record.running), .optional(record.startedAtMs),
      .optional(record.finishedAtMs), .bool(record.completed))
    var stored = record
    stored.id = ExecutionRegionID(db.lastInsertedID)
    return stored
  }

  public static func find(
    _ id: ExecutionRegionID, in db: Database
  ) throws -> ExecutionRegionRecord? {
    try db.first("SELECT \(columns) FROM execution_regions WHERE id = ?", .id(id), map: record)
  }

  /// All regions of an execution in their order.
  public static func list(
    of execution: ExecutionID, in db: Database
  ) throws -> [ExecutionRegionRecord] {
    try db.rows(
      "SELECT \(columns) FROM execution_regions WHERE execution = ? ORDER BY position",
      .id(execution), map: record)
  }

  /// Stores what changes during its life; false when it is not there.
  public static func update(_ record: ExecutionRegionRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE execution_regions SET updated_at = ?, running = ?, started_at = ?, finished_at = ?,
        completed = ? WHERE id = ?
      """,
      .int(record.updatedAtMs), .bool(record.running), .optional(record.startedAtMs),
      .optional(record.finishedAtMs), .bool(record.completed), .id(record.id))
    return db.changes > 0
  }

  private static func record(_ row: borrowing Row) -> ExecutionRegionRecord {
    var record = ExecutionRegionRecord(
      id: row.id(0), execution: row.id(1), createdAtMs: row.int64(2), updatedAtMs: row.int64(3),
      region: row.id(4), position: row.count(5),
      concurrentClients: row.count(6, most: Limits.clientsPerExecutionMax),
      firstClient: row.count(7))
    record.running = row.bool(8)
    record.startedAtMs = row.optionalInt64(9)
    record.finishedAtMs = row.optionalInt64(10)
    record.completed = row.bool(11)
    return record
  }
}

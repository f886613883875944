import Shared

public enum ChunkStore {
  private static let columns = """
    id, execution_region, execution, created_at, updated_at, agent, epoch, iterations,
    duration_secs, first_client, concurrent_clients, running, started_at, finished_at, completed,
    load, kind
    """

  /// Adds a chunk and returns it with its id.
  public static func insert(_ record: ChunkRecord, in db: Database) throws -> ChunkRecord {
    try db.run(
      """
      INSERT INTO chunks
        (execution_region, execution, created_at, updated_at, agent, epoch, iterations,
         duration_secs, first_client, concurrent_clients, running, started_at, finished_at,
         completed, load, kind)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(record.executionRegion), .id(record.execution), .int(record.createdAtMs),
      .int(record.updatedAtMs), .optional(record.agent), .int(record.epoch),
      .optional(record.goal.iterations), .optional(record.goal.durationSecs),
      .int(record.firstClient), .int(record.concurrentClients), .bool(record.running),
      .optional(record.startedAtMs), .optional(record.finishedAtMs), .bool(record.completed),
      try record.goal.storedLoad(), .text(record.kind.rawValue))
    var stored = record
    stored.id = ChunkID(db.lastInsertedID)
    return stored
  }

  public static func find(_ id: ChunkID, in db: Database) throws -> ChunkRecord? {
    try db.first("SELECT \(columns) FROM chunks WHERE id = ?", .id(id), map: record)
  }

  /// All chunks of an execution, oldest first.
  public static func list(of execution: ExecutionID, in db: Database) throws -> [ChunkRecord] {
    try db.rows(
      "SELECT \(columns) FROM chunks WHERE execution = ? ORDER BY id", .id(execution),
      map: record)
  }

  /// Stores what changes during its life, agent, epoch and goal included; false when it is not
  /// there.
  public static func update(_ record: ChunkRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE chunks SET updated_at = ?, agent = ?, epoch = ?, iterations = ?, duration_secs = ?,
        running = ?, started_at = ?, finished_at = ?, completed = ?, load = ? WHERE id = ?
      """,
      .int(record.updatedAtMs), .optional(record.agent), .int(record.epoch),
      .optional(record.goal.iterations), .optional(record.goal.durationSecs),
      .bool(record.running), .optional(record.startedAtMs), .optional(record.finishedAtMs),
      .bool(record.completed), try record.goal.storedLoad(), .id(record.id))
    return db.changes > 0
  }

  private static func record(_ row: borrowing Row) -> ChunkRecord {
    var columns = ColumnReader(table: "chunk", id: row.int64(0))
    var record = ChunkRecord(
      id: row.id(0), executionRegion: row.id(1), execution: row.id(2), createdAtMs: row.int64(3),
      updatedAtMs: row.int64(4), agent: row.optionalText(5), epoch: row.count(6),
      goal: columns.goal(
        iterations: row.optionalInt(7), durationSecs: row.optionalDouble(8),
        load: row.optionalText(15)),
      firstClient: row.count(9),
      concurrentClients: row.count(10, most: Limits.clientsPerExecutionMax))
    record.running = row.bool(11)
    record.startedAtMs = row.optionalInt64(12)
    record.finishedAtMs = row.optionalInt64(13)
    record.completed = row.bool(14)
    record.kind = ChunkRecord.Kind(rawValue: row.text(16)) ?? .main
    return record
  }
}

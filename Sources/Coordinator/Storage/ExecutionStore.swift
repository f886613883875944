import Shared

public enum ExecutionStore {
  private static let columns = """
    id, created_at, updated_at, configuration, script, script_kind, script_content, iterations,
    duration_secs, iteration_sleep_secs, rampup_secs, manual_start, script_params, http,
    concurrent_clients, running, allocated, started_at, finished_at, cancelled_by_user, completed,
    summary_calculated, limit_breached, failure, load, tracing
    """

  /// Which executions a list is to hold.
  public struct Filter: Sendable {
    /// Nil for executions of all configurations.
    public var configuration: TestConfigurationID?
    /// Bounds of the creation, milliseconds since the Unix epoch, both inclusive.
    public var fromMs: Int64
    public var toMs: Int64

    public init(
      configuration: TestConfigurationID? = nil, fromMs: Int64 = .min, toMs: Int64 = .max
    ) {
      self.configuration = configuration
      self.fromMs = fromMs
      self.toMs = toMs
    }
  }

  /// Adds an execution and returns it with its id; the id of `record` is not looked at.
  public static func insert(_ record: ExecutionRecord, in db: Database) throws -> ExecutionRecord {
    try db.run(
      """
      INSERT INTO executions
        (created_at, updated_at, configuration, script, script_kind, script_content, iterations,
         duration_secs, iteration_sleep_secs, rampup_secs, manual_start, script_params, http,
         concurrent_clients, running, allocated, started_at, finished_at, cancelled_by_user,
         completed, summary_calculated, limit_breached, failure, load, tracing)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .id(record.configuration),
      .id(record.script), .text(record.scriptPayload.kind.rawValue),
      .text(record.scriptPayload.content), .optional(record.goal.iterations),
      .optional(record.goal.durationSecs), .double(record.iterationSleepSecs),
      .double(record.rampupSecs), .bool(record.manualStart), .text(record.scriptParams),
      .text(try StoredJSON.text(record.http)), .int(record.concurrentClients),
      .bool(record.running), .bool(record.allocated), .optional(record.startedAtMs),
      .optional(record.finishedAtMs), .bool(record.cancelledByUser), .bool(record.completed),
      .bool(record.summaryCalculated), .bool(record.limitBreached), .optional(record.failure),
      try record.goal.storedLoad(), .text(try StoredJSON.text(record.tracing)))
    var stored = record
    stored.id = ExecutionID(db.lastInsertedID)
    try LimitStore.save(stored.limits, of: stored.id, in: db)
    return stored
  }

  public static func find(_ id: ExecutionID, in db: Database) throws -> ExecutionRecord? {
    try db.first("SELECT \(columns) FROM executions WHERE id = ?", .id(id), map: record)
      .map { try withLimits($0, in: db) }
  }

  public static func exists(_ id: ExecutionID, in db: Database) throws -> Bool {
    try db.first("SELECT 1 FROM executions WHERE id = ?", .id(id)) { _ in true } ?? false
  }

  /// Newest first.
  public static func list(
    _ filter: Filter = Filter(), _ page: Page = .all, in db: Database
  ) throws -> [ExecutionRecord] {
    guard let configuration = filter.configuration else {
      return try db.rows(
        """
        SELECT \(columns) FROM executions WHERE created_at BETWEEN ? AND ?
        ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?
        """,
        .int(filter.fromMs), .int(filter.toMs), page.sqlLimit, page.sqlOffset, map: record
      ).map { try withLimits($0, in: db) }
    }
    return try db.rows(
      """
      SELECT \(columns) FROM executions WHERE configuration = ? AND created_at BETWEEN ? AND ?
      ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?
      """,
      .id(configuration), .int(filter.fromMs), .int(filter.toMs), page.sqlLimit, page.sqlOffset,
      map: record
    ).map { try withLimits($0, in: db) }
  }

  /// Those that are not completed, oldest first.
  public static func unfinished(in db: Database) throws -> [ExecutionRecord] {
    try db.rows(
      "SELECT \(columns) FROM executions WHERE completed = 0 ORDER BY id", map: record
    ).map { try withLimits($0, in: db) }
  }

  /// How many there are; read from an index, without their scripts.
  static func count(in db: Database) throws -> Int {
    try db.first("SELECT count(*) FROM executions") { $0.int(0) } ?? 0
  }

  /// Stores what changes during an execution's life, its goal included; false when it is not
  /// there. Configuration, script and settings stay as they were at its creation.
  public static func update(_ record: ExecutionRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE executions SET updated_at = ?, iterations = ?, duration_secs = ?, running = ?,
        allocated = ?, started_at = ?, finished_at = ?, cancelled_by_user = ?, completed = ?,
        summary_calculated = ?, limit_breached = ?, failure = ?, load = ?
      WHERE id = ?
      """,
      .int(record.updatedAtMs), .optional(record.goal.iterations),
      .optional(record.goal.durationSecs), .bool(record.running), .bool(record.allocated),
      .optional(record.startedAtMs), .optional(record.finishedAtMs),
      .bool(record.cancelledByUser), .bool(record.completed), .bool(record.summaryCalculated),
      .bool(record.limitBreached), .optional(record.failure), try record.goal.storedLoad(),
      .id(record.id))
    guard db.changes > 0 else { return false }
    try LimitStore.save(record.limits, of: record.id, in: db)
    return true
  }

  private static func withLimits(
    _ record: ExecutionRecord, in db: Database
  ) throws -> ExecutionRecord {
    var record = record
    var columns = ColumnReader(table: "execution", id: record.id.rawValue)
    record.limits = columns.limits(try LimitStore.body(of: record.id, in: db))
    record.unreadable += columns.unreadable
    return record
  }

  private static func record(_ row: borrowing Row) -> ExecutionRecord {
    var columns = ColumnReader(table: "execution", id: row.int64(0))
    let payload = ScriptPayload(
      kind: ScriptPayload.Kind(rawValue: row.text(5)) ?? .steps, content: row.text(6))
    var record = ExecutionRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2),
      configuration: row.id(3), script: row.id(4), scriptPayload: payload,
      goal: columns.goal(
        iterations: row.optionalInt(7), durationSecs: row.optionalDouble(8),
        load: row.optionalText(24)),
      iterationSleepSecs: row.double(9), rampupSecs: row.double(10), manualStart: row.bool(11),
      scriptParams: row.text(12), http: columns.http(row.text(13)),
      concurrentClients: row.count(14, most: Limits.clientsPerExecutionMax))
    record.tracing = columns.tracing(row.optionalText(25))
    record.running = row.bool(15)
    record.allocated = row.bool(16)
    record.startedAtMs = row.optionalInt64(17)
    record.finishedAtMs = row.optionalInt64(18)
    record.cancelledByUser = row.bool(19)
    record.completed = row.bool(20)
    record.summaryCalculated = row.bool(21)
    record.limitBreached = row.bool(22)
    record.failure = row.optionalText(23)
    record.unreadable = columns.unreadable
    return record
  }
}

import Shared

public enum TestConfigurationStore {
  private static let columns = """
    id, created_at, updated_at, name, script, regions, iterations, duration_secs,
    iteration_sleep_secs, rampup_secs, manual_start, script_params, http, load, tracing
    """

  /// Adds a configuration and returns it with its id; the id of `record` is not looked at.
  public static func insert(
    _ record: TestConfigurationRecord, in db: Database
  ) throws -> TestConfigurationRecord {
    try db.run(
      """
      INSERT INTO test_configurations
        (created_at, updated_at, name, script, regions, iterations, duration_secs,
         iteration_sleep_secs, rampup_secs, manual_start, script_params, http, load, tracing)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .text(record.name), .id(record.script),
      .text(try StoredJSON.text(record.regions)), .optional(record.goal.iterations),
      .optional(record.goal.durationSecs), .double(record.iterationSleepSecs),
      .double(record.rampupSecs), .bool(record.manualStart), .text(record.scriptParams),
      .text(try StoredJSON.text(record.http)), try record.goal.storedLoad(),
      .text(try StoredJSON.text(record.tracing)))
    var stored = record
    stored.id = TestConfigurationID(db.lastInsertedID)
    try LimitStore.save(stored.limits, of: stored.id, in: db)
    return stored
  }

  public static func find(
    _ id: TestConfigurationID, in db: Database
  ) throws -> TestConfigurationRecord? {
    try db.first("SELECT \(columns) FROM test_configurations WHERE id = ?", .id(id), map: record)
      .map { try withLimits($0, in: db) }
  }

  /// Newest first.
  public static func list(
    _ page: Page = .all, in db: Database
  ) throws -> [TestConfigurationRecord] {
    try db.rows(
      "SELECT \(columns) FROM test_configurations ORDER BY id DESC LIMIT ? OFFSET ?",
      page.sqlLimit, page.sqlOffset, map: record
    ).map { try withLimits($0, in: db) }
  }

  /// Stores everything but id and creation; false when there is no such configuration.
  public static func update(_ record: TestConfigurationRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE test_configurations SET updated_at = ?, name = ?, script = ?, regions = ?,
        iterations = ?, duration_secs = ?, iteration_sleep_secs = ?, rampup_secs = ?,
        manual_start = ?, script_params = ?, http = ?, load = ?, tracing = ?
      WHERE id = ?
      """,
      .int(record.updatedAtMs), .text(record.name), .id(record.script),
      .text(try StoredJSON.text(record.regions)), .optional(record.goal.iterations),
      .optional(record.goal.durationSecs), .double(record.iterationSleepSecs),
      .double(record.rampupSecs), .bool(record.manualStart), .text(record.scriptParams),
      .text(try StoredJSON.text(record.http)), try record.goal.storedLoad(),
      .text(try StoredJSON.text(record.tracing)), .id(record.id))
    guard db.changes > 0 else { return false }
    try LimitStore.save(record.limits, of: record.id, in: db)
    return true
  }

  /// False when there is no such configuration. Throws a constraint error while executions of it
  /// are there.
  public static func delete(_ id: TestConfigurationID, in db: Database) throws -> Bool {
    try db.run("DELETE FROM test_configurations WHERE id = ?", .id(id))
    return db.changes > 0
  }

  private static func withLimits(
    _ record: TestConfigurationRecord, in db: Database
  ) throws -> TestConfigurationRecord {
    var record = record
    record.limits = try LimitStore.list(of: record.id, in: db)
    return record
  }

  private static func record(_ row: borrowing Row) throws -> TestConfigurationRecord {
    var record = TestConfigurationRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), name: row.text(3),
      script: row.id(4), regions: try StoredJSON.value([RegionShare].self, row.text(5)),
      goal: try LoadGoal(
        storedIterations: row.optionalInt(6), durationSecs: row.optionalDouble(7),
        load: row.optionalText(13)),
      iterationSleepSecs: row.double(8), rampupSecs: row.double(9), manualStart: row.bool(10),
      scriptParams: row.text(11), http: try StoredJSON.value(HTTPSettings.self, row.text(12)))
    record.tracing = try TraceSettings(stored: row.optionalText(14))
    return record
  }
}

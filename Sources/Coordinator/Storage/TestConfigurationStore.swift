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
    var columns = ColumnReader(table: "test configuration", id: record.id.rawValue)
    record.limits = columns.limits(try LimitStore.body(of: record.id, in: db))
    record.unreadable += columns.unreadable
    return record
  }

  private static func record(_ row: borrowing Row) -> TestConfigurationRecord {
    var columns = ColumnReader(table: "test configuration", id: row.int64(0))
    let regions = row.text(5)
    var record = TestConfigurationRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), name: row.text(3),
      script: row.id(4),
      regions: columns.value("regions", standard: []) { try readRegions(regions) },
      goal: columns.goal(
        iterations: row.optionalInt(6), durationSecs: row.optionalDouble(7),
        load: row.optionalText(13)),
      iterationSleepSecs: row.double(8), rampupSecs: row.double(9), manualStart: row.bool(10),
      scriptParams: row.text(11), http: columns.http(row.text(12)))
    record.tracing = columns.tracing(row.optionalText(14))
    record.unreadable = columns.unreadable
    return record
  }

  private static func readRegions(_ text: String) throws -> [RegionShare] {
    let shares = try StoredJSON.value([RegionShare].self, text)
    let most = Limits.clientsPerExecutionMax
    guard !shares.isEmpty, shares.allSatisfy({ (1...most).contains($0.concurrentClients) }),
      shares.reduce(0, { $0.plus($1.concurrentClients) }) <= most
    else { throw ColumnReader.Damage(description: "regions without clients, or with too many") }
    return shares
  }
}

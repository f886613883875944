import Shared

/// How one test of a suite came out, as readers see it.
public struct SuiteResultRecord: Sendable, Equatable {
  public var id: Int64
  public var executionRegion: ExecutionRegionID
  public var chunk: ChunkID
  public var epoch: Int
  /// When it was committed, milliseconds since the Unix epoch.
  public var createdAtMs: Int64
  public var result: SuiteResultRow
  /// Whether it is a check: that has no duration.
  public var isCheck = false
  /// Id of the result of the request that a check followed, if there was one in its iteration.
  public var resultID: Int64?
}

public enum SuiteResultStore {
  /// Which results are wanted.
  public struct Filter: Sendable {
    public var execution: ExecutionID
    /// Nil for all.
    public var region: ExecutionRegionID?
    public var failedOnly = false
    /// Global index of a client, nil for all.
    public var client: Int64?

    public init(execution: ExecutionID, region: ExecutionRegionID? = nil) {
      self.execution = execution
      self.region = region
    }

    var condition: String {
      "r.execution = ?1 AND (?2 IS NULL OR r.execution_region = ?2)"
        + " AND (?3 = 0 OR r.passed = 0) AND (?4 IS NULL OR r.client = ?4)"
    }

    var arguments: [SQLValue] {
      [
        .id(execution), .optional(region?.rawValue), .bool(failedOnly), .optional(client),
      ]
    }
  }

  static func insert(
    _ row: SuiteResultRow, suite: NameID, test: NameID, lease: LeaseKey, execution: ExecutionID,
    region: ExecutionRegionID, atMs: Int64, in db: Database
  ) throws {
    try db.run(
      """
      INSERT INTO suite_results (execution, execution_region, chunk, epoch, created_at,
        started_at, duration, suite, test, passed, message, stack, client, iteration, connection)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(execution), .id(region), .id(lease.chunk), .int(lease.epoch), .int(atMs),
      .int(row.atMicros), .int(row.durationMicros), .id(suite), .id(test), .bool(row.passed),
      .optional(row.message), .optional(row.stack), .int(Int64(row.moment.client)),
      .int(Int64(row.moment.iteration)), .optional(row.connection.map(Int64.init)))
  }

  /// At most `limit` results with ids above `id`, in their order.
  public static func list(
    _ filter: Filter, after id: Int64, limit: Int, in db: Database
  ) throws -> [SuiteResultRecord] {
    var records: [SuiteResultRecord] = []
    try db.each(
      """
      SELECT r.id, r.execution_region, r.chunk, r.epoch, r.created_at, r.started_at, r.duration,
        s.name, t.name, r.passed, r.message, r.stack, r.client, r.iteration, r.connection
      FROM suite_results r JOIN names s ON s.id = r.suite JOIN names t ON t.id = r.test
      WHERE \(filter.condition) AND r.id > ?5 ORDER BY r.id LIMIT ?6
      """, filter.arguments + [.int(id), .int(limit)]
    ) { records.append(record($0)) }
    return records
  }

  static func count(of execution: ExecutionID, in db: Database) throws -> Int {
    try db.first("SELECT count(*) FROM suite_results WHERE execution = ?", .id(execution)) {
      $0.int(0)
    } ?? 0
  }

  private static func record(_ row: borrowing Row) -> SuiteResultRecord {
    let moment = ClientMoment(
      client: UInt32(truncatingIfNeeded: row.int64(12)),
      iteration: UInt32(truncatingIfNeeded: row.int64(13)))
    let result = SuiteResultRow(
      atMicros: row.int64(5), durationMicros: row.int64(6), suite: row.text(7), test: row.text(8),
      passed: row.bool(9), message: row.optionalText(10), stack: row.optionalText(11),
      moment: moment,
      connection: row.optionalInt64(14).map { UInt32(truncatingIfNeeded: $0) })
    return SuiteResultRecord(
      id: row.int64(0), executionRegion: row.id(1), chunk: row.id(2), epoch: row.int(3),
      createdAtMs: row.int64(4), result: result)
  }
}

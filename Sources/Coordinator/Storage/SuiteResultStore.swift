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
}

/// All results of one test of one suite together.
public struct SuiteSummary: Sendable, Equatable {
  public var suite: String
  public var test: String
  public var passed: Int64
  public var failed: Int64
  /// Output files that belong to the test.
  public var files: Int64
  public var meanDurationMicros: Double
  /// First start and last end, microseconds since the Unix epoch.
  public var firstAtMicros: Int64
  public var lastAtMicros: Int64
}

/// One way in which a test failed, and how often.
public struct SuiteError: Sendable, Equatable {
  public var suite: String
  public var test: String
  public var message: String
  public var count: Int64
  public var firstAtMicros: Int64
  public var lastAtMicros: Int64
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

  /// Every test with its counts, by suite and test; at most `limit`.
  public static func summaries(
    _ filter: Filter, limit: Int, in db: Database
  ) throws -> [SuiteSummary] {
    var summaries: [SuiteSummary] = []
    try db.each(
      """
      SELECT s.name, t.name, sum(r.passed), sum(1 - r.passed), avg(r.duration),
        min(r.started_at), max(r.started_at + r.duration),
        (SELECT count(*) FROM output_files f WHERE f.execution = ?1 AND f.complete = 1
          AND (?2 IS NULL OR f.execution_region = ?2) AND f.suite = s.name AND f.test = t.name)
      FROM suite_results r JOIN names s ON s.id = r.suite JOIN names t ON t.id = r.test
      WHERE \(filter.condition) GROUP BY r.suite, r.test ORDER BY s.name, t.name
      LIMIT ?5
      """, filter.arguments + [.int(limit)]
    ) { row in
      summaries.append(
        SuiteSummary(
          suite: row.text(0), test: row.text(1), passed: row.int64(2), failed: row.int64(3),
          files: row.int64(7), meanDurationMicros: row.double(4), firstAtMicros: row.int64(5),
          lastAtMicros: row.int64(6)))
    }
    return summaries
  }

  /// Every different failure of each test, the most frequent first; at most `limit`.
  public static func errors(
    _ filter: Filter, limit: Int, in db: Database
  ) throws -> [SuiteError] {
    var failed = filter
    failed.failedOnly = true
    var errors: [SuiteError] = []
    try db.each(
      """
      SELECT s.name, t.name, coalesce(r.message, ''), count(*), min(r.started_at),
        max(r.started_at)
      FROM suite_results r JOIN names s ON s.id = r.suite JOIN names t ON t.id = r.test
      WHERE \(failed.condition) GROUP BY r.suite, r.test, r.message
      ORDER BY count(*) DESC, s.name, t.name, r.message LIMIT ?5
      """, failed.arguments + [.int(limit)]
    ) { row in
      errors.append(
        SuiteError(
          suite: row.text(0), test: row.text(1), message: row.text(2), count: row.int64(3),
          firstAtMicros: row.int64(4), lastAtMicros: row.int64(5)))
    }
    return errors
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

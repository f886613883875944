import Shared

extension SuiteResultStore {
  /// What tests beyond the limit are put together under.
  static let otherTests = "(other)"

  /// Every test with its counts and durations, by suite and test. Of more than `limit` tests, those
  /// seen last are put together under `(other)`, so that no result is left out.
  ///
  /// Reads each result once. Durations are kept for exact percentiles: 8 bytes for each of at most
  /// `Limits.suiteResultsPerExecutionMax` results.
  public static func summaries(
    _ filter: Filter, limit: Int, in db: Database
  ) throws -> [SuiteSummary] {
    var tallies: [TestKey: Tally] = [:]
    try db.each(
      """
      SELECT r.suite, r.test, r.passed, r.started_at, r.duration FROM suite_results r
      WHERE \(filter.condition) ORDER BY r.id
      """, filter.arguments
    ) { row in
      var key = TestKey(suite: row.id(0), test: row.id(1))
      if tallies[key] == nil, tallies.count >= limit { key = .others }
      tallies[key, default: Tally()]
        .add(passed: row.bool(2), startedAt: row.int64(3), duration: row.int64(4))
    }
    var files = try fileCounts(filter, in: db)
    let names = try NameStore.find(
      Set(tallies.keys.flatMap { [$0.suite, $0.test] }), in: db)
    func name(_ id: NameID) -> String { names[id]?.name ?? otherTests }
    return tallies.map { key, tally in
      var summary = tally.summary(suite: name(key.suite), test: name(key.test))
      if let counts = files.removeValue(forKey: [summary.suite, summary.test]) {
        (summary.files, summary.screenshots) = counts
      }
      return summary
    }.sorted { ($0.suite, $0.test) < ($1.suite, $1.test) }
  }

  private struct TestKey: Hashable {
    var suite: NameID
    var test: NameID

    /// No name has this id.
    static let others = TestKey(suite: NameID(0), test: NameID(0))
  }

  private struct Tally {
    var passed: Int64 = 0
    var failed: Int64 = 0
    var durations: [Int64] = []
    var firstAt = Int64.max
    var lastAt = Int64.min
    var firstFailureAt: Int64?
    var lastFailureAt: Int64?

    mutating func add(passed isPassed: Bool, startedAt: Int64, duration: Int64) {
      durations.append(duration)
      firstAt = min(firstAt, startedAt)
      // Agents are not trusted with what they sent.
      let (end, overflow) = startedAt.addingReportingOverflow(duration)
      lastAt = max(lastAt, overflow ? startedAt : end)
      if isPassed {
        passed += 1
      } else {
        failed += 1
        firstFailureAt = min(firstFailureAt ?? startedAt, startedAt)
        lastFailureAt = max(lastFailureAt ?? startedAt, startedAt)
      }
    }

    func summary(suite: String, test: String) -> SuiteSummary {
      SuiteSummary(
        suite: suite, test: test, passed: passed, failed: failed,
        durations: DurationStatistics(durations), firstAtMicros: firstAt, lastAtMicros: lastAt,
        firstFailureAtMicros: firstFailureAt, lastFailureAtMicros: lastFailureAt)
    }
  }

  /// Complete output files and images by `[suite, test]`.
  private static func fileCounts(
    _ filter: Filter, in db: Database
  ) throws -> [[String]: (files: Int64, images: Int64)] {
    var counts: [[String]: (files: Int64, images: Int64)] = [:]
    try db.each(
      """
      SELECT suite, test, count(*), sum(type LIKE 'image/%') FROM output_files
      WHERE execution = ?1 AND complete = 1 AND (?2 IS NULL OR execution_region = ?2)
        AND suite IS NOT NULL AND test IS NOT NULL
      GROUP BY suite, test
      """, [.id(filter.execution), .optional(filter.region?.rawValue)]
    ) { row in
      counts[[row.text(0), row.text(1)]] = (row.int64(2), row.int64(3))
    }
    return counts
  }

  /// Every different failure of each test, the most frequent first; at most `limit`.
  public static func errors(
    _ filter: Filter, limit: Int, in db: Database
  ) throws -> [SuiteError] {
    var failed = filter
    failed.failedOnly = true
    var errors: [SuiteError] = []
    // The columns beside a lone min() are those of the row that has the minimum:
    // https://www.sqlite.org/lang_select.html#bareagg
    try db.each(
      """
      WITH failed AS (
        SELECT r.suite, r.test, coalesce(r.message, '') AS message, r.started_at,
          r.execution_region, r.client, r.iteration, r.stack
        FROM suite_results r WHERE \(failed.condition)),
      counted AS (
        SELECT suite, test, message, count(*) AS number, max(started_at) AS latest,
          group_concat(DISTINCT execution_region) AS regions
        FROM failed GROUP BY suite, test, message),
      earliest AS (
        SELECT suite, test, message, min(started_at) AS first, execution_region, client,
          iteration, stack
        FROM failed GROUP BY suite, test, message)
      SELECT s.name, t.name, c.message, c.number, e.first, c.latest, c.regions,
        e.execution_region, e.client, e.iteration, e.stack
      FROM counted c JOIN earliest e USING (suite, test, message)
        JOIN names s ON s.id = c.suite JOIN names t ON t.id = c.test
      ORDER BY c.number DESC, s.name, t.name, c.message LIMIT ?5
      """, failed.arguments + [.int(limit)]
    ) { row in errors.append(error(row)) }
    return errors
  }

  private static func error(_ row: borrowing Row) -> SuiteError {
    let moment = ClientMoment(
      client: UInt32(truncatingIfNeeded: row.int64(8)),
      iteration: UInt32(truncatingIfNeeded: row.int64(9)))
    let regions = row.text(6).split(separator: ",").compactMap { Int64($0) }.sorted()
    return SuiteError(
      suite: row.text(0), test: row.text(1), message: row.text(2), count: row.int64(3),
      firstAtMicros: row.int64(4), lastAtMicros: row.int64(5),
      regions: regions.map { ExecutionRegionID($0) },
      example: SuiteError.Example(
        moment: moment, region: row.id(7), stack: row.optionalText(10)))
  }
}

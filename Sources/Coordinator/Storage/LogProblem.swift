import Shared

/// A warning or an error of an execution's log, with all its repetitions.
public struct LogProblem: Sendable, Equatable {
  public var level: String
  public var message: String
  public var isSystem: Bool
  public var count: Int64
  /// Milliseconds since the Unix epoch.
  public var firstAtMs: Int64
  public var lastAtMs: Int64
  /// Which client said it first, for entries of scripts.
  public var moment: ClientMoment?
}

extension LogStore {
  /// Different warnings and errors, those of the system first, then the earliest first; at most
  /// `limit`.
  public static func problems(
    of execution: ExecutionID, limit: Int, in db: Database
  ) throws -> [LogProblem] {
    // SQLite takes columns that are not grouped by from the row with the smallest time.
    try db.rows(
      """
      SELECT level, message, system, count(*), min(logged_at), max(logged_at), client, iteration
      FROM logs WHERE execution = ? AND level IN ('Warning', 'Error', 'Fatal')
      GROUP BY system, level, message ORDER BY system DESC, min(logged_at), min(id) LIMIT ?
      """, .id(execution), .int(limit)
    ) { row in
      var problem = LogProblem(
        level: row.text(0), message: row.text(1), isSystem: row.bool(2), count: row.int64(3),
        firstAtMs: row.int64(4), lastAtMs: row.int64(5))
      if let client = row.optionalInt64(6), let iteration = row.optionalInt64(7) {
        problem.moment = ClientMoment(
          client: UInt32(truncatingIfNeeded: client),
          iteration: UInt32(truncatingIfNeeded: iteration))
      }
      return problem
    }
  }
}

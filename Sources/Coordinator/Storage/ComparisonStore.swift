import Shared

/// How an output file compares with the image that it is to look like.
public struct ComparisonRecord: Sendable, Equatable {
  public var file: Int64
  /// Name of the baseline.
  public var name: String
  /// Nothing below holds before.
  public var isDone = false
  /// Whether there was no baseline yet, so that the file became it.
  public var isFirstVersion = false
  /// Percent of the pixels that differ; nil for a first version, and when there is a problem.
  public var percent: Double?
  /// What it was compared with, or became; nil once that is deleted.
  public var baseline: BaselineID?
  /// Why it could not be compared.
  public var problem: String?
}

/// A complete file that is yet to be compared.
struct WaitingComparison: Equatable {
  var comparison: ComparisonRecord
  var file: OutputFileRecord
  var configuration: TestConfigurationID
}

enum ComparisonStore {
  private static let columns = "file, name, done, first_version, percent, baseline, problem"

  /// Notes that a file is to be compared once it is complete.
  static func insert(file: Int64, name: String, in db: Database) throws {
    try db.run(
      "INSERT INTO comparisons (file, name, done, first_version) VALUES (?, ?, 0, 0)",
      .int(file), .text(name))
  }

  static func find(_ file: Int64, in db: Database) throws -> ComparisonRecord? {
    try db.first(
      "SELECT \(columns) FROM comparisons WHERE file = ?", .int(file), map: record)
  }

  static func list(of execution: ExecutionID, in db: Database) throws -> [ComparisonRecord] {
    try db.rows(
      """
      SELECT \(columns) FROM comparisons
      WHERE file IN (SELECT id FROM output_files WHERE execution = ?)
      """, .id(execution), map: record)
  }

  /// The oldest complete file that is yet to be compared.
  static func waiting(in db: Database) throws -> WaitingComparison? {
    let found = try db.first(
      """
      SELECT c.file, e.configuration FROM comparisons c JOIN output_files f ON f.id = c.file
        JOIN executions e ON e.id = f.execution
      WHERE c.done = 0 AND f.complete = 1 ORDER BY c.file LIMIT 1
      """
    ) { row -> (Int64, TestConfigurationID) in (row.int64(0), row.id(1)) }
    guard let (id, configuration) = found, let comparison = try find(id, in: db),
      let file = try OutputFileStore.find(id, in: db)
    else { return nil }
    return WaitingComparison(comparison: comparison, file: file, configuration: configuration)
  }

  /// Stores how a comparison came out; false when its file is gone.
  @discardableResult
  static func update(_ record: ComparisonRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE comparisons SET done = ?, first_version = ?, percent = ?, baseline = ?, problem = ?
      WHERE file = ?
      """,
      .bool(record.isDone), .bool(record.isFirstVersion), .optional(record.percent),
      .optional(record.baseline?.rawValue), .optional(record.problem), .int(record.file))
    return db.changes > 0
  }

  private static func record(_ row: borrowing Row) -> ComparisonRecord {
    ComparisonRecord(
      file: row.int64(0), name: row.text(1), isDone: row.bool(2), isFirstVersion: row.bool(3),
      percent: row.optionalDouble(4), baseline: row.optionalInt64(5).map { BaselineID($0) },
      problem: row.optionalText(6))
  }
}

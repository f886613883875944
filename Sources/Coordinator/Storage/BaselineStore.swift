import Shared

/// An image that output files of a test configuration are to look like. The API calls it a data
/// store. Its content is in a file of its own.
public struct BaselineRecord: Sendable, Equatable {
  public var id: BaselineID
  public var configuration: TestConfigurationID
  /// Milliseconds since the Unix epoch.
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var name: String
  public var contentType: String
  public var charset: String
  public var size: Int64
  /// Whether files are compared with it from now on; older ones are kept for what they showed.
  public var isCurrent: Bool
  /// Whether there was none of its name before.
  public var isFirstVersion: Bool
  /// The output file that it was, which may be gone.
  public var file: Int64
}

public enum BaselineStore {
  private static let columns = """
    id, configuration, created_at, updated_at, name, type, charset, size, current, first_version,
    file
    """

  /// Adds a baseline, which becomes the current one of its name; its id is not looked at.
  static func insert(_ record: BaselineRecord, in db: Database) throws -> BaselineRecord {
    try db.run(
      """
      UPDATE baselines SET current = 0, updated_at = ?
      WHERE configuration = ? AND name = ? AND current = 1
      """, .int(record.createdAtMs), .id(record.configuration), .text(record.name))
    try db.run(
      """
      INSERT INTO baselines (configuration, created_at, updated_at, name, type, charset, size,
        current, first_version, file)
      VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
      """,
      .id(record.configuration), .int(record.createdAtMs), .int(record.updatedAtMs),
      .text(record.name), .text(record.contentType), .text(record.charset), .int(record.size),
      .bool(record.isFirstVersion), .int(record.file))
    var stored = record
    stored.id = BaselineID(db.lastInsertedID)
    stored.isCurrent = true
    return stored
  }

  public static func find(_ id: BaselineID, in db: Database) throws -> BaselineRecord? {
    try db.first("SELECT \(columns) FROM baselines WHERE id = ?", .id(id), map: record)
  }

  /// The one that files of this name are compared with.
  static func current(
    _ name: String, of configuration: TestConfigurationID, in db: Database
  ) throws -> BaselineRecord? {
    try db.first(
      """
      SELECT \(columns) FROM baselines WHERE configuration = ? AND name = ? AND current = 1
      ORDER BY id DESC LIMIT 1
      """, .id(configuration), .text(name), map: record)
  }

  /// Newest first.
  ///
  /// - Parameter configuration: nil for all.
  public static func list(
    of configuration: TestConfigurationID? = nil, _ page: Page = .all, in db: Database
  ) throws -> [BaselineRecord] {
    try db.rows(
      """
      SELECT \(columns) FROM baselines WHERE ?1 IS NULL OR configuration = ?1
      ORDER BY id DESC LIMIT ?2 OFFSET ?3
      """, .optional(configuration?.rawValue), page.sqlLimit, page.sqlOffset, map: record)
  }

  /// Those that files of an execution were compared with or became.
  static func list(of execution: ExecutionID, in db: Database) throws -> [BaselineRecord] {
    try db.rows(
      """
      SELECT \(columns) FROM baselines WHERE id IN (SELECT c.baseline FROM comparisons c
        JOIN output_files f ON f.id = c.file WHERE f.execution = ?)
      """, .id(execution), map: record)
  }

  static func delete(_ id: BaselineID, in db: Database) throws {
    try db.run("DELETE FROM baselines WHERE id = ?", .id(id))
  }

  /// Deletes what is no longer the current one and that no file shows, and returns its ids.
  static func deleteUnused(in db: Database) throws -> [BaselineID] {
    let ids: [BaselineID] = try db.rows(
      """
      SELECT id FROM baselines WHERE current = 0
        AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.baseline = baselines.id)
      """
    ) { $0.id(0) }
    for id in ids { try delete(id, in: db) }
    return ids
  }

  private static func record(_ row: borrowing Row) -> BaselineRecord {
    BaselineRecord(
      id: row.id(0), configuration: row.id(1), createdAtMs: row.int64(2),
      updatedAtMs: row.int64(3), name: row.text(4), contentType: row.text(5),
      charset: row.text(6), size: Int64(row.count(7)), isCurrent: row.bool(8),
      isFirstVersion: row.bool(9), file: row.int64(10))
  }
}

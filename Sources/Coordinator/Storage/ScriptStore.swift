import Shared

public enum ScriptStore {
  private static let columns =
    "id, created_at, updated_at, name, kind, content, init_content, teardown_content, files"

  /// Adds a script and returns it with its id; the id of `record` is not looked at.
  public static func insert(_ record: ScriptRecord, in db: Database) throws -> ScriptRecord {
    try db.run(
      """
      INSERT INTO scripts
        (created_at, updated_at, name, kind, content, init_content, teardown_content, files)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .text(record.name),
      .text(record.kind.rawValue), .text(record.content), .optional(record.initContent),
      .optional(record.teardownContent), .optional(record.files))
    var stored = record
    stored.id = ScriptID(db.lastInsertedID)
    return stored
  }

  public static func find(_ id: ScriptID, in db: Database) throws -> ScriptRecord? {
    try db.first("SELECT \(columns) FROM scripts WHERE id = ?", .id(id), map: record)
  }

  /// Newest first.
  public static func list(_ page: Page = .all, in db: Database) throws -> [ScriptRecord] {
    try db.rows(
      "SELECT \(columns) FROM scripts ORDER BY id DESC LIMIT ? OFFSET ?",
      page.sqlLimit, page.sqlOffset, map: record)
  }

  /// Stores everything but id and creation; false when there is no such script.
  public static func update(_ record: ScriptRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE scripts SET updated_at = ?, name = ?, kind = ?, content = ?, init_content = ?,
        teardown_content = ?, files = ? WHERE id = ?
      """,
      .int(record.updatedAtMs), .text(record.name), .text(record.kind.rawValue),
      .text(record.content), .optional(record.initContent), .optional(record.teardownContent),
      .optional(record.files), .id(record.id))
    return db.changes > 0
  }

  /// False when there is no such script. Throws a constraint error while something refers to it.
  public static func delete(_ id: ScriptID, in db: Database) throws -> Bool {
    try db.run("DELETE FROM scripts WHERE id = ?", .id(id))
    return db.changes > 0
  }

  /// Whether a test configuration or an execution refers to it.
  public static func isUsed(_ id: ScriptID, in db: Database) throws -> Bool {
    try db.first(
      """
      SELECT EXISTS (SELECT 1 FROM test_configurations WHERE script = ?1)
        OR EXISTS (SELECT 1 FROM executions WHERE script = ?1)
      """, .id(id)
    ) { $0.bool(0) } ?? false
  }

  private static func record(_ row: borrowing Row) -> ScriptRecord {
    ScriptRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), name: row.text(3),
      kind: ScriptPayload.Kind(rawValue: row.text(4)) ?? .steps, content: row.text(5),
      initContent: row.optionalText(6), teardownContent: row.optionalText(7),
      files: row.optionalText(8))
  }
}

import Shared

/// Named values of executions, such as what `setup()` returned.
public enum ValueStore {
  /// Stores a value in place of one of the same name.
  public static func set(
    _ row: ValueRow, of execution: ExecutionID, atMs: Int64, in db: Database
  ) throws {
    try db.run(
      """
      INSERT INTO run_values (execution, name, created_at, json) VALUES (?, ?, ?, ?)
      ON CONFLICT (execution, name)
        DO UPDATE SET json = excluded.json, created_at = excluded.created_at
      """, .id(execution), .text(row.name), .int(atMs), .text(row.json))
  }

  /// The JSON text of a value, nil when there is none.
  public static func json(
    _ name: String, of execution: ExecutionID, in db: Database
  ) throws -> String? {
    try db.first(
      "SELECT json FROM run_values WHERE execution = ? AND name = ?", .id(execution), .text(name)
    ) { $0.text(0) }
  }

  static func count(of execution: ExecutionID, in db: Database) throws -> Int {
    try db.first("SELECT count(*) FROM run_values WHERE execution = ?", .id(execution)) {
      $0.int(0)
    } ?? 0
  }
}

/// Single values of the whole database, by name.
enum MetaStore {
  static func integer(_ key: String, in db: Database) throws -> Int64? {
    try db.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.int64(0) }
  }

  static func set(_ key: String, _ value: Int64, in db: Database) throws {
    try db.run(
      """
      INSERT INTO meta (key, value) VALUES (?, ?)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value
      """, .text(key), .int(value))
  }
}

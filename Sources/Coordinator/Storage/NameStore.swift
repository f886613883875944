import Shared

/// Strings that occur in many results (resources, methods, content types, checks), each stored
/// once and referred to by its id.
public enum NameStore {
  /// The id of a string, which is added when it is new.
  public static func intern(_ name: String, atMs: Int64, in db: Database) throws -> NameID {
    if let id = try find(name: name, in: db) { return id }
    try db.run("INSERT INTO names (created_at, name) VALUES (?, ?)", .int(atMs), .text(name))
    return NameID(db.lastInsertedID)
  }

  public static func find(name: String, in db: Database) throws -> NameID? {
    try db.first("SELECT id FROM names WHERE name = ?", .text(name)) { $0.id(0) }
  }

  public static func find(_ id: NameID, in db: Database) throws -> NameRecord? {
    try db.first("SELECT id, created_at, name FROM names WHERE id = ?", .id(id)) {
      NameRecord(id: $0.id(0), createdAtMs: $0.int64(1), name: $0.text(2))
    }
  }

  /// Those of `ids` that are there.
  public static func find(
    _ ids: some Sequence<NameID>, in db: Database
  ) throws -> [NameID: NameRecord] {
    var records: [NameID: NameRecord] = [:]
    for id in ids { records[id] = try find(id, in: db) }
    return records
  }
}

import Shared

public enum RegionStore {
  private static let columns = """
    id, created_at, updated_at, name, public, latitude, longitude, description, active
    """

  /// Adds a region and returns it with its id. Throws a constraint error when the name is taken.
  public static func insert(_ record: RegionRecord, in db: Database) throws -> RegionRecord {
    try db.run(
      """
      INSERT INTO regions
        (created_at, updated_at, name, public, latitude, longitude, description, active)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .text(record.name),
      .bool(record.isPublic), .double(record.latitude), .double(record.longitude),
      .text(record.description), .bool(record.active))
    var stored = record
    stored.id = RegionID(db.lastInsertedID)
    return stored
  }

  public static func find(_ id: RegionID, in db: Database) throws -> RegionRecord? {
    try db.first("SELECT \(columns) FROM regions WHERE id = ?", .id(id), map: record)
  }

  public static func find(name: String, in db: Database) throws -> RegionRecord? {
    try db.first("SELECT \(columns) FROM regions WHERE name = ?", .text(name), map: record)
  }

  /// The region of that name, which is made when there is none.
  public static func findOrInsert(
    name: String, atMs: Int64, in db: Database
  ) throws -> RegionRecord {
    if let region = try find(name: name, in: db) { return region }
    let region = RegionRecord(id: RegionID(0), createdAtMs: atMs, updatedAtMs: atMs, name: name)
    return try insert(region, in: db)
  }

  /// Oldest first.
  public static func list(_ page: Page = .all, in db: Database) throws -> [RegionRecord] {
    try db.rows(
      "SELECT \(columns) FROM regions ORDER BY id LIMIT ? OFFSET ?",
      page.sqlLimit, page.sqlOffset, map: record)
  }

  /// Stores everything but id and creation; false when there is no such region.
  public static func update(_ record: RegionRecord, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE regions SET updated_at = ?, name = ?, public = ?, latitude = ?, longitude = ?,
        description = ?, active = ? WHERE id = ?
      """,
      .int(record.updatedAtMs), .text(record.name), .bool(record.isPublic),
      .double(record.latitude), .double(record.longitude), .text(record.description),
      .bool(record.active), .id(record.id))
    return db.changes > 0
  }

  private static func record(_ row: borrowing Row) -> RegionRecord {
    RegionRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), name: row.text(3),
      isPublic: row.bool(4), latitude: row.double(5), longitude: row.double(6),
      description: row.text(7), active: row.bool(8))
  }
}

extension RegionRecord {
  /// Characters (Unicode scalars) of a name.
  static let nameLengthMax = 100

  /// Whether a region can have a name, however it comes to exist.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.count <= nameLengthMax && !hasControls(text)
  }

  static func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
  }
}

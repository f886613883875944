import Shared

public enum AgentStore {
  private static let columns = """
    id, created_at, updated_at, uuid, name, region, capacity, version, last_heartbeat
    """

  /// Adds the agent or, by its UUID, brings it up to date; returns it with its id and creation.
  public static func upsert(_ record: AgentRecord, in db: Database) throws -> AgentRecord {
    try db.run(
      """
      INSERT INTO agents
        (created_at, updated_at, uuid, name, region, capacity, version, last_heartbeat)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (uuid) DO UPDATE SET updated_at = excluded.updated_at, name = excluded.name,
        region = excluded.region, capacity = excluded.capacity, version = excluded.version,
        last_heartbeat = excluded.last_heartbeat
      """,
      .int(record.createdAtMs), .int(record.updatedAtMs), .text(record.uuid), .text(record.name),
      .text(record.region), .int(record.capacity), .text(record.version),
      .int(record.lastHeartbeatMs))
    return try find(uuid: record.uuid, in: db) ?? record
  }

  public static func find(_ id: AgentID, in db: Database) throws -> AgentRecord? {
    try db.first("SELECT \(columns) FROM agents WHERE id = ?", .id(id), map: record)
  }

  public static func find(uuid: String, in db: Database) throws -> AgentRecord? {
    try db.first("SELECT \(columns) FROM agents WHERE uuid = ?", .text(uuid), map: record)
  }

  /// Oldest first.
  public static func list(_ page: Page = .all, in db: Database) throws -> [AgentRecord] {
    try db.rows(
      "SELECT \(columns) FROM agents ORDER BY id LIMIT ? OFFSET ?",
      page.sqlLimit, page.sqlOffset, map: record)
  }

  public static func setLastHeartbeat(
    uuid: String, atMs: Int64, in db: Database
  ) throws {
    try db.run("UPDATE agents SET last_heartbeat = ? WHERE uuid = ?", .int(atMs), .text(uuid))
  }

  private static func record(_ row: borrowing Row) -> AgentRecord {
    AgentRecord(
      id: row.id(0), createdAtMs: row.int64(1), updatedAtMs: row.int64(2), uuid: row.text(3),
      name: row.text(4), region: row.text(5), capacity: row.int(6), version: row.text(7),
      lastHeartbeatMs: row.int64(8))
  }
}

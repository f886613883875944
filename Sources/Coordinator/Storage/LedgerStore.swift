import Shared

/// A granted lease and how far its batches are committed.
public struct LedgerRecord: Sendable, Equatable {
  public var lease: LeaseKey
  public var execution: ExecutionID
  public var executionRegion: ExecutionRegionID
  /// UUID of the agent that it was granted to.
  public var agent: String
  /// Milliseconds since the Unix epoch.
  public var grantedAtMs: Int64
  public var cursor: BatchLedger.Cursor

  public init(
    lease: LeaseKey, execution: ExecutionID, executionRegion: ExecutionRegionID, agent: String,
    grantedAtMs: Int64, cursor: BatchLedger.Cursor = .init()
  ) {
    self.lease = lease
    self.execution = execution
    self.executionRegion = executionRegion
    self.agent = agent
    self.grantedAtMs = grantedAtMs
    self.cursor = cursor
  }
}

public enum LedgerStore {
  private static let columns = """
    chunk, epoch, execution, execution_region, agent, granted_at, next_seq, rows, iterations,
    digest, recent, sealed
    """

  /// Records a grant; to be done in the transaction that gives the lease. Granting twice changes
  /// nothing.
  public static func grant(_ record: LedgerRecord, in db: Database) throws {
    try db.run(
      """
      INSERT INTO ledger (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (chunk, epoch) DO NOTHING
      """,
      .id(record.lease.chunk), .int(record.lease.epoch), .id(record.execution),
      .id(record.executionRegion), .text(record.agent), .int(record.grantedAtMs),
      .int(record.cursor.nextSeq), .int(record.cursor.rows), .int(record.cursor.iterations),
      .int(Int64(record.cursor.digest)), .blob(bytes(record.cursor.recent)),
      .bool(record.cursor.isSealed))
  }

  /// Records a grant that nothing has come for yet.
  public static func grant(
    _ lease: LeaseKey, execution: ExecutionID, executionRegion: ExecutionRegionID, agent: String,
    in db: Database
  ) throws {
    try grant(
      LedgerRecord(
        lease: lease, execution: execution, executionRegion: executionRegion, agent: agent,
        grantedAtMs: Clock.wallMicros() / 1_000), in: db)
  }

  /// Stores how far a lease is committed; false when the grant was never recorded.
  static func advance(
    _ lease: LeaseKey, to cursor: BatchLedger.Cursor, in db: Database
  ) throws -> Bool {
    try db.run(
      """
      UPDATE ledger SET next_seq = ?, rows = ?, iterations = ?, digest = ?, recent = ?
      WHERE chunk = ? AND epoch = ?
      """,
      .int(cursor.nextSeq), .int(cursor.rows), .int(cursor.iterations),
      .int(Int64(cursor.digest)), .blob(bytes(cursor.recent)), .id(lease.chunk),
      .int(lease.epoch))
    return db.changes > 0
  }

  /// Nothing more is taken under this lease.
  public static func seal(_ lease: LeaseKey, in db: Database) throws {
    try db.run(
      "UPDATE ledger SET sealed = 1 WHERE chunk = ? AND epoch = ?",
      .id(lease.chunk), .int(lease.epoch))
  }

  public static func find(_ lease: LeaseKey, in db: Database) throws -> LedgerRecord? {
    try db.first(
      "SELECT \(columns) FROM ledger WHERE chunk = ? AND epoch = ?",
      .id(lease.chunk), .int(lease.epoch), map: record)
  }

  /// All leases of an execution.
  public static func list(of execution: ExecutionID, in db: Database) throws -> [LedgerRecord] {
    try db.rows(
      "SELECT \(columns) FROM ledger WHERE execution = ? ORDER BY chunk, epoch",
      .id(execution), map: record)
  }

  private static func record(_ row: borrowing Row) -> LedgerRecord {
    var cursor = BatchLedger.Cursor()
    cursor.nextSeq = row.count(6)
    cursor.rows = Int64(row.count(7))
    cursor.iterations = Int64(row.count(8))
    cursor.digest = UInt32(truncatingIfNeeded: row.int64(9))
    cursor.recent = checksums(row.blob(10))
    cursor.isSealed = row.bool(11)
    return LedgerRecord(
      lease: LeaseKey(chunk: row.id(0), epoch: row.int(1)), execution: row.id(2),
      executionRegion: row.id(3), agent: row.text(4), grantedAtMs: row.int64(5), cursor: cursor)
  }

  private static func bytes(_ checksums: [UInt32]) -> [UInt8] {
    checksums.flatMap { crc in (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) } }
  }

  private static func checksums(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
      (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }
  }
}

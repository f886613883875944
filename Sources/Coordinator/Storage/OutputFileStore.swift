import Shared

/// An output file as the store knows it; its content is in a file of its own.
public struct OutputFileRecord: Sendable, Equatable {
  public var id: Int64
  public var execution: ExecutionID
  public var executionRegion: ExecutionRegionID
  public var chunk: ChunkID
  public var epoch: Int
  /// Milliseconds since the Unix epoch.
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  /// Bytes that are there.
  public var size: Int64
  /// Parts that have come.
  public var parts: UInt32
  public var isComplete: Bool
  /// `isOfFailure` holds as well when a test failed later in the same iteration.
  public var metadata: FileMetadata
  /// The result of the test that it belongs to, as far as lists look for it.
  public var suiteResultID: Int64?
}

public enum OutputFileStore {
  private static let columns = """
    id, execution, execution_region, chunk, epoch, created_at, updated_at, size, parts, complete,
    captured_at, name, type, client, iteration, resource, suite, test, failure, charset
    """

  /// Which files are wanted: those for which everything that is set holds.
  public struct Filter: Sendable {
    public var execution: ExecutionID
    /// Bounds of the time of capture, microseconds since the Unix epoch; the upper is exclusive.
    public var sinceMicros: Int64?
    public var untilMicros: Int64?
    public var contentType: String?
    public var regions: Set<ExecutionRegionID>?
    public var client: Int64?
    public var iteration: Int64?

    public init(execution: ExecutionID) { self.execution = execution }

    /// What is not a matter of SQL.
    fileprivate func takes(_ record: OutputFileRecord) -> Bool {
      regions?.contains(record.executionRegion) ?? true
    }
  }

  /// Adds a file without content and returns its id. What an agent did not say of the charset may
  /// still be in the content type.
  static func insert(
    _ part: FilePart, lease: LeaseKey, execution: ExecutionID, region: ExecutionRegionID,
    atMs: Int64, in db: Database
  ) throws -> Int64 {
    let metadata = part.metadata
    let type = MediaType(metadata.contentType)
    let charset = metadata.charset.isEmpty ? type.charset ?? "" : metadata.charset
    try db.run(
      """
      INSERT INTO output_files (execution, execution_region, chunk, epoch, file, created_at,
        updated_at, captured_at, name, type, size, parts, complete, client, iteration, resource,
        suite, test, failure, charset)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(execution), .id(region), .id(lease.chunk), .int(lease.epoch), .int(Int64(part.file)),
      .int(atMs), .int(atMs), .int(metadata.atMicros), .text(metadata.name),
      .text(type.essence), .int(Int64(metadata.moment.client)),
      .int(Int64(metadata.moment.iteration)), .optional(metadata.resource),
      .optional(metadata.suite), .optional(metadata.test), .bool(metadata.isOfFailure),
      .text(charset))
    let id = db.lastInsertedID
    if let compare = metadata.compare {
      try ComparisonStore.insert(file: id, name: compare, in: db)
    }
    return id
  }

  /// The file that a run calls so.
  static func find(
    _ file: UInt32, of lease: LeaseKey, in db: Database
  ) throws -> OutputFileRecord? {
    try db.first(
      "SELECT \(columns) FROM output_files WHERE chunk = ? AND epoch = ? AND file = ?",
      .id(lease.chunk), .int(lease.epoch), .int(Int64(file)), map: record)
  }

  /// Nil for files of deleted executions too.
  public static func find(_ id: Int64, in db: Database) throws -> OutputFileRecord? {
    try db.first(
      """
      SELECT \(columns) FROM output_files
      WHERE id = ? AND execution IN (SELECT id FROM executions)
      """, .int(id), map: record)
  }

  static func grown(
    _ id: Int64, size: Int64, parts: UInt32, isComplete: Bool, atMs: Int64, in db: Database
  ) throws {
    try db.run(
      "UPDATE output_files SET size = ?, parts = ?, complete = ?, updated_at = ? WHERE id = ?",
      .int(size), .int(Int64(parts)), .bool(isComplete), .int(atMs), .int(id))
  }

  static func delete(_ id: Int64, in db: Database) throws {
    try db.run("DELETE FROM output_files WHERE id = ?", .int(id))
  }

  /// Files that never came whole: their runs are over.
  static func deleteIncomplete(
    of execution: ExecutionID, in db: Database
  ) throws -> [Int64] {
    let ids = try db.rows(
      "SELECT id FROM output_files WHERE execution = ? AND complete = 0", .id(execution)
    ) { $0.int64(0) }
    for id in ids { try delete(id, in: db) }
    return ids
  }

  /// Files that are complete and wanted, in the order of their ids.
  public static func list(_ filter: Filter, in db: Database) throws -> [OutputFileRecord] {
    var records: [OutputFileRecord] = []
    try db.each(
      """
      SELECT \(columns),
        (SELECT 1 FROM suite_results r WHERE r.execution = ?1 AND r.client = output_files.client
          AND r.iteration = output_files.iteration AND r.passed = 0),
        (SELECT r.id FROM suite_results r JOIN names s ON s.id = r.suite
          JOIN names t ON t.id = r.test
          WHERE r.execution = ?1 AND r.client = output_files.client
          AND r.iteration = output_files.iteration AND s.name = output_files.suite
          AND t.name = output_files.test ORDER BY r.id LIMIT 1)
      FROM output_files WHERE execution = ?1 AND complete = 1
        AND (?2 IS NULL OR captured_at >= ?2) AND (?3 IS NULL OR captured_at < ?3)
        AND (?4 IS NULL OR type = ?4) AND (?5 IS NULL OR client = ?5)
        AND (?6 IS NULL OR iteration = ?6)
      ORDER BY id
      """,
      [
        .id(filter.execution), .optional(filter.sinceMicros), .optional(filter.untilMicros),
        .optional(filter.contentType.map { MediaType($0).essence }), .optional(filter.client),
        .optional(filter.iteration),
      ]
    ) { row in
      var record = record(row)
      if row.bool(20) { record.metadata.isOfFailure = true }
      record.suiteResultID = row.optionalInt64(21)
      if filter.takes(record) { records.append(record) }
    }
    return records
  }

  /// How many files an execution has, whole or not, and their bytes.
  static func totals(
    of execution: ExecutionID, in db: Database
  ) throws -> (count: Int, bytes: Int) {
    try db.first(
      "SELECT count(*), coalesce(sum(size), 0) FROM output_files WHERE execution = ?",
      .id(execution)
    ) { (count: $0.int(0), bytes: $0.int(1)) } ?? (0, 0)
  }

  private static func record(_ row: borrowing Row) -> OutputFileRecord {
    var metadata = FileMetadata(
      atMicros: row.int64(10), name: row.text(11), contentType: row.text(12),
      moment: ClientMoment(
        client: UInt32(truncatingIfNeeded: row.int64(13)),
        iteration: UInt32(truncatingIfNeeded: row.int64(14))))
    metadata.resource = row.optionalText(15)
    metadata.suite = row.optionalText(16)
    metadata.test = row.optionalText(17)
    metadata.isOfFailure = row.bool(18)
    metadata.charset = row.text(19)
    return OutputFileRecord(
      id: row.int64(0), execution: row.id(1), executionRegion: row.id(2), chunk: row.id(3),
      epoch: row.int(4), createdAtMs: row.int64(5), updatedAtMs: row.int64(6),
      size: Int64(row.count(7)), parts: UInt32(truncatingIfNeeded: row.int64(8)),
      isComplete: row.bool(9), metadata: metadata)
  }
}

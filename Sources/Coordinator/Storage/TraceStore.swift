import Shared

/// A stored trace as lists show it.
public struct TraceRecord: Sendable, Equatable {
  public var id: Int64
  public var execution: ExecutionID
  public var executionRegion: ExecutionRegionID
  public var chunk: ChunkID
  public var epoch: Int
  /// When it was committed, milliseconds since the Unix epoch.
  public var createdAtMs: Int64
  /// An id that a result had which was committed at about the same time.
  public var nearResultID: Int64
  public var resource: NameRecord
  /// Without its packets, which `TraceStore.packets` gives.
  public var trace: TraceRow
}

public enum TraceStore {
  private static let columns = """
    t.id, t.execution, t.execution_region, t.chunk, t.epoch, t.created_at, t.near_result,
    n.id, n.created_at, n.name, t.method, t.content_type, t.url, t.length, t.request
    """

  /// Adds a trace.
  ///
  /// - Returns: bytes that its packets take.
  static func insert(
    _ row: TraceRow, resource: NameID, lease: LeaseKey, execution: ExecutionID,
    region: ExecutionRegionID, nearResultID: Int64, atMs: Int64, compressor: Zstandard,
    in db: Database
  ) throws -> Int {
    let packets = try compressor.compress([Array(row.packets.utf8)])
    var request = VarIntWriter()
    row.request.encode(to: &request)
    try db.run(
      """
      INSERT INTO traces (execution, execution_region, chunk, epoch, created_at, near_result,
        resource, method, content_type, url, length, request, packets)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .id(execution), .id(region), .id(lease.chunk), .int(lease.epoch), .int(atMs),
      .int(nearResultID), .id(resource), .text(row.method), .optional(row.contentType),
      .text(row.url), .int(row.length), .blob(request.bytes), .blob(packets))
    return packets.count
  }

  /// Nil for traces of deleted executions too.
  public static func find(_ id: Int64, in db: Database) throws -> TraceRecord? {
    try db.first(
      """
      SELECT \(columns) FROM traces t JOIN names n ON n.id = t.resource
      WHERE t.id = ? AND t.execution IN (SELECT id FROM executions)
      """, .int(id), map: record)
  }

  /// At most `limit` traces of an execution with ids above `id`, in their order.
  public static func list(
    of execution: ExecutionID, region: ExecutionRegionID?, resource: NameID? = nil,
    after id: Int64, limit: Int, in db: Database
  ) throws -> [TraceRecord] {
    var records: [TraceRecord] = []
    try db.each(
      """
      SELECT \(columns) FROM traces t JOIN names n ON n.id = t.resource
      WHERE t.execution = ?1 AND (?2 IS NULL OR t.execution_region = ?2) AND t.id > ?3
        AND (?5 IS NULL OR t.resource = ?5)
      ORDER BY t.id LIMIT ?4
      """,
      [
        .id(execution), .optional(region?.rawValue), .int(id), .int(limit),
        .optional(resource?.rawValue),
      ]
    ) { records.append(try record($0)) }
    return records
  }

  /// The packets of a trace: the text of a JSON array.
  public static func packets(_ id: Int64, in db: Database) throws -> [UInt8]? {
    let body = try db.first("SELECT packets FROM traces WHERE id = ?", .int(id)) { $0.blob(0) }
    return try body.map { try Zstandard.decompress($0, bytesMax: Limits.traceBytesMax) }
  }

  /// How many traces an execution has, and the bytes of their packets.
  static func totals(
    of execution: ExecutionID, in db: Database
  ) throws -> (count: Int, bytes: Int) {
    try db.first(
      "SELECT count(*), coalesce(sum(length(packets)), 0) FROM traces WHERE execution = ?",
      .id(execution)
    ) { (count: $0.int(0), bytes: $0.int(1)) } ?? (0, 0)
  }

  private static func record(_ row: borrowing Row) throws -> TraceRecord {
    var reader = VarIntReader(row.blob(14))
    let trace = TraceRow(
      request: try RequestRow(from: &reader), resource: row.text(9), method: row.text(10),
      contentType: row.optionalText(11), url: row.text(12), length: Int64(row.count(13)),
      packets: "")
    return TraceRecord(
      id: row.int64(0), execution: row.id(1), executionRegion: row.id(2), chunk: row.id(3),
      epoch: row.int(4), createdAtMs: row.int64(5), nearResultID: row.int64(6),
      resource: NameRecord(id: row.id(7), createdAtMs: row.int64(8), name: row.text(9)),
      trace: trace)
  }
}

extension RequestRow {
  /// Appends all fields but those that refer to a batch's strings.
  fileprivate func encode(to writer: inout VarIntWriter) {
    for number in [
      startedAtMicros, bytesSent, bytesReceived, Int64(client), Int64(iteration),
      Int64(connection), Int64(dnsLookupMicros), Int64(connectionOpenMicros),
      Int64(tlsHandshakeMicros), Int64(firstReceivedMicros), Int64(connectionCloseMicros),
      Int64(dataPacketsSent), Int64(dataPacketsReceived), Int64(status), Int64(error.rawValue),
      success ? 1 : 0,
    ] {
      writer.signed(number)
    }
  }

  fileprivate init(from reader: inout VarIntReader) throws(VarIntError) {
    self.init()
    startedAtMicros = try reader.signed()
    bytesSent = try reader.signed()
    bytesReceived = try reader.signed()
    client = UInt32(truncatingIfNeeded: try reader.signed())
    iteration = UInt32(truncatingIfNeeded: try reader.signed())
    connection = UInt32(truncatingIfNeeded: try reader.signed())
    dnsLookupMicros = Int32(truncatingIfNeeded: try reader.signed())
    connectionOpenMicros = Int32(truncatingIfNeeded: try reader.signed())
    tlsHandshakeMicros = Int32(truncatingIfNeeded: try reader.signed())
    firstReceivedMicros = Int32(truncatingIfNeeded: try reader.signed())
    connectionCloseMicros = Int32(truncatingIfNeeded: try reader.signed())
    dataPacketsSent = UInt32(truncatingIfNeeded: try reader.signed())
    dataPacketsReceived = UInt32(truncatingIfNeeded: try reader.signed())
    status = UInt16(truncatingIfNeeded: try reader.signed())
    error = ErrorReason(rawValue: UInt8(truncatingIfNeeded: try reader.signed())) ?? .other
    success = try reader.signed() == 1
  }
}

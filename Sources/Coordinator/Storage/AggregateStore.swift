import Shared

/// The aggregates of finished executions.
public enum AggregateStore {
  /// Bytes of a part before compression: SQLite holds a row in memory as a whole.
  private static let partBytes = 8 << 20

  /// Stores the aggregates of an execution in place of what was there.
  static func save(_ aggregator: IntervalAggregator, in db: Database) throws {
    try db.run("DELETE FROM aggregates WHERE execution = ?", .id(aggregator.execution))
    let bytes = aggregator.encoded()
    let compressor = Zstandard()
    for (part, start) in stride(from: 0, to: bytes.count, by: partBytes).enumerated() {
      let section = Array(bytes[start..<min(start + partBytes, bytes.count)])
      try db.run(
        "INSERT INTO aggregates (execution, part, body) VALUES (?, ?, ?)",
        .id(aggregator.execution), .int(part), .blob(try compressor.compress([section])))
    }
  }

  /// The aggregates of an execution, nil when none are stored.
  static func load(_ execution: ExecutionID, in db: Database) throws -> IntervalAggregator? {
    let parts = try db.rows(
      "SELECT body FROM aggregates WHERE execution = ? ORDER BY part", .id(execution)
    ) { $0.blob(0) }
    guard !parts.isEmpty else { return nil }
    var bytes: [UInt8] = []
    for part in parts { bytes += try Zstandard.decompress(part, bytesMax: partBytes) }
    return try IntervalAggregator(decoding: bytes)
  }
}

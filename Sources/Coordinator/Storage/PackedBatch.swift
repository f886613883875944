import Shared

/// The body of a stored batch, unpacked but not read yet beyond what it is about: whose rows it
/// holds, and of which names. Who looks for few rows can tell from it that there are none.
struct PackedBatch {
  /// Rows of all segments together.
  struct Counts {
    var requests = 0
    var iterations = 0
    var checks = 0
    var samples = 0
    var drops = 0
    var assertions = 0
  }

  /// Bytes that a body may unpack to: 16k rows of at most 20 columns of at most 10 bytes each,
  /// several times over.
  private static let bytesMax = 64 << 20
  private static let rowsMax = 1 << 20

  let format: UInt64
  let segments: [StoredBatch.Segment]
  let names: [NameID]
  let counts: Counts
  /// Stands at the first column of the requests until they are read.
  var reader: VarIntReader

  /// - Throws: `VarIntError` or `Zstandard.Failure` when the bytes are damaged.
  init(_ body: [UInt8], with decompressor: Zstandard.Decompressor = .init()) throws {
    reader = VarIntReader(try decompressor.content(of: body, bytesMax: Self.bytesMax))
    format = try reader.unsigned()
    guard (1...StoredBatch.format).contains(format) else {
      throw VarIntError("batch of unknown format \(format)")
    }
    segments = try Self.segments(&reader, format: format)
    var names: [NameID] = []
    var name: Int64 = 0
    for _ in 0..<(try reader.count()) {
      name &+= try reader.signed()
      names.append(NameID(name))
    }
    self.names = names
    counts = try Self.totals(segments)
  }

  /// The id after the last that belongs to it.
  var nextResultID: Int64 {
    guard let last = segments.last else { return 0 }
    return last.firstResultID + Int64(max(last.requests, 1))
  }

  private static func segments(
    _ reader: inout VarIntReader, format: UInt64
  ) throws(VarIntError) -> [StoredBatch.Segment] {
    var segments: [StoredBatch.Segment] = []
    for _ in 0..<(try reader.count()) {
      var segment = StoredBatch.Segment(
        chunk: ChunkID(try reader.signed()), epoch: Int(try reader.signed()),
        firstResultID: try reader.signed(), committedAtMs: try reader.signed(),
        requests: try reader.count(max: Self.rowsMax),
        iterations: try reader.count(max: Self.rowsMax),
        checks: try reader.count(max: Self.rowsMax), samples: try reader.count(max: Self.rowsMax),
        drops: format < 2 ? 0 : try reader.count(max: Self.rowsMax))
      if format >= 3 {
        segment.assertions = try reader.count(max: Self.rowsMax)
        if segment.assertions > 0 { segment.firstAssertionID = try reader.signed() }
      }
      segments.append(segment)
    }
    return segments
  }

  private static func totals(
    _ segments: [StoredBatch.Segment]
  ) throws(VarIntError) -> Counts {
    var totals = Counts()
    for segment in segments {
      totals.requests += segment.requests
      totals.iterations += segment.iterations
      totals.checks += segment.checks
      totals.samples += segment.samples
      totals.drops += segment.drops
      totals.assertions += segment.assertions
    }
    let most = max(
      totals.requests, totals.iterations, totals.checks, totals.samples, totals.drops,
      totals.assertions)
    guard most <= rowsMax else { throw VarIntError("batch of too many rows") }
    return totals
  }
}

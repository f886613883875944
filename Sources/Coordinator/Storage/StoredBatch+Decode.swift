import Shared

extension StoredBatch {
  /// Bytes that a body may unpack to: 16k rows of at most 20 columns of at most 10 bytes each,
  /// several times over.
  private static let bytesMax = 64 << 20
  private static let rowsMax = 1 << 20

  /// Reads a body.
  ///
  /// - Throws: `VarIntError` or `Zstandard.Failure` when the bytes are damaged.
  public init(decoding body: [UInt8]) throws {
    var reader = VarIntReader(try Zstandard.decompress(body, bytesMax: Self.bytesMax))
    let format = try reader.unsigned()
    guard (1...Self.format).contains(format) else {
      throw VarIntError("batch of unknown format \(format)")
    }
    let segments = try Self.segments(&reader, format: format)
    var names: [NameID] = []
    var name: Int64 = 0
    for _ in 0..<(try reader.count()) {
      name &+= try reader.signed()
      names.append(NameID(name))
    }
    let counts = try Self.totals(segments)
    let requests = try Self.requests(&reader, counts.requests, names: names.count)
    let iterations = try Self.iterations(&reader, counts.iterations, requests, format: format)
    let checks = try Self.checks(&reader, counts.checks, names: names.count)
    let samples = try Self.samples(&reader, counts.samples)
    let drops = try Self.drops(&reader, counts.drops)
    self.init(
      segments: segments, names: names, requests: requests, iterations: iterations,
      checks: checks, samples: samples, drops: drops)
  }

  private static func segments(
    _ reader: inout VarIntReader, format: UInt64
  ) throws(VarIntError) -> [Segment] {
    var segments: [Segment] = []
    for _ in 0..<(try reader.count()) {
      segments.append(
        Segment(
          chunk: ChunkID(try reader.signed()), epoch: Int(try reader.signed()),
          firstResultID: try reader.signed(), committedAtMs: try reader.signed(),
          requests: try reader.count(max: rowsMax), iterations: try reader.count(max: rowsMax),
          checks: try reader.count(max: rowsMax), samples: try reader.count(max: rowsMax),
          drops: format < 2 ? 0 : try reader.count(max: rowsMax)))
    }
    return segments
  }

  private static func totals(
    _ segments: [Segment]
  ) throws(VarIntError) -> (
    requests: Int, iterations: Int, checks: Int, samples: Int, drops: Int
  ) {
    var totals = (requests: 0, iterations: 0, checks: 0, samples: 0, drops: 0)
    for segment in segments {
      totals.requests += segment.requests
      totals.iterations += segment.iterations
      totals.checks += segment.checks
      totals.samples += segment.samples
      totals.drops += segment.drops
    }
    let most = max(
      totals.requests, totals.iterations, totals.checks, totals.samples, totals.drops)
    guard most <= rowsMax else {
      throw VarIntError("batch of too many rows")
    }
    return totals
  }

  private static func requests(
    _ reader: inout VarIntReader, _ count: Int, names: Int
  ) throws(VarIntError) -> [RequestRow] {
    guard count > 0 else { return [] }
    var rows = [RequestRow](repeating: RequestRow(), count: count)
    let clients = try ColumnWriter.read(&reader, count: count)
    let resources = try ColumnWriter.read(&reader, count: count)
    let ofClient = ColumnModel.previous(clients)
    let ofResource = ColumnModel.previous(resources)
    func column() throws(VarIntError) -> [Int64] { try ColumnWriter.read(&reader, count: count) }
    try fill(&rows, clients) { $0.client = $1 }
    try fill(&rows, resources) { $0.resource = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofClient)) { $0.iteration = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofClient)) { $0.connection = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofResource)) { $0.method = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofResource)) { $0.contentType = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofResource)) { $0.status = $1 }
    try fill(&rows, try column()) { (row, raw: UInt8) in
      row.error = ErrorReason(rawValue: raw) ?? .other
    }
    try fill(&rows, try column()) { (row, value: UInt8) in row.success = value == 1 }
    try fill(&rows, try column()) { $0.dnsLookupMicros = $1 }
    try fill(&rows, try column()) { $0.connectionOpenMicros = $1 }
    try fill(&rows, try column()) { $0.tlsHandshakeMicros = $1 }
    try fill(&rows, try column()) { $0.firstReceivedMicros = $1 }
    try fill(&rows, try column()) { (row, value: Int64) in
      row.connectionCloseMicros = Int32(
        truncatingIfNeeded: value &+ Int64(row.firstReceivedMicros))
    }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofResource)) { $0.bytesSent = $1 }
    try fill(&rows, ColumnModel.sums(try column(), previous: ofResource)) { $0.bytesReceived = $1 }
    try fill(&rows, try column()) { $0.dataPacketsSent = $1 }
    try fill(&rows, try column()) { $0.dataPacketsReceived = $1 }
    try fill(&rows, ColumnModel.sums(try column())) { (row, ended: Int64) in
      row.startedAtMicros = ended &- Int64(row.connectionCloseMicros)
    }
    for row in rows
    where Int(row.resource) >= names || Int(row.method) >= names || Int(row.contentType) >= names {
      throw VarIntError("a row refers to a name that is not there")
    }
    return rows
  }

  private static func iterations(
    _ reader: inout VarIntReader, _ count: Int, _ requests: [RequestRow], format: UInt64
  ) throws(VarIntError) -> [IterationRow] {
    guard count > 0 else { return [] }
    func column() throws(VarIntError) -> [Int64] { try ColumnWriter.read(&reader, count: count) }
    let skips = try column()
    let clients = try column()
    let numbers = try column()
    let starts = try column()
    let ends = try column()
    let failures = try column()
    let delays = format < 2 ? [Int64](repeating: 0, count: count) : try column()
    var matcher = IterationMatcher(requests)
    var rows: [IterationRow] = []
    rows.reserveCapacity(count)
    for index in 0..<count {
      let match = matcher.follow(skip: skips[index])
      let base = matcher.base(match.index)
      guard match.isValid, let client = UInt32(exactly: clients[index] &+ base.client),
        let number = UInt32(exactly: numbers[index] &+ base.iteration)
      else { throw VarIntError("an iteration refers to nothing") }
      let start = starts[index] &+ base.startedAtMicros
      let end = ends[index] &+ base.endedAtMicros
      let row = IterationRow(
        startedAtMicros: start, durationMicros: end &- start, client: client, iteration: number,
        failed: failures[index] == 1, intendedAtMicros: start &- delays[index])
      rows.append(row)
      matcher.pass(row, endedAtMicros: end)
    }
    return rows
  }

  private static func checks(
    _ reader: inout VarIntReader, _ count: Int, names: Int
  ) throws(VarIntError) -> [CheckCount] {
    let empty = CheckCount(name: 0, intervalStartMs: 0, passes: 0, fails: 0)
    var rows = [CheckCount](repeating: empty, count: count)
    func column() throws(VarIntError) -> [Int64] { try ColumnWriter.read(&reader, count: count) }
    try fill(&rows, try column()) { $0.name = $1 }
    try fill(&rows, ColumnModel.sums(try column())) { $0.intervalStartMs = $1 }
    try fill(&rows, try column()) { $0.passes = $1 }
    try fill(&rows, try column()) { $0.fails = $1 }
    for row in rows where Int(row.name) >= names {
      throw VarIntError("a check refers to a name that is not there")
    }
    return rows
  }

  private static func samples(
    _ reader: inout VarIntReader, _ count: Int
  ) throws(VarIntError) -> [AgentSample] {
    let empty = AgentSample(
      atMicros: 0, activeClients: 0, tickLatencyMicros: 0, cpuPermille: 0, memoryBytes: 0)
    var rows = [AgentSample](repeating: empty, count: count)
    func column() throws(VarIntError) -> [Int64] { try ColumnWriter.read(&reader, count: count) }
    try fill(&rows, ColumnModel.sums(try column())) { $0.atMicros = $1 }
    try fill(&rows, ColumnModel.sums(try column())) { $0.activeClients = $1 }
    try fill(&rows, try column()) { $0.tickLatencyMicros = $1 }
    try fill(&rows, try column()) { $0.cpuPermille = $1 }
    try fill(&rows, ColumnModel.sums(try column())) { $0.memoryBytes = $1 }
    return rows
  }

  private static func drops(
    _ reader: inout VarIntReader, _ count: Int
  ) throws(VarIntError) -> [DroppedIterations] {
    var rows = [DroppedIterations](
      repeating: DroppedIterations(intervalStartMs: 0, count: 0), count: count)
    func column() throws(VarIntError) -> [Int64] { try ColumnWriter.read(&reader, count: count) }
    try fill(&rows, ColumnModel.sums(try column())) { $0.intervalStartMs = $1 }
    try fill(&rows, try column()) { $0.count = $1 }
    return rows
  }

  /// Stores a column into a field.
  @inline(__always)
  private static func fill<Row, Value: FixedWidthInteger>(
    _ rows: inout [Row], _ values: [Int64], _ set: (inout Row, Value) -> Void
  ) throws(VarIntError) {
    for index in rows.indices {
      guard let value = Value(exactly: values[index]) else {
        throw VarIntError("a value does not fit its field")
      }
      set(&rows[index], value)
    }
  }
}

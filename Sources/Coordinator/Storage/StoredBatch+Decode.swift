import Shared

extension StoredBatch {
  /// Reads a body.
  ///
  /// - Throws: `VarIntError` or `Zstandard.Failure` when the bytes are damaged.
  public init(decoding body: [UInt8]) throws {
    try self.init(try PackedBatch(body))
  }

  init(_ packed: PackedBatch) throws(VarIntError) {
    var packed = packed
    let requests = try packed.requests()
    let names = packed.names.count
    let counts = packed.counts
    let iterations = try Self.iterations(
      &packed.reader, counts.iterations, requests, format: packed.format)
    let checks = try Self.checks(&packed.reader, counts.checks, names: names)
    let samples = try Self.samples(&packed.reader, counts.samples)
    let drops = try Self.drops(&packed.reader, counts.drops)
    let assertions = try Self.assertions(
      &packed.reader, counts.assertions, after: requests, names: names)
    self.init(
      segments: packed.segments, names: packed.names, requests: requests,
      iterations: iterations, checks: checks, samples: samples, drops: drops,
      assertions: assertions)
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
  private static func fill<Row, Value: FixedWidthInteger>(
    _ rows: inout [Row], _ values: [Int64], _ set: (inout Row, Value) -> Void
  ) throws(VarIntError) {
    try Column.values(values).fill(&rows, set)
  }
}

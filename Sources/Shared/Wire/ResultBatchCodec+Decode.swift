extension ResultBatchCodec {
  /// Reads one line, without its newline. Refuses whatever does not add up: a checksum that
  /// differs, columns of different lengths, values outside their field, references to strings
  /// that are not there.
  public static func decode(_ line: [UInt8]) throws(DecodingFailure) -> Decoded {
    var decoder = BatchDecoder()
    do {
      try line.withUnsafeBufferPointer { (bytes) throws(LineScanner.Failure) in
        try decoder.read(bytes)
      }
    } catch {
      throw DecodingFailure(
        message: "results: \(error.message) at byte \(error.offset)",
        key: leadingKey(of: line) ?? decoder.key)
    }
    guard let key = decoder.key, let crc = decoder.crc else {
      throw DecodingFailure(message: "results: chunk, epoch, seq or crc32c is missing")
    }
    if let leading = leadingKey(of: line), leading != key {
      throw DecodingFailure(message: "results: two batches are named", key: leading)
    }
    if let problem = decoder.inconsistency {
      throw DecodingFailure(message: "results: \(problem)", key: key)
    }
    return Decoded(key: key, crc: crc, batch: decoder.batch)
  }
}

/// The state of reading one line.
struct BatchDecoder {
  typealias Failure = LineScanner.Failure

  var batch = ResultBatch()
  var crc: UInt32?
  /// Checks, until the requests are read that they follow.
  var checks: [ReceivedCheck] = []
  /// What logs and suite results refer to.
  var texts: [String] = []
  private var actualCRC: UInt32 = 0
  private var chunk: Int64?
  private var epoch: Int64?
  private var seq: Int64?
  private var count: Int64?
  /// Values of the column that is read, kept to spare allocations.
  private var values: [Int64] = []

  var key: BatchKey? {
    guard let chunk, let epoch, let seq, let epoch = Int(exactly: epoch),
      let seq = Int(exactly: seq)
    else { return nil }
    return BatchKey(chunk: ChunkID(chunk), epoch: epoch, seq: seq)
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
    var scanner = LineScanner(bytes)
    // `members` lends the scanner to its body, so the body works on copies of our own fields.
    var state = self
    defer { self = state }
    try scanner.members { (scanner, name) throws(Failure) in
      switch name {
      case "chunk": state.chunk = try scanner.integer()
      case "epoch": state.epoch = try scanner.integer()
      case "seq": state.seq = try scanner.integer()
      case "count": state.count = try scanner.integer()
      case "crc32c":
        let value = try scanner.integer()
        guard let crc = UInt32(exactly: value) else { throw scanner.fail("crc32c out of range") }
        state.crc = crc
        let rest = UnsafeRawBufferPointer(
          rebasing: UnsafeRawBufferPointer(bytes)[scanner.offset...])
        state.actualCRC = CRC32C.checksum(rest)
      case "strings":
        try scanner.elements { (scanner) throws(Failure) in
          state.batch.strings.append(try scanner.string())
        }
      case "requests": try state.readRequests(&scanner)
      case "iterations": try state.readIterations(&scanner)
      case "checks": try state.readChecks(&scanner)
      case "assertions": try state.readAssertions(&scanner)
      case "samples": try state.readSamples(&scanner)
      case "drops": try state.readDrops(&scanner)
      default:
        if !(try state.readRecords(name, &scanner)) { try scanner.skipValue() }
      }
    }
    guard scanner.atEnd() else { throw scanner.fail("bytes after the end") }
    guard state.completeChecks() else {
      throw scanner.fail("a check of a request or client that is not there")
    }
  }

  /// Why the batch, though well-formed, cannot be true.
  var inconsistency: String? {
    if crc != actualCRC { return "checksum differs" }
    if count.map({ $0 != batch.requests.count }) ?? false { return "count differs" }
    let strings = batch.strings.count
    for row in batch.requests
    where row.resource >= strings || row.method >= strings || row.contentType >= strings
      || row.contentType < -1
    {
      return "a request refers to a string that is not there"
    }
    if batch.checks.contains(where: { $0.name >= strings })
      || batch.assertions.contains(where: { $0.name >= strings })
    {
      return "a check refers to a string that is not there"
    }
    if key.map({ $0.epoch < 0 || $0.seq < 0 || Int64($0.seq) > Limits.wholeNumberMax }) ?? false {
      return "epoch or seq is out of range"
    }
    return batch.problem
  }

  // MARK: tables

  private mutating func readRequests(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [RequestRow] = []
    try readTable(&scanner, &rows, RequestRow()) { (rows, name, values) in
      switch name {
      case "at": fit(&rows, values) { $0.startedAtMicros = $1 }
      case "client": fit(&rows, values) { $0.client = $1 }
      case "iteration": fit(&rows, values) { $0.iteration = $1 }
      case "connection": fit(&rows, values) { $0.connection = $1 }
      case "resource": fit(&rows, values) { $0.resource = $1 }
      case "method": fit(&rows, values) { $0.method = $1 }
      case "contentType": fit(&rows, values) { $0.contentType = $1 }
      case "dns": fit(&rows, values) { $0.dnsLookupMicros = $1 }
      case "open": fit(&rows, values) { $0.connectionOpenMicros = $1 }
      case "tls": fit(&rows, values) { $0.tlsHandshakeMicros = $1 }
      case "first": fit(&rows, values) { $0.firstReceivedMicros = $1 }
      case "close": fit(&rows, values) { $0.connectionCloseMicros = $1 }
      case "sent": fit(&rows, values) { $0.bytesSent = $1 }
      case "received": fit(&rows, values) { $0.bytesReceived = $1 }
      case "packetsSent": fit(&rows, values) { $0.dataPacketsSent = $1 }
      case "packetsReceived": fit(&rows, values) { $0.dataPacketsReceived = $1 }
      case "status": fit(&rows, values) { $0.status = $1 }
      case "error": fitErrors(&rows, values)
      case "success": fit(&rows, values) { (row, value: UInt8) in row.success = value == 1 }
      default: true
      }
    }
    batch.requests = rows
  }

  private mutating func readIterations(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [IterationRow] = []
    let empty = IterationRow(
      startedAtMicros: 0, durationMicros: 0, client: 0, iteration: 0, failed: false)
    try readTable(&scanner, &rows, empty) { (rows, name, values) in
      switch name {
      case "at": fit(&rows, values) { $0.startedAtMicros = $1 }
      case "duration": fit(&rows, values) { $0.durationMicros = $1 }
      case "client": fit(&rows, values) { $0.client = $1 }
      case "iteration": fit(&rows, values) { $0.iteration = $1 }
      case "failed": fit(&rows, values) { (row, value: UInt8) in row.failed = value == 1 }
      // Times may come later than delays: these wait in the other field.
      case "delay": fit(&rows, values) { $0.intendedAtMicros = $1 }
      default: true
      }
    }
    for index in rows.indices { rows[index].delayMicros = rows[index].intendedAtMicros }
    batch.iterations = rows
  }

  private mutating func readChecks(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [CheckCount] = []
    let empty = CheckCount(name: 0, intervalStartMs: 0, passes: 0, fails: 0)
    try readTable(&scanner, &rows, empty) { (rows, name, values) in
      switch name {
      case "name": fit(&rows, values) { $0.name = $1 }
      case "interval": fit(&rows, values) { $0.intervalStartMs = $1 }
      case "passes": fit(&rows, values) { $0.passes = $1 }
      case "fails": fit(&rows, values) { $0.fails = $1 }
      default: true
      }
    }
    batch.checks = rows
  }

  private mutating func readSamples(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [AgentSample] = []
    let empty = AgentSample(
      atMicros: 0, activeClients: 0, tickLatencyMicros: 0, cpuPermille: 0, memoryBytes: 0)
    try readTable(&scanner, &rows, empty) { (rows, name, values) in
      switch name {
      case "at": fit(&rows, values) { $0.atMicros = $1 }
      case "active": fit(&rows, values) { $0.activeClients = $1 }
      case "tick": fit(&rows, values) { $0.tickLatencyMicros = $1 }
      case "cpu": fit(&rows, values) { $0.cpuPermille = $1 }
      case "memory": fit(&rows, values) { $0.memoryBytes = $1 }
      default: true
      }
    }
    batch.samples = rows
  }

  private mutating func readDrops(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [DroppedIterations] = []
    let empty = DroppedIterations(intervalStartMs: 0, count: 0)
    try readTable(&scanner, &rows, empty) { (rows, name, values) in
      switch name {
      case "interval": fit(&rows, values) { $0.intervalStartMs = $1 }
      case "dropped": fit(&rows, values) { $0.count = $1 }
      default: true
      }
    }
    batch.drops = rows
  }

  /// Reads `{"count":n,column…}`; `count` stands first, so that columns know their length.
  @inline(__always)
  mutating func readTable<Row>(
    _ scanner: inout LineScanner, _ rows: inout [Row], _ empty: Row,
    _ store: (inout [Row], String, [Int64]) -> Bool
  ) throws(Failure) {
    var table: [Row] = []
    var column = values
    values = []
    try scanner.members { (scanner, name) throws(Failure) in
      if name == "count" {
        let count = try scanner.integer()
        guard table.isEmpty, (1...Int64(Limits.batchRowsMax)).contains(count) else {
          throw scanner.fail("count is not from 1 to \(Limits.batchRowsMax)")
        }
        table = [Row](repeating: empty, count: Int(count))
        return
      }
      try Self.readColumn(&scanner, count: table.count, into: &column)
      guard store(&table, name, column) else {
        throw scanner.fail("column \(name) holds a value out of range")
      }
    }
    rows = table
    values = column
  }

  private static func readColumn(
    _ scanner: inout LineScanner, count: Int, into column: inout [Int64]
  ) throws(Failure) {
    column.removeAll(keepingCapacity: true)
    switch scanner.peek() {
    case UInt8(ascii: "["): try readValues(&scanner, count, &column)
    case UInt8(ascii: "{"):
      try scanner.members { (scanner, name) throws(Failure) in
        guard name == "d", column.isEmpty else { throw scanner.fail("unknown column form") }
        try readValues(&scanner, count, &column)
      }
      for index in column.indices.dropFirst() { column[index] &+= column[index - 1] }
    default:
      let value = try scanner.integer()
      column.append(contentsOf: repeatElement(value, count: count))
    }
    guard column.count == count, count > 0 else {
      throw scanner.fail("column of \(column.count) values in a table of \(count)")
    }
  }

  /// Reads at most `count` values, so that a hostile line costs no more than an honest one.
  private static func readValues(
    _ scanner: inout LineScanner, _ count: Int, _ column: inout [Int64]
  ) throws(Failure) {
    try scanner.elements { (scanner) throws(Failure) in
      guard column.count < count else { throw scanner.fail("column is too long") }
      column.append(try scanner.integer())
    }
  }
}

/// Stores a column into a field; false when a value does not fit the field's type.
@inline(__always)
func fit<Row, Value: FixedWidthInteger>(
  _ rows: inout [Row], _ values: [Int64], _ set: (inout Row, Value) -> Void
) -> Bool {
  for index in rows.indices {
    guard let value = Value(exactly: values[index]) else { return false }
    set(&rows[index], value)
  }
  return true
}

private func fitErrors(_ rows: inout [RequestRow], _ values: [Int64]) -> Bool {
  for index in rows.indices {
    guard let raw = UInt8(exactly: values[index]) else { return false }
    // A reason that only a newer agent knows still is a failure, and is counted as one.
    rows[index].error = ErrorReason(rawValue: raw) ?? .other
  }
  return true
}

extension ResultBatchCodec {
  /// Appends the whole line, newline included, and returns its checksum.
  @discardableResult
  public static func encode(
    _ batch: borrowing ResultBatch, key: BatchKey, into line: inout [UInt8]
  ) -> UInt32 {
    let tail = encodeTail(batch)
    // The checksum covers the tail, which therefore is made before what stands in front of it.
    let crc = CRC32C.checksum(tail)
    line.reserveCapacity(line.count + tail.count + 128)
    line.append(contentsOf: prefix)
    line.append(contentsOf: #""chunk":"#.utf8)
    line.appendDecimal(key.chunk.rawValue)
    line.append(contentsOf: #","epoch":"#.utf8)
    line.appendDecimal(Int64(key.epoch))
    line.append(contentsOf: #","seq":"#.utf8)
    line.appendDecimal(Int64(key.seq))
    line.append(contentsOf: #","count":"#.utf8)
    line.appendDecimal(Int64(batch.requests.count))
    line.append(contentsOf: #","crc32c":"#.utf8)
    line.appendDecimal(Int64(crc))
    line.append(contentsOf: tail)
    line.append(UInt8(ascii: "\n"))
    return crc
  }

  /// Everything from the comma after the checksum to the closing brace.
  private static func encodeTail(_ batch: borrowing ResultBatch) -> [UInt8] {
    var tail: [UInt8] = []
    tail.reserveCapacity(
      256 + 48 * batch.requests.count + 24 * batch.iterations.count
        + 8 * batch.assertions.count)
    tail.append(contentsOf: #","strings":["#.utf8)
    for (index, text) in batch.strings.enumerated() {
      if index > 0 { tail.append(UInt8(ascii: ",")) }
      tail.appendJSONString(text)
    }
    tail.append(UInt8(ascii: "]"))
    encodeRequests(batch.requests, into: &tail)
    encodeIterations(batch.iterations, into: &tail)
    encodeChecks(batch.checks, into: &tail)
    encode(batch.assertions, after: batch.requests, into: &tail)
    encodeSamples(batch.samples, into: &tail)
    encodeDrops(batch.drops, into: &tail)
    encode(batch.records, into: &tail)
    tail.append(UInt8(ascii: "}"))
    return tail
  }

  private static func encodeRequests(_ rows: [RequestRow], into out: inout [UInt8]) {
    guard beginTable("requests", rows.count, &out) else { return }
    deltaColumn("at", rows, &out) { $0.startedAtMicros }
    column("client", rows, &out) { Int64($0.client) }
    column("iteration", rows, &out) { Int64($0.iteration) }
    column("connection", rows, &out) { Int64($0.connection) }
    column("resource", rows, &out) { Int64($0.resource) }
    column("method", rows, &out) { Int64($0.method) }
    column("contentType", rows, &out) { Int64($0.contentType) }
    column("dns", rows, &out) { Int64($0.dnsLookupMicros) }
    column("open", rows, &out) { Int64($0.connectionOpenMicros) }
    column("tls", rows, &out) { Int64($0.tlsHandshakeMicros) }
    column("first", rows, &out) { Int64($0.firstReceivedMicros) }
    column("close", rows, &out) { Int64($0.connectionCloseMicros) }
    column("sent", rows, &out) { $0.bytesSent }
    column("received", rows, &out) { $0.bytesReceived }
    column("packetsSent", rows, &out) { Int64($0.dataPacketsSent) }
    column("packetsReceived", rows, &out) { Int64($0.dataPacketsReceived) }
    column("status", rows, &out) { Int64($0.status) }
    column("error", rows, &out) { Int64($0.error.rawValue) }
    column("success", rows, &out) { $0.success ? 1 : 0 }
    out.append(UInt8(ascii: "}"))
  }

  private static func encodeIterations(_ rows: [IterationRow], into out: inout [UInt8]) {
    guard beginTable("iterations", rows.count, &out) else { return }
    deltaColumn("at", rows, &out) { $0.startedAtMicros }
    column("duration", rows, &out) { $0.durationMicros }
    column("client", rows, &out) { Int64($0.client) }
    column("iteration", rows, &out) { Int64($0.iteration) }
    column("failed", rows, &out) { $0.failed ? 1 : 0 }
    if rows.contains(where: { $0.delayMicros != 0 }) {
      column("delay", rows, &out) { $0.delayMicros }
    }
    out.append(UInt8(ascii: "}"))
  }

  private static func encodeChecks(_ rows: [CheckCount], into out: inout [UInt8]) {
    guard beginTable("checks", rows.count, &out) else { return }
    column("name", rows, &out) { Int64($0.name) }
    column("interval", rows, &out) { $0.intervalStartMs }
    column("passes", rows, &out) { $0.passes }
    column("fails", rows, &out) { $0.fails }
    out.append(UInt8(ascii: "}"))
  }

  private static func encodeSamples(_ rows: [AgentSample], into out: inout [UInt8]) {
    guard beginTable("samples", rows.count, &out) else { return }
    deltaColumn("at", rows, &out) { $0.atMicros }
    column("active", rows, &out) { Int64($0.activeClients) }
    column("tick", rows, &out) { $0.tickLatencyMicros }
    column("cpu", rows, &out) { $0.cpuPermille }
    column("memory", rows, &out) { $0.memoryBytes }
    out.append(UInt8(ascii: "}"))
  }

  private static func encodeDrops(_ rows: [DroppedIterations], into out: inout [UInt8]) {
    guard beginTable("drops", rows.count, &out) else { return }
    column("interval", rows, &out) { $0.intervalStartMs }
    column("dropped", rows, &out) { $0.count }
    out.append(UInt8(ascii: "}"))
  }

  /// Opens a table, or does nothing when it would be empty.
  static func beginTable(
    _ name: StaticString, _ count: Int, _ out: inout [UInt8]
  ) -> Bool {
    guard count > 0 else { return false }
    appendKey(name, &out)
    out.append(contentsOf: #"{"count":"#.utf8)
    out.appendDecimal(Int64(count))
    return true
  }

  static func appendKey(_ name: StaticString, _ out: inout [UInt8]) {
    out.append(UInt8(ascii: ","))
    out.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { out.append(contentsOf: $0) }
    out.append(UInt8(ascii: "\""))
    out.append(UInt8(ascii: ":"))
  }

  @inline(__always)
  static func column<Row>(
    _ name: StaticString, _ rows: [Row], _ out: inout [UInt8], _ get: (borrowing Row) -> Int64
  ) {
    appendKey(name, &out)
    let first = get(rows[0])
    guard rows.contains(where: { get($0) != first }) else {
      out.appendDecimal(first)
      return
    }
    out.append(UInt8(ascii: "["))
    out.appendDecimal(first)
    for index in 1..<rows.count {
      out.append(UInt8(ascii: ","))
      out.appendDecimal(get(rows[index]))
    }
    out.append(UInt8(ascii: "]"))
  }

  @inline(__always)
  static func deltaColumn<Row>(
    _ name: StaticString, _ rows: [Row], _ out: inout [UInt8], _ get: (borrowing Row) -> Int64
  ) {
    appendKey(name, &out)
    out.append(contentsOf: #"{"d":["#.utf8)
    var before = get(rows[0])
    out.appendDecimal(before)
    for index in 1..<rows.count {
      let value = get(rows[index])
      out.append(UInt8(ascii: ","))
      out.appendDecimal(value &- before)
      before = value
    }
    out.append(contentsOf: "]}".utf8)
  }
}

extension [UInt8] {
  /// Appends a number as JSON writes it.
  @inline(__always)
  mutating func appendDecimal(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude)
  }

  private mutating func appendDigits(_ value: UInt64) {
    if value >= 10 { appendDigits(value / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends a string as JSON writes it.
  mutating func appendJSONString(_ text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0..<32:
        append(contentsOf: "\\u00".utf8)
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}

import Shared

/// Random numbers that a seed reproduces (SplitMix64, Steele et al. 2014).
struct BatchRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

/// Batches for tests: like those of a real test, or hostile ones.
enum BatchFactory {
  static let epochMicros: Int64 = 1_700_000_000_000_000

  /// One request of the resource `GET /a` and more where asked for.
  static func request(
    at micros: Int64 = epochMicros, resource: UInt32 = 0, first: Int32 = 1_000,
    close: Int32 = 1_200,
    status: UInt16 = 200, error: ErrorReason = .none
  ) -> RequestRow {
    var row = RequestRow()
    row.startedAtMicros = micros
    row.resource = resource
    row.method = 2
    row.contentType = status == 0 ? -1 : 3
    row.dnsLookupMicros = 0
    row.connectionOpenMicros = 0
    row.firstReceivedMicros = first
    row.connectionCloseMicros = close
    row.bytesSent = 80
    row.bytesReceived = 240
    row.dataPacketsSent = 1
    row.dataPacketsReceived = 2
    row.status = status
    row.error = error
    row.success = error == .none && status < 400
    return row
  }

  static let strings = ["GET /a", "GET /b", "GET", "text/html", "status is 200"]

  /// A batch of requests, each the only one of its iteration, of `clients` clients in turn.
  static func realistic(
    requests count: Int, clients: Int = 10, startingAt start: Int64 = epochMicros, seed: UInt64 = 1
  ) -> ResultBatch {
    var random = BatchRandom(seed: seed)
    var batch = ResultBatch()
    batch.strings = strings
    var now = start
    for index in 0..<count {
      now += Int64.random(in: 10...200, using: &random)
      let first = Int32.random(in: 200...3_000, using: &random)
      var row = request(at: now, resource: UInt32(index % 2), first: first, close: first + 30)
      row.client = UInt32(index % clients)
      row.iteration = UInt32(index / clients)
      row.connection = row.client
      batch.requests.append(row)
      batch.iterations.append(
        IterationRow(
          startedAtMicros: now - 5, durationMicros: Int64(first) + 40, client: row.client,
          iteration: row.iteration, failed: false))
    }
    return batch
  }

  /// The same with checks after each request: of each resource, `checks` of them.
  static func checked(
    requests count: Int, clients: Int = 10, checks: Int = 1, failing share: Int = .max,
    seed: UInt64 = 1
  ) -> ResultBatch {
    var batch = realistic(requests: count, clients: clients, seed: seed)
    batch.strings += (0..<2 * checks).map { "check \($0)" }
    for (index, row) in batch.requests.enumerated() {
      for check in 0..<checks {
        batch.assertions.append(
          CheckRow(
            atMicros: row.startedAtMicros + Int64(row.connectionCloseMicros),
            client: row.client, iteration: row.iteration,
            name: UInt32(strings.count + Int(row.resource) * checks + check),
            request: Int32(index), passed: index % share != share - 1))
      }
    }
    return batch
  }

  /// Any values that the types hold.
  static func hostile(seed: UInt64) -> ResultBatch {
    var random = BatchRandom(seed: seed)
    var batch = ResultBatch()
    batch.strings = strings
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      var row = RequestRow()
      row.startedAtMicros = Int64.random(in: .min ... .max, using: &random)
      row.bytesSent = Int64.random(in: .min ... .max, using: &random)
      row.bytesReceived = Int64.random(in: .min ... .max, using: &random)
      row.client = UInt32.random(in: 0...3, using: &random)
      row.iteration = UInt32.random(in: 0 ... .max, using: &random)
      row.connection = UInt32.random(in: 0 ... .max, using: &random)
      row.resource = UInt32.random(in: 0...4, using: &random)
      row.method = UInt32.random(in: 0...4, using: &random)
      row.contentType = Int32.random(in: -1...4, using: &random)
      row.dnsLookupMicros = Int32.random(in: .min ... .max, using: &random)
      row.connectionOpenMicros = Int32.random(in: .min ... .max, using: &random)
      row.tlsHandshakeMicros = Int32.random(in: .min ... .max, using: &random)
      row.firstReceivedMicros = Int32.random(in: .min ... .max, using: &random)
      row.connectionCloseMicros = Int32.random(in: .min ... .max, using: &random)
      row.dataPacketsSent = UInt32.random(in: 0 ... .max, using: &random)
      row.dataPacketsReceived = UInt32.random(in: 0 ... .max, using: &random)
      row.status = UInt16.random(in: 0 ... .max, using: &random)
      row.error = ErrorReason.allCases.randomElement(using: &random) ?? .other
      row.success = Bool.random(using: &random)
      batch.requests.append(row)
    }
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      batch.iterations.append(
        IterationRow(
          startedAtMicros: Int64.random(in: .min ... .max, using: &random),
          durationMicros: Int64.random(in: .min ... .max, using: &random),
          client: UInt32.random(in: 0...3, using: &random),
          iteration: UInt32.random(in: 0 ... .max, using: &random),
          failed: Bool.random(using: &random),
          intendedAtMicros: Bool.random(using: &random)
            ? nil : Int64.random(in: .min ... .max, using: &random)))
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      batch.checks.append(
        CheckCount(
          name: UInt32.random(in: 0...4, using: &random),
          intervalStartMs: Int64.random(in: .min ... .max, using: &random),
          passes: Int64.random(in: 0 ... .max, using: &random),
          fails: Int64.random(in: 0 ... .max, using: &random)))
      batch.assertions.append(
        CheckRow(
          atMicros: Int64.random(in: .min ... .max, using: &random),
          client: UInt32.random(in: 0 ... .max, using: &random),
          iteration: UInt32.random(in: 0 ... .max, using: &random),
          name: UInt32.random(in: 0...4, using: &random),
          request: Int32.random(in: -1..<Int32(batch.requests.count), using: &random),
          passed: Bool.random(using: &random)))
      batch.samples.append(
        AgentSample(
          atMicros: Int64.random(in: .min ... .max, using: &random),
          activeClients: Int.random(in: .min ... .max, using: &random),
          tickLatencyMicros: Int64.random(in: .min ... .max, using: &random),
          cpuPermille: Int64.random(in: .min ... .max, using: &random),
          memoryBytes: Int64.random(in: .min ... .max, using: &random)))
      batch.drops.append(
        DroppedIterations(
          intervalStartMs: Int64.random(in: .min ... .max, using: &random),
          count: Int64.random(in: 0 ... .max, using: &random)))
    }
    return batch
  }

  /// The line that an agent would send, without its newline.
  static func line(_ batch: ResultBatch, _ lease: LeaseKey, seq: Int) -> [UInt8] {
    var line: [UInt8] = []
    ResultBatchCodec.encode(
      batch, key: BatchKey(chunk: lease.chunk, epoch: lease.epoch, seq: seq), into: &line)
    line.removeLast()
    return line
  }
}

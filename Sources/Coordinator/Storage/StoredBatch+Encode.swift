import Shared

// Body of a stored batch: a zstd frame of columns. Columns are predicted from each other where
// rows of real tests agree: a client counts its iterations up and keeps its connection, a resource
// answers with the same number of bytes, an iteration begins and ends with its requests.

extension StoredBatch {
  /// 2 added the delays of iterations, and drops; 3 added assertions.
  static let format: UInt64 = 3

  func encoded(with compressor: Zstandard) throws(Zstandard.Failure) -> [UInt8] {
    var writer = ColumnWriter()
    writer.header { header in
      header.unsigned(Self.format)
      encodeSegments(to: &header)
      header.unsigned(UInt64(names.count))
      var before: Int64 = 0
      for name in names {
        header.signed(name.rawValue &- before)
        before = name.rawValue
      }
    }
    encodeRequests(to: &writer)
    encodeIterations(to: &writer)
    encodeChecks(to: &writer)
    encodeSamples(to: &writer)
    writer.column(ColumnModel.deltas(drops.map(\.intervalStartMs)))
    writer.column(drops.map(\.count))
    encodeAssertions(to: &writer)
    return try compressor.compress(writer.finished())
  }

  private func encodeSegments(to header: inout VarIntWriter) {
    header.unsigned(UInt64(segments.count))
    for segment in segments {
      header.signed(segment.chunk.rawValue)
      header.signed(Int64(segment.epoch))
      header.signed(segment.firstResultID)
      header.signed(segment.committedAtMs)
      header.unsigned(UInt64(segment.requests))
      header.unsigned(UInt64(segment.iterations))
      header.unsigned(UInt64(segment.checks))
      header.unsigned(UInt64(segment.samples))
      header.unsigned(UInt64(segment.drops))
      header.unsigned(UInt64(segment.assertions))
      if segment.assertions > 0 { header.signed(segment.firstAssertionID) }
    }
  }

  private func encodeRequests(to writer: inout ColumnWriter) {
    let rows = requests
    guard !rows.isEmpty else { return }
    let clients = rows.map { Int64($0.client) }
    let resources = rows.map { Int64($0.resource) }
    let ofClient = ColumnModel.previous(clients)
    let ofResource = ColumnModel.previous(resources)
    writer.column(clients)
    writer.column(resources)
    writer.column(ColumnModel.deltas(rows.map { Int64($0.iteration) }, previous: ofClient))
    writer.column(ColumnModel.deltas(rows.map { Int64($0.connection) }, previous: ofClient))
    writer.column(ColumnModel.deltas(rows.map { Int64($0.method) }, previous: ofResource))
    writer.column(ColumnModel.deltas(rows.map { Int64($0.contentType) }, previous: ofResource))
    writer.column(ColumnModel.deltas(rows.map { Int64($0.status) }, previous: ofResource))
    writer.column(rows.map { Int64($0.error.rawValue) })
    writer.column(rows.map { $0.success ? 1 : 0 })
    writer.column(rows.map { Int64($0.dnsLookupMicros) })
    writer.column(rows.map { Int64($0.connectionOpenMicros) })
    writer.column(rows.map { Int64($0.tlsHandshakeMicros) })
    writer.column(rows.map { Int64($0.firstReceivedMicros) })
    writer.column(rows.map { Int64($0.connectionCloseMicros) - Int64($0.firstReceivedMicros) })
    writer.column(ColumnModel.deltas(rows.map(\.bytesSent), previous: ofResource))
    writer.column(ColumnModel.deltas(rows.map(\.bytesReceived), previous: ofResource))
    writer.column(rows.map { Int64($0.dataPacketsSent) })
    writer.column(rows.map { Int64($0.dataPacketsReceived) })
    // Rows come in the order of their ends, which differ less than their starts.
    writer.column(
      ColumnModel.deltas(rows.map { $0.startedAtMicros &+ Int64($0.connectionCloseMicros) }))
  }

  private func encodeIterations(to writer: inout ColumnWriter) {
    let rows = iterations
    guard !rows.isEmpty else { return }
    var matcher = IterationMatcher(requests)
    var skips: [Int64] = []
    var clients: [Int64] = []
    var numbers: [Int64] = []
    var starts: [Int64] = []
    var ends: [Int64] = []
    for row in rows {
      let match = matcher.find(client: row.client, iteration: row.iteration)
      skips.append(match.skip)
      let base = matcher.base(match.index)
      clients.append(Int64(row.client) - base.client)
      numbers.append(Int64(row.iteration) - base.iteration)
      starts.append(row.startedAtMicros &- base.startedAtMicros)
      let end = row.startedAtMicros &+ row.durationMicros
      ends.append(end &- base.endedAtMicros)
      matcher.pass(row, endedAtMicros: end)
    }
    writer.column(skips)
    writer.column(clients)
    writer.column(numbers)
    writer.column(starts)
    writer.column(ends)
    writer.column(rows.map { $0.failed ? 1 : 0 })
    writer.column(rows.map(\.delayMicros))
  }

  private func encodeChecks(to writer: inout ColumnWriter) {
    writer.column(checks.map { Int64($0.name) })
    writer.column(ColumnModel.deltas(checks.map(\.intervalStartMs)))
    writer.column(checks.map(\.passes))
    writer.column(checks.map(\.fails))
  }

  private func encodeSamples(to writer: inout ColumnWriter) {
    writer.column(ColumnModel.deltas(samples.map(\.atMicros)))
    writer.column(ColumnModel.deltas(samples.map { Int64($0.activeClients) }))
    writer.column(samples.map(\.tickLatencyMicros))
    writer.column(samples.map(\.cpuPermille))
    writer.column(ColumnModel.deltas(samples.map(\.memoryBytes)))
  }
}

import Shared

/// Raw results as CSV: one row per result, one column per metric.
struct ResultsCSV: ResultText {
  private static let columns = [
    "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
    "threadId", "connectionId", "client", "iteration", "overlap", "resourceId", "resource",
    "dnsLookupMs", "connectionOpenMs", "tlsHandshakeMs", "firstReceivedMs", "connectionCloseMs",
    "bytesSent", "bytesReceived", "bandwidth", "dataPacketsSent", "dataPacketsReceived",
    "success", "failure", "httpMethod", "httpResponseCode", "httpContentType", "errorReason",
  ]

  /// The row of names.
  static let beginning = cells { csv in
    for column in columns { csv.text(column) }
    csv.endRow()
  }
  static let separator: [UInt8] = []
  static let ending: [UInt8] = []

  private static let comma = UInt8(ascii: ",")
  private static let reasons: [[UInt8]] = (0...UInt8.max).map { raw in
    guard let reason = ErrorReason(rawValue: raw), reason != .none else { return [] }
    return cells { $0.text(reason.name) }
  }

  private let execution: ExecutionID
  private let regions: [ExecutionRegionID: String]
  private var time = TimeText()
  /// Cells of the batch's names: as a resource with its id, and alone.
  private var resources: [[UInt8]] = []
  private var names: [[UInt8]] = []
  /// From the comma after the timestamp to the client in the id of the thread, and from behind
  /// that to the connection.
  private var threadPrefix: [UInt8] = []
  private var connectionPrefix: [UInt8] = []

  /// - Parameter regions: names of the execution's regions.
  init(_ execution: ExecutionID, regions: [ExecutionRegionID: String]) {
    self.execution = execution
    self.regions = regions
  }

  private static func cells(_ write: (inout CSVWriter) -> Void) -> [UInt8] {
    var csv = CSVWriter()
    write(&csv)
    return csv.bytes
  }

  mutating func begin(_ rows: ResultRows) {
    names = rows.names.map { name in Self.cells { $0.text(name.name) } }
    resources = rows.names.map { name in
      Self.cells { csv in
        csv.text("false")
        csv.int(name.id.rawValue)
        csv.text(name.name)
      }
    }
  }

  mutating func begin(_ run: ResultRows.Run) {
    let region = run.executionRegion
    let name = regions[region] ?? ""
    let cells = Self.cells { csv in
      csv.int(execution.rawValue)
      csv.int(region.rawValue)
      csv.text(name)
      csv.int(run.chunk.rawValue)
      csv.text(run.agent)
      // With some client, in place of which each row has its own.
      csv.text("\(RowName.threadPrefix(execution, region: name))0")
    }
    let end = cells.last == UInt8(ascii: "\"") ? cells.suffix(1) : []
    threadPrefix = [Self.comma] + cells.dropLast(end.count + 1)
    connectionPrefix =
      end + [Self.comma] + Array(RowName.connectionPrefix(run.chunk, run.epoch).utf8)
  }

  mutating func write(_ row: RequestRow, id: Int64, to buffer: inout TextBuffer) {
    buffer.append(decimal: id)
    buffer.append(Self.comma)
    time.write(micros: row.startedAtMicros, to: &buffer)
    buffer.append(threadPrefix)
    buffer.append(decimal: Int64(row.client))
    buffer.append(connectionPrefix)
    buffer.append(decimal: Int64(row.connection))
    int(Int64(row.client), &buffer)
    int(Int64(row.iteration), &buffer)
    buffer.append(Self.comma)
    buffer.append(resources[Int(row.resource)])
    timing(row.dnsLookupMicros, &buffer)
    timing(row.connectionOpenMicros, &buffer)
    timing(row.tlsHandshakeMicros, &buffer)
    timing(row.firstReceivedMicros, &buffer)
    timing(row.connectionCloseMicros, &buffer)
    int(row.bytesSent, &buffer)
    int(row.bytesReceived, &buffer)
    int(row.bandwidth, &buffer)
    int(Int64(row.dataPacketsSent), &buffer)
    int(Int64(row.dataPacketsReceived), &buffer)
    buffer.append(row.success ? ",1,0," : ",0,1,")
    buffer.append(names[Int(row.method)])
    buffer.append(Self.comma)
    if row.status > 0 { buffer.append(decimal: Int64(row.status)) }
    buffer.append(Self.comma)
    if row.contentType >= 0 { buffer.append(names[Int(row.contentType)]) }
    buffer.append(Self.comma)
    if row.error != .none { buffer.append(Self.reasons[Int(row.error.rawValue)]) }
    buffer.append("\r\n")
  }

  private func int(_ value: Int64, _ buffer: inout TextBuffer) {
    buffer.append(Self.comma)
    buffer.append(decimal: value)
  }

  /// What did not happen has no time.
  private func timing(_ micros: Int32, _ buffer: inout TextBuffer) {
    buffer.append(Self.comma)
    if micros >= 0 { buffer.append(millisecondsOfMicros: Int64(micros)) }
  }
}

import Shared

/// Raw results as a JSON array of what `JSONWriter.result` writes.
struct ResultsJSON: ResultText {
  static let beginning = Array("[".utf8)
  static let separator = Array(",".utf8)
  static let ending = Array("]".utf8)

  /// A metric's entry before and after its value.
  private struct Entry {
    let head: [UInt8]
    let tail: [UInt8]

    /// - Parameter isKey: the value is the key of a histogram, which counts once.
    init(_ definition: MetricDefinition, isKey: Bool = false) {
      var json = JSONWriter()
      json.beginObject()
      json.member("metricDef", definition.name)
      json.member("metricType", definition.type.rawValue)
      json.key(isKey ? "metricKey" : "metricValue")
      head = json.bytes
      var rest = JSONWriter()
      // Whatever a value is: what follows it begins with a comma.
      rest.int(0)
      if isKey { rest.member("metricValue", Int64(1)) }
      rest.member("metricUnits", definition.units)
      rest.endObject()
      tail = Array(rest.bytes.dropFirst())
    }
  }

  private static let dnsLookup = Entry(.dnsLookupMs)
  private static let connectionOpen = Entry(.connectionOpenMs)
  private static let tlsHandshake = Entry(.tlsHandshakeMs)
  private static let firstReceived = Entry(.firstReceivedMs)
  private static let connectionClose = Entry(.connectionCloseMs)
  private static let method = Entry(.httpMethod, isKey: true)
  private static let packetsSent = Entry(.dataPacketsSent)
  private static let packetsReceived = Entry(.dataPacketsReceived)
  private static let status = Entry(.httpResponseCode, isKey: true)
  private static let contentType = Entry(.httpContentType, isKey: true)
  private static let errorReason = Entry(.errorReason, isKey: true)
  private static let success = Entry(.success)
  private static let failure = Entry(.failure)
  private static let bytesSent = Entry(.bytesSent)
  private static let bytesReceived = Entry(.bytesReceived)
  private static let bandwidth = Entry(.bandwidth)
  private static let comma = UInt8(ascii: ",")

  private let execution: ExecutionID
  private let regions: [ExecutionRegionID: String]
  private var time = TimeText()
  /// The batch's names: as the object of a resource, and as a text.
  private var resources: [[UInt8]] = []
  private var names: [[UInt8]] = []
  /// Members from after the id to the connection in its id, and on to the client in the thread's.
  private var connectionPrefix: [UInt8] = []
  private var threadPrefix: [UInt8] = []

  /// - Parameter regions: names of the execution's regions.
  init(_ execution: ExecutionID, regions: [ExecutionRegionID: String]) {
    self.execution = execution
    self.regions = regions
  }

  mutating func begin(_ rows: ResultRows) {
    names = rows.names.map { name in
      var json = JSONWriter()
      json.string(name.name)
      return json.bytes
    }
    resources = rows.names.map { name in
      var json = JSONWriter()
      json.resource(name)
      return json.bytes
    }
  }

  mutating func begin(_ run: ResultRows.Run) {
    let region = run.executionRegion
    var json = JSONWriter()
    json.beginObject()
    json.identity(0, createdAtMs: run.committedAtMs, updatedAtMs: run.committedAtMs)
    json.member("executionId", execution)
    json.member("executionRegionId", region)
    json.member("chunkId", run.chunk)
    json.key("connectionId")
    connectionPrefix =
      Array(json.bytes.dropFirst(#"{"id":0"#.utf8.count))
      + Array("\"\(RowName.connectionPrefix(run.chunk, run.epoch))".utf8)
    var rest = JSONWriter()
    rest.string("")
    rest.member("agentId", run.agent)
    rest.member("threadId", RowName.threadPrefix(execution, region: regions[region] ?? ""))
    threadPrefix = Array(rest.bytes.dropFirst().dropLast())
  }

  mutating func write(_ row: RequestRow, id: Int64, to buffer: inout TextBuffer) {
    buffer.append("{\"id\":")
    buffer.append(decimal: id)
    buffer.append(connectionPrefix)
    buffer.append(decimal: Int64(row.connection))
    buffer.append(threadPrefix)
    buffer.append(decimal: Int64(row.client))
    buffer.append("\",\"timestamp\":\"")
    time.write(micros: row.startedAtMicros, to: &buffer)
    buffer.append("\",\"client\":")
    buffer.append(decimal: Int64(row.client))
    buffer.append(",\"iteration\":")
    buffer.append(decimal: Int64(row.iteration))
    buffer.append(",\"overlap\":false,\"resource\":")
    buffer.append(resources[Int(row.resource)])
    buffer.append(",\"metrics\":[")
    writeMetrics(row, to: &buffer)
    buffer.append("]}")
  }

  private func writeMetrics(_ row: RequestRow, to buffer: inout TextBuffer) {
    timing(Self.dnsLookup, row.dnsLookupMicros, &buffer)
    timing(Self.connectionOpen, row.connectionOpenMicros, &buffer)
    timing(Self.tlsHandshake, row.tlsHandshakeMicros, &buffer)
    timing(Self.firstReceived, row.firstReceivedMicros, &buffer)
    key(Self.method, names[Int(row.method)], &buffer)
    buffer.append(Self.comma)
    counter(Self.packetsSent, Int64(row.dataPacketsSent), &buffer)
    buffer.append(Self.comma)
    counter(Self.packetsReceived, Int64(row.dataPacketsReceived), &buffer)
    buffer.append(Self.comma)
    if row.status > 0 {
      buffer.append(Self.status.head)
      buffer.append(UInt8(ascii: "\""))
      buffer.append(decimal: Int64(row.status))
      buffer.append(UInt8(ascii: "\""))
      buffer.append(Self.status.tail)
      buffer.append(Self.comma)
    }
    if row.contentType >= 0 {
      key(Self.contentType, names[Int(row.contentType)], &buffer)
      buffer.append(Self.comma)
    }
    if row.error != .none {
      key(Self.errorReason, Array("\"\(row.error.name)\"".utf8), &buffer)
      buffer.append(Self.comma)
    }
    counter(row.success ? Self.success : Self.failure, 1, &buffer)
    buffer.append(Self.comma)
    timing(Self.connectionClose, row.connectionCloseMicros, &buffer)
    counter(Self.bytesSent, row.bytesSent, &buffer)
    buffer.append(Self.comma)
    counter(Self.bytesReceived, row.bytesReceived, &buffer)
    buffer.append(Self.comma)
    counter(Self.bandwidth, row.bandwidth, &buffer)
  }

  /// What did not happen has no time. A comma after it: something always follows.
  private func timing(_ entry: Entry, _ micros: Int32, _ buffer: inout TextBuffer) {
    guard micros >= 0 else { return }
    buffer.append(entry.head)
    buffer.append(millisecondsOfMicros: Int64(micros))
    buffer.append(entry.tail)
    buffer.append(Self.comma)
  }

  private func counter(_ entry: Entry, _ value: Int64, _ buffer: inout TextBuffer) {
    buffer.append(entry.head)
    buffer.append(decimal: value)
    buffer.append(entry.tail)
  }

  private func key(_ entry: Entry, _ json: [UInt8], _ buffer: inout TextBuffer) {
    buffer.append(entry.head)
    buffer.append(json)
    buffer.append(entry.tail)
  }
}

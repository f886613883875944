import Foundation

extension ResultBatchCodec {
  /// Appends the tables of what scripts said; nothing at all when they said nothing.
  static func encode(_ records: RunRecords, into out: inout [UInt8]) {
    guard !records.isEmpty else { return }
    encodeTexts(records, into: &out)
    encodeObjects("metrics", records.metrics, into: &out, write)
    encodeObjects("files", records.files, into: &out, write)
    encodeObjects("traces", records.traces, into: &out, write)
    encodeObjects("values", records.values, into: &out) { row, json in
      json.member("name", row.name)
      json.member("json", row.json)
    }
  }

  /// Logs and suite results, after the texts that they refer to.
  private static func encodeTexts(_ records: RunRecords, into out: inout [UInt8]) {
    guard !records.logs.isEmpty || !records.suiteResults.isEmpty else { return }
    var table = TextTable()
    let logs = records.logs.map { LogColumns($0, &table) }
    let suites = records.suiteResults.map { SuiteColumns($0, &table) }
    appendKey("texts", &out)
    var separator = UInt8(ascii: "[")
    for text in table.texts {
      out.append(separator)
      separator = UInt8(ascii: ",")
      out.appendJSONString(text)
    }
    out.append(UInt8(ascii: "]"))
    if beginTable("logs", logs.count, &out) {
      deltaColumn("at", logs, &out) { $0.atMicros }
      column("level", logs, &out) { Int64($0.level) }
      column("message", logs, &out) { Int64($0.message) }
      column("client", logs, &out) { $0.client }
      column("iteration", logs, &out) { $0.iteration }
      out.append(UInt8(ascii: "}"))
    }
    if beginTable("suites", suites.count, &out) {
      deltaColumn("at", suites, &out) { $0.atMicros }
      column("duration", suites, &out) { $0.durationMicros }
      column("suite", suites, &out) { Int64($0.suite) }
      column("test", suites, &out) { Int64($0.test) }
      column("passed", suites, &out) { $0.passed ? 1 : 0 }
      column("message", suites, &out) { $0.message }
      column("stack", suites, &out) { $0.stack }
      column("client", suites, &out) { Int64($0.client) }
      column("iteration", suites, &out) { Int64($0.iteration) }
      column("connection", suites, &out) { $0.connection }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func encodeObjects<Row>(
    _ name: StaticString, _ rows: [Row], into out: inout [UInt8],
    _ write: (Row, inout JSONWriter) -> Void
  ) {
    guard !rows.isEmpty else { return }
    var json = JSONWriter()
    json.beginArray()
    for row in rows {
      json.beginObject()
      write(row, &json)
      json.endObject()
    }
    json.endArray()
    appendKey(name, &out)
    out.append(contentsOf: json.bytes)
  }

  private static func write(_ row: MetricDelta, _ json: inout JSONWriter) {
    json.member("ns", row.definition.namespace)
    json.member("name", row.definition.name)
    json.member("type", row.definition.type.rawValue)
    if let units = row.definition.units { json.member("units", units) }
    if let resource = row.resource { json.member("resource", resource) }
    json.member("interval", row.intervalStartMs)
    if !row.totals.keys.isEmpty {
      json.key("keys")
      json.beginObject()
      for (key, number) in row.totals.keys { json.member(key, number) }
      json.endObject()
    }
    let values = row.totals.values
    guard values.count > 0 else { return }
    json.member("count", values.count)
    json.member("sum", values.sum)
    guard values.thousandths.count > 0 else { return }
    json.member("min", values.min)
    json.member("max", values.max)
    json.member("deviations", values.squaredDeviations)
    if let last = values.last {
      json.member("last", last.value)
      json.member("lastAt", last.atMicros)
    }
    var histogram = VarIntWriter()
    values.thousandths.encode(to: &histogram)
    json.member("histogram", Data(histogram.bytes).base64EncodedString())
  }

  private static func write(_ part: FilePart, _ json: inout JSONWriter) {
    json.member("file", Int64(part.file))
    json.member("part", Int64(part.index))
    json.member("last", Int64(part.isLast ? 1 : 0))
    let metadata = part.metadata
    json.member("at", metadata.atMicros)
    json.member("name", metadata.name)
    json.member("type", metadata.contentType)
    if !metadata.charset.isEmpty { json.member("charset", metadata.charset) }
    json.member("client", Int64(metadata.moment.client))
    json.member("iteration", Int64(metadata.moment.iteration))
    if let resource = metadata.resource { json.member("resource", resource) }
    if let suite = metadata.suite { json.member("suite", suite) }
    if let test = metadata.test { json.member("test", test) }
    if metadata.isOfFailure { json.member("failure", Int64(1)) }
    if let compare = metadata.compare { json.member("compare", compare) }
    json.member("data", Data(part.bytes).base64EncodedString())
  }

  private static func write(_ row: TraceRow, _ json: inout JSONWriter) {
    json.member("resource", row.resource)
    json.member("method", row.method)
    if let type = row.contentType { json.member("contentType", type) }
    json.member("url", row.url)
    json.member("length", row.length)
    let request = row.request
    json.member("at", request.startedAtMicros)
    json.member("client", Int64(request.client))
    json.member("iteration", Int64(request.iteration))
    json.member("connection", Int64(request.connection))
    json.member("dns", Int64(request.dnsLookupMicros))
    json.member("open", Int64(request.connectionOpenMicros))
    json.member("tls", Int64(request.tlsHandshakeMicros))
    json.member("first", Int64(request.firstReceivedMicros))
    json.member("close", Int64(request.connectionCloseMicros))
    json.member("sent", request.bytesSent)
    json.member("received", request.bytesReceived)
    json.member("packetsSent", Int64(request.dataPacketsSent))
    json.member("packetsReceived", Int64(request.dataPacketsReceived))
    json.member("status", Int64(request.status))
    json.member("error", Int64(request.error.rawValue))
    json.member("success", Int64(request.success ? 1 : 0))
    json.member("packets", row.packets)
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  fileprivate mutating func member(_ name: String, _ value: Int64) {
    key(name)
    int(value)
  }

  fileprivate mutating func member(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }
}

import Shared

/// An entry of an HTTP archive (HAR 1.2): one request. Members that are ours begin with an
/// underscore, as the format asks for.
struct HAREntry {
  let execution: ExecutionID
  let executionRegion: ExecutionRegionID
  /// Name of the region.
  let region: String
  /// UUID of the agent.
  let agent: String
  let resource: String
  let method: String
  let url: String
  let contentType: String?
  let connection: String
  let row: RequestRow
  var resultID: Int64?
  var traceID: Int64?
  var exchange: HARExchange?

  /// A result, with what its trace shows if there is one.
  init(
    _ result: StoredResult, of execution: ExecutionID, region: String,
    trace: (record: TraceRecord, packets: [UInt8])?
  ) {
    self.execution = execution
    executionRegion = result.executionRegion
    self.region = region
    agent = result.agent
    resource = result.resource.name
    method = trace?.record.trace.method ?? result.method
    url =
      trace.map { HARURL.withoutFragment($0.record.trace.url) }
      ?? HARURL.url(ofResource: result.resource.name, method: result.method)
    contentType = result.contentType
    connection = result.connectionID
    row = result.request
    resultID = result.id
    traceID = trace?.record.id
    exchange = trace.map { HARExchange(packets: $0.packets) }
  }

  /// A trace whose result is not there.
  init(_ record: TraceRecord, packets: [UInt8], region: String, agent: String) {
    execution = record.execution
    executionRegion = record.executionRegion
    self.region = region
    self.agent = agent
    resource = record.trace.resource
    method = record.trace.method
    url = HARURL.withoutFragment(record.trace.url)
    contentType = record.trace.contentType
    let request = record.trace.request
    connection = "\(RowName.connectionPrefix(record.chunk, record.epoch))\(request.connection)"
    row = record.trace.request
    traceID = record.id
    exchange = HARExchange(packets: packets)
  }

  func write(to json: inout JSONWriter) {
    let timings = HARTimings(row, isSecure: HARURL.isSecure(url))
    json.beginObject()
    json.member("startedDateTime", ISOTime.text(micros: row.startedAtMicros))
    json.key("time")
    json.milliseconds(micros: timings.total)
    json.key("request")
    writeRequest(to: &json)
    json.key("response")
    writeResponse(to: &json)
    json.key("cache")
    json.beginObject()
    json.endObject()
    json.key("timings")
    timings.write(to: &json)
    json.member("serverIPAddress", exchange?.address.map(Self.host))
    json.member("connection", connection)
    json.member("comment", exchange?.failure)
    writeOrigin(to: &json)
    json.endObject()
  }

  private func writeOrigin(to json: inout JSONWriter) {
    json.member("_executionId", execution)
    if let resultID { json.member("_resultId", resultID) }
    if let traceID { json.member("_traceId", traceID) }
    json.member("_executionRegionId", executionRegion)
    json.member("_region", region)
    json.member("_agent", agent)
    json.member("_client", Int64(row.client))
    json.member("_iteration", Int64(row.iteration))
    json.member("_resource", resource)
    json.member("_success", row.success)
    if row.error != .none { json.member("_error", row.error.name) }
    json.member("_bytesSent", row.bytesSent)
    json.member("_bytesReceived", row.bytesReceived)
    guard let exchange else { return }
    json.key("_packets")
    json.array(exchange.packets) { json, packet in
      json.beginObject()
      // What these hold is in request and response.
      for (name, value) in packet.members
      where !["startLine", "headers", "data"].contains(name) {
        json.key(name)
        json.value(value)
      }
      json.endObject()
    }
  }

  /// The host of `host:port`, without the brackets around IPv6.
  private static func host(_ address: String) -> String {
    guard let colon = address.lastIndex(of: ":") else { return address }
    return String(address[..<colon].filter { $0 != "[" && $0 != "]" })
  }
}

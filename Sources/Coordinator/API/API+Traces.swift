import Shared

/// Traces: full exchanges of sampled requests.
extension API {
  func listTraces(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let (execution, region, store) = (target.execution.id, target.region?.id, store)
    var source = KeysetSource<TraceRecord>(page, id: \.id) { after, limit in
      try store.read {
        try TraceStore.list(of: execution, region: region, after: after, limit: limit, in: $0)
      }
    }
    return .stream(
      "application/json",
      .jsonArray(batches: { try source.next() }, piece: 64) { json, record in
        json.beginObject()
        json.trace(record)
        json.endObject()
      })
  }

  func getTrace(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let up = query.bool("up", default: true)
    let down = query.bool("down", default: true)
    let includeResult = query.bool("includeResult", default: true)
    try query.finish()
    // The entity does not matter: traces have no type of ids.
    let id: Identifier<Never> = try context.id("id", "trace")
    let record = try store.read { try TraceStore.find(id.rawValue, in: $0) }
    let trace = try Self.found(record, "trace", id)
    let result = includeResult ? try ResultFinder.find(trace, in: store) : nil
    var json = JSONWriter()
    try write(trace, result, packets: down, parent: up, to: &json)
    return .json(json)
  }

  /// Writes a trace.
  ///
  /// - Parameters:
  ///   - result: that of the traced request, nil to leave it out.
  ///   - parent: whether to write its region.
  func write(
    _ trace: TraceRecord, _ result: StoredResult?, packets: Bool, parent: Bool,
    to json: inout JSONWriter
  ) throws {
    json.beginObject()
    json.trace(trace)
    if let result {
      json.key("result")
      let region = try regionName(of: result.executionRegion)
      json.result(result, of: trace.execution, region: region ?? "")
    }
    if packets {
      json.key("packets")
      try writePackets(of: trace, to: &json)
    }
    if parent { try writeParent(of: trace, to: &json) }
    json.endObject()
  }

  /// Writes the packets of a trace as an array.
  func writePackets(of trace: TraceRecord, to json: inout JSONWriter) throws {
    let text = try store.read { try TraceStore.packets(trace.id, in: $0) } ?? Array("[]".utf8)
    // What an agent sent is no reason to fail: an exchange without packets is one all the same.
    let packets = (try? JSONValue.parse(text))?.arrayValue ?? []
    json.array(packets.enumerated()) { json, packet in
      json.beginObject()
      json.identity(
        trace.id.times(10_000).plus(Int64(packet.offset)), createdAtMs: trace.createdAtMs,
        updatedAtMs: trace.createdAtMs)
      for (name, value) in packet.element.objectValue?.members ?? []
      where !["id", "createdAt", "updatedAt"].contains(name) {
        json.key(name)
        json.value(value)
      }
      json.endObject()
    }
  }

  private func writeParent(of trace: TraceRecord, to json: inout JSONWriter) throws {
    let (region, place) = try store.read { db in
      let region = try ExecutionRegionStore.find(trace.executionRegion, in: db)
      return (region, try region.flatMap { try RegionStore.find($0.region, in: db) })
    }
    guard let region else { return }
    json.key("executionRegion")
    json.beginObject()
    json.identity(
      region.id.rawValue, createdAtMs: region.createdAtMs, updatedAtMs: region.updatedAtMs)
    json.member("executionId", region.execution)
    json.member("running", region.running)
    json.time("startedAt", region.startedAtMs)
    json.time("finishedAt", region.finishedAtMs)
    json.member("completed", region.completed)
    json.member("concurrentClients", region.concurrentClients)
    if let place {
      json.key("region")
      json.region(place)
    }
    json.endObject()
  }
}

extension JSONWriter {
  /// The members of a trace that lists show.
  fileprivate mutating func trace(_ record: TraceRecord) {
    let request = record.trace.request
    member("id", record.id)
    member("length", record.trace.length)
    time("createdAt", record.createdAtMs)
    time("updatedAt", record.createdAtMs)
    member("traceAt", ISOTime.text(micros: request.startedAtMicros))
    // Without a response there is no status; why is what is to be known then.
    member("status", request.status > 0 ? String(request.status) : request.error.name)
    member("regionId", record.executionRegion)
    member("resource", record.trace.resource)
  }
}

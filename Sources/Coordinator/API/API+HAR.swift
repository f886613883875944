import Shared

/// Requests as an HTTP archive (HAR 1.2), which browsers and other tools open.
extension API {
  private static let archiveBeginning: String = {
    var json = JSONWriter()
    json.beginObject()
    json.key("log")
    json.beginObject()
    json.member("version", "1.2")
    json.key("creator")
    json.beginObject()
    json.member("name", "Throng")
    json.member("version", throngVersion)
    json.endObject()
    json.key("entries")
    return String(decoding: json.bytes, as: UTF8.self)
  }()

  private static let archiveEnd = "}}"

  /// One entry per result, with what its trace shows where there is one.
  func downloadArchive(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    var query = context.query
    let page = query.page()
    try query.finish()
    try assertResource(of: target)
    var reader = ResultReader(
      store: store, execution: execution, region: target.region?.id, resource: target.resource,
      page: page)
    var traces = TraceIndex(
      store: store, execution: execution, region: target.region?.id, resource: target.resource)
    let origins = try origins(of: execution)
    let store = store
    return .stream(
      "application/json", filename: "execution-\(execution)-results.har",
      .jsonArray(
        batches: {
          let results = try reader.next()
          // A trace may have been committed together with its result.
          if results == nil { try self.assertExists(execution) } else { try traces.refresh() }
          return results
        }, piece: 16, prefix: Self.archiveBeginning, suffix: Self.archiveEnd
      ) { json, result in
        let trace = try traces.take(result).flatMap { id in
          try store.read { db -> (record: TraceRecord, packets: [UInt8])? in
            guard let record = try TraceStore.find(id, in: db) else { return nil }
            return (record, try TraceStore.packets(id, in: db) ?? [])
          }
        }
        HAREntry(
          result, of: execution, region: origins.name(of: result.executionRegion), trace: trace
        ).write(to: &json)
      })
  }

  /// The request of one trace.
  ///
  /// - Parameter parameter: that of the path which has the id of the trace.
  func downloadTraceArchive(
    _ context: RouteContext, _ parameter: String
  ) throws -> HTTPResponse {
    try context.rejectParameters()
    // The entity does not matter: traces have no type of ids.
    let id: Identifier<Never> = try context.id(parameter, "trace")
    let found = try store.read { try TraceStore.find(id.rawValue, in: $0) }
    let trace = try Self.found(found, "trace", id)
    if parameter != "id" {
      let target = try store.read { try ExecutionTarget(context, in: $0) }
      guard trace.execution == target.execution.id else {
        throw Problem(.notFound, "no trace \(id) in execution \(target.execution.id)")
      }
    }
    let packets = try store.read { try TraceStore.packets(trace.id, in: $0) } ?? []
    let origins = try origins(of: trace.execution)
    let region = origins.name(of: trace.executionRegion)
    let entry =
      try ResultFinder.find(trace, in: store).map {
        HAREntry($0, of: trace.execution, region: region, trace: (trace, packets))
      }
      ?? HAREntry(
        trace, packets: packets, region: region,
        agent: origins.agent(trace.chunk, trace.epoch) ?? "")
    return .stream(
      "application/json", filename: "trace-\(id).har",
      .jsonArray(
        batches: Self.once([entry]), piece: 1, prefix: Self.archiveBeginning,
        suffix: Self.archiveEnd
      ) { $1.write(to: &$0) })
  }
}

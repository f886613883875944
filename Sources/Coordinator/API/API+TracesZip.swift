import Shared

extension API {
  /// Traces whose results are looked for at once.
  private static let tracesPerSearch = 200

  /// Two files per trace: the trace as `execution-traces/:id` has it, and its packets.
  func downloadTraces(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    try assertResource(of: target)
    let (execution, region, resource) = (target.execution.id, target.region?.id, target.resource)
    let store = store
    var source = KeysetSource<TraceRecord>(
      .all, pageSize: Self.tracesPerSearch, id: \.id
    ) { after, limit in
      try store.read {
        try TraceStore.list(
          of: execution, region: region, resource: resource, after: after, limit: limit, in: $0)
      }
    }
    var traces: ArraySlice<TraceRecord> = []
    var results: [Int64: StoredResult] = [:]
    var packets: ZipEntry?
    return .stream(
      "application/zip", filename: "execution-\(execution)-traces.zip",
      .zip {
        if let entry = packets {
          packets = nil
          return entry
        }
        if traces.isEmpty {
          traces = try source.next()?[...] ?? []
          results = try ResultFinder.find(Array(traces), in: store)
        }
        guard let trace = traces.popFirst() else {
          try self.assertExists(execution)
          return nil
        }
        packets = try self.packetsEntry(of: trace)
        return try self.entry(of: trace, results[trace.id])
      })
  }

  private func entry(of trace: TraceRecord, _ result: StoredResult?) throws -> ZipEntry {
    var json = JSONWriter()
    try write(trace, result, packets: false, parent: true, to: &json)
    return ZipEntry("\(name(of: trace)).json", modifiedAtMs: trace.startedAtMs, json.bytes)
  }

  private func packetsEntry(of trace: TraceRecord) throws -> ZipEntry {
    var json = JSONWriter()
    try writePackets(of: trace, to: &json)
    return ZipEntry(
      "\(name(of: trace))-packets.json", modifiedAtMs: trace.startedAtMs, json.bytes)
  }

  /// Named after its resource; the id tells it from others of the same.
  private func name(of trace: TraceRecord) -> String {
    // Room for the id and what comes behind it.
    let words = SafeName.words(trace.trace.resource, bytesMax: SafeName.bytesMax - 33)
    return "\(words)-\(trace.id)"
  }
}

extension TraceRecord {
  /// Milliseconds since the Unix epoch.
  var startedAtMs: Int64 { trace.request.startedAtMicros / 1_000 }
}

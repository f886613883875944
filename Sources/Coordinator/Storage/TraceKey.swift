import Shared

/// What a trace and its result have in common, and no other request of the execution has.
struct TraceKey: Hashable {
  private let chunk: ChunkID
  private let epoch: Int
  private let startedAtMicros: Int64
  private let client: UInt32
  private let iteration: UInt32
  private let connection: UInt32
  private let connectionCloseMicros: Int32

  init(_ chunk: ChunkID, _ epoch: Int, _ request: RequestRow) {
    self.chunk = chunk
    self.epoch = epoch
    startedAtMicros = request.startedAtMicros
    client = request.client
    iteration = request.iteration
    connection = request.connection
    connectionCloseMicros = request.connectionCloseMicros
  }

  init(_ trace: TraceRecord) { self.init(trace.chunk, trace.epoch, trace.trace.request) }

  init(_ result: StoredResult) { self.init(result.chunk, result.epoch, result.request) }
}

/// The traces of an execution by what their results have, as far as these were not found yet.
/// An execution has so few traces that this fits into memory: at most
/// `Limits.tracesPerExecutionMax` of about a hundred bytes.
struct TraceIndex {
  private let store: Store
  private let execution: ExecutionID
  private let region: ExecutionRegionID?
  private let resource: NameID?
  private var traces: [TraceKey: [Int64]] = [:]
  private var last: Int64 = 0

  init(
    store: Store, execution: ExecutionID, region: ExecutionRegionID? = nil,
    resource: NameID? = nil
  ) {
    self.store = store
    self.execution = execution
    self.region = region
    self.resource = resource
  }

  /// Adds those that were committed since the last call.
  mutating func refresh() throws {
    while true {
      let (after, limit) = (last, 500)
      let page = try store.read {
        try TraceStore.list(
          of: execution, region: region, resource: resource, after: after, limit: limit, in: $0)
      }
      for trace in page { traces[TraceKey(trace), default: []].append(trace.id) }
      last = page.last?.id ?? last
      if page.count < limit { return }
    }
  }

  /// Takes out the trace of a result; nil when there is none.
  mutating func take(_ result: StoredResult) -> Int64? {
    guard !traces.isEmpty else { return nil }
    let key = TraceKey(result)
    guard var ids = traces[key], let id = ids.first else { return nil }
    ids.removeFirst()
    traces[key] = ids.isEmpty ? nil : ids
    return id
  }
}

import Shared

/// Finds the raw results of traced requests.
enum ResultFinder {
  /// Results around a trace's place that are looked at first: far more than agents commit within
  /// the half second by which rows of one moment may be apart.
  private static let distance: Int64 = 50_000
  /// By how much an agent's idea of the coordinator's clock may be wrong.
  private static let clockErrorMs: Int64 = 1_000

  /// The result; nil when it is not there (any more). Reads a few batches, one at a time.
  static func find(_ trace: TraceRecord, in store: Store) throws -> StoredResult? {
    try find([trace], in: store)[trace.id]
  }

  /// The results of traces that were committed one after the other, all of one execution, by the
  /// ids of the traces. Reads the batches around them, one at a time.
  static func find(_ traces: [TraceRecord], in store: Store) throws -> [Int64: StoredResult] {
    guard let execution = traces.first?.execution,
      let first = traces.map(\.nearResultID).min(), let last = traces.map(\.nearResultID).max()
    else { return [:] }
    var missing: [TraceKey: [TraceRecord]] = [:]
    for trace in traces { missing[TraceKey(trace), default: []].append(trace) }
    var found: [Int64: StoredResult] = [:]
    var start = max(0, first - distance)
    func scan(from: Int64, through: Int64) throws -> Int64? {
      var from = from
      var earliest: Int64?
      while !missing.isEmpty,
        let batch = try store.read({ try BatchStore.next(from: from, of: execution, in: $0) }),
        batch.firstResultID <= through
      {
        try find(&missing, in: batch, store) { found[$0] = $1 }
        earliest = earliest ?? batch.segments.first?.committedAtMs
        from = batch.lastResultID + 1
      }
      return earliest
    }
    var earliest = try scan(from: start, through: last + distance)
    guard !missing.isEmpty else { return found }
    // The slowest request of an interval becomes a trace at its end, long after its result. But
    // no result is committed before its request has ended.
    let beginning = try store.read { try BatchStore.next(from: 0, of: execution, in: $0) }
    var step = distance
    while let end = missing.values.joined().map(\.endMs).min(), let oldest = beginning,
      start > oldest.firstResultID, earliest ?? .max > end - clockErrorMs
    {
      let through = start - 1
      start = max(0, start - step)
      earliest = try scan(from: start, through: through) ?? earliest
      step *= 2
    }
    return found
  }

  private static func find(
    _ missing: inout [TraceKey: [TraceRecord]], in batch: StoredBatch, _ store: Store,
    found: (Int64, StoredResult) -> Void
  ) throws {
    let leases = Set(missing.values.joined().map { LeaseKey(chunk: $0.chunk, epoch: $0.epoch) })
    var start = 0
    for segment in batch.segments {
      defer { start += segment.requests }
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      guard leases.contains(lease) else { continue }
      for offset in 0..<segment.requests {
        let row = batch.requests[start + offset]
        let key = TraceKey(segment.chunk, segment.epoch, row)
        guard var traces = missing[key], !traces.isEmpty else { continue }
        let trace = traces.removeFirst()
        missing[key] = traces.isEmpty ? nil : traces
        let agent = try store.read { try LedgerStore.find(lease, in: $0)?.agent }
        found(
          trace.id,
          StoredResult(
            id: segment.firstResultID + Int64(offset), chunk: segment.chunk,
            epoch: segment.epoch, executionRegion: trace.executionRegion, agent: agent ?? "",
            committedAtMs: segment.committedAtMs, resource: trace.resource,
            method: trace.trace.method, contentType: trace.trace.contentType, request: row))
      }
    }
  }
}

extension TraceRecord {
  /// When the request ended at the earliest, milliseconds since the Unix epoch: whatever an agent
  /// says of it, no trace is held back for a minute.
  fileprivate var endMs: Int64 {
    let request = trace.request
    let end = (request.startedAtMicros &+ Int64(max(0, request.connectionCloseMicros))) / 1_000
    return max(end, createdAtMs - 60_000)
  }
}

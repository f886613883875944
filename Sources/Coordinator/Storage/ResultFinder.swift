import Shared

/// Finds the raw result of a traced request.
enum ResultFinder {
  /// Results around a trace's place that are looked at: far more than agents commit within the
  /// half second by which rows of one moment may be apart.
  private static let distanceMax: Int64 = 50_000

  /// The result; nil when it is not there (any more). Reads a few batches, one at a time.
  static func find(_ trace: TraceRecord, in store: Store) throws -> StoredResult? {
    var from = max(0, trace.nearResultID - distanceMax)
    while let batch = try store.read({
      try BatchStore.next(from: from, of: trace.execution, in: $0)
    }),
      batch.firstResultID <= trace.nearResultID + distanceMax
    {
      if let found = try find(trace, in: batch, store) { return found }
      from = batch.lastResultID + 1
    }
    return nil
  }

  private static func find(
    _ trace: TraceRecord, in batch: StoredBatch, _ store: Store
  ) throws -> StoredResult? {
    let wanted = trace.trace.request
    var start = 0
    for segment in batch.segments {
      defer { start += segment.requests }
      guard segment.chunk == trace.chunk, segment.epoch == trace.epoch else { continue }
      for offset in 0..<segment.requests {
        let row = batch.requests[start + offset]
        guard row.client == wanted.client, row.iteration == wanted.iteration,
          row.startedAtMicros == wanted.startedAtMicros, row.connection == wanted.connection
        else { continue }
        let agent = try store.read { db in
          try LedgerStore.find(LeaseKey(chunk: segment.chunk, epoch: segment.epoch), in: db)?.agent
        }
        return StoredResult(
          id: segment.firstResultID + Int64(offset), chunk: segment.chunk, epoch: segment.epoch,
          executionRegion: trace.executionRegion, agent: agent ?? "",
          committedAtMs: segment.committedAtMs, resource: trace.resource,
          method: trace.trace.method, contentType: trace.trace.contentType, request: row)
      }
    }
    return nil
  }
}

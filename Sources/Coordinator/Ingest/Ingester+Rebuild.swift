import Shared

/// Computing aggregates anew from what is stored.
extension Ingester {
  /// The aggregates, and what was set aside because it cannot be read or cannot be true.
  func rebuilt(
    _ execution: ExecutionID
  ) throws -> (aggregator: IntervalAggregator, setAside: [String]) {
    var aggregator = IntervalAggregator(execution: execution)
    var setAside: [String] = []
    func leaveOut(_ what: String, _ reason: String) {
      log.error(
        "set aside what cannot be read", ["execution": "\(execution)", what: reason])
      setAside.append("Stored \(what) cannot be read and were set aside: \(reason)")
    }
    try addBatches(of: execution, to: &aggregator, leaveOut)
    try addMetrics(of: execution, to: &aggregator, leaveOut)
    return (aggregator, setAside)
  }

  private func addBatches(
    of execution: ExecutionID, to aggregator: inout IntervalAggregator,
    _ leaveOut: (String, String) -> Void
  ) throws {
    let regions = try store.read { db in
      Dictionary(
        try LedgerStore.list(of: execution, in: db).map { ($0.lease.chunk, $0.executionRegion) },
        uniquingKeysWith: { first, _ in first })
    }
    var from: Int64 = 0
    // One batch a read, so that neither memory nor the write-ahead log grows with the test.
    while let ids = try store.read({ try BatchStore.nextIDs(from: from, of: execution, in: $0) }) {
      defer { from = ids.upperBound.plus(1) }
      let what = "results \(ids.lowerBound) to \(ids.upperBound)"
      let stored: (StoredBatch, [String])?
      do {
        stored = try storedBatch(of: execution, from: from)
      } catch  where Self.isDamage(error) {
        leaveOut(what, "\(error)")
        continue
      }
      guard let (batch, texts) = stored else { return }
      for (segment, rows) in batch.batches(texts: texts) {
        guard let region = regions[segment.chunk] else { continue }
        if let problem = rows.problem {
          leaveOut(what, problem)
          continue
        }
        aggregator.add(
          rows, names: batch.names, region: region, chunk: segment.chunk,
          atMs: segment.committedAtMs)
      }
    }
  }

  private func addMetrics(
    of execution: ExecutionID, to aggregator: inout IntervalAggregator,
    _ leaveOut: (String, String) -> Void
  ) throws {
    var metric: Int64 = 0
    while true {
      do {
        guard
          let batch = try store.read({
            try MetricDeltaStore.next(after: metric, of: execution, in: $0)
          })
        else { return }
        metric = batch.id
        let isPlausible = batch.metrics.allSatisfy {
          ResultBatch.isInterval($0.intervalStartMs) && $0.totals.isPlausible
        }
        guard isPlausible else {
          leaveOut("metrics", "the interval or values of a metric are out of range")
          continue
        }
        aggregator.add(batch.metrics, region: batch.region, atMs: batch.atMs)
      } catch  where Self.isDamage(error) {
        leaveOut("metrics", "\(error)")
        guard
          let next = try store.read({
            try MetricDeltaStore.nextID(after: metric, of: execution, in: $0)
          })
        else { return }
        metric = next
      }
    }
  }

  private func storedBatch(
    of execution: ExecutionID, from: Int64
  ) throws -> (StoredBatch, [String])? {
    try store.read { db in
      guard let batch = try BatchStore.next(from: from, of: execution, in: db) else { return nil }
      let records = try NameStore.find(batch.names, in: db)
      return (batch, batch.names.map { records[$0]?.name ?? "" })
    }
  }

  /// Whether it is what is stored that is at fault, not the store.
  static func isDamage(_ error: any Error) -> Bool {
    error is VarIntError || error is Zstandard.Failure
  }
}

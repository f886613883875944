import Foundation
import Shared

extension Ingester {
  /// Reads the aggregates of an execution: those in memory while it goes on, the stored ones once
  /// it is finished. Empty when there are no results. From any thread; `body` must be quick and
  /// must not call the ingester.
  public func snapshot<Result>(
    _ execution: ExecutionID, _ body: (IntervalAggregator) throws -> Result
  ) throws -> Result {
    if let result = try aggregates.read(execution, body) { return result }
    let (stored, isCompleted) = try store.read { db in
      let record = try ExecutionStore.find(execution, in: db)
      return (try AggregateStore.load(execution, in: db), record?.completed ?? false)
    }
    if let stored {
      aggregates.put(stored, isFinished: true)
      return try body(stored)
    }
    guard isCompleted else { return try body(IntervalAggregator(execution: execution)) }
    // Its summary could not be stored when it ended.
    let (rebuilt, _) = try rebuilt(execution)
    aggregates.put(rebuilt, isFinished: true)
    return try body(rebuilt)
  }

  /// Stores the aggregates of an execution whose runs are over, takes nothing more for it and lets
  /// go of what is in memory. Waits for batches that are being committed: not to be called on the
  /// thread that handlers run on.
  public func finish(_ execution: ExecutionID) throws {
    leases.withLock { leases in
      for (key, owner) in leases.owners where owner.execution == execution {
        leases.ledger.leaseSealed(key)
      }
    }
    waitForCommits()
    let aggregator =
      aggregates.read(execution) { $0 } ?? IntervalAggregator(execution: execution)
    let counts = recordCounts.withLock { $0[execution] }
    let incomplete = try store.write { db in
      try AggregateStore.save(aggregator, in: db)
      try MetricDeltaStore.delete(of: execution, in: db)
      let incomplete = try OutputFileStore.deleteIncomplete(of: execution, in: db)
      try say(counts, incompleteFiles: incomplete.count, of: execution, in: db)
      return incomplete
    }
    for file in incomplete { store.outputFiles.remove(file, of: execution) }
    recordCounts.withLock { $0[execution] = nil }
    aggregates.put(aggregator, isFinished: true)
    forgetLeases(of: execution)
    store.changes.changed(execution, [.results, .logs])
    compact(execution)
  }

  /// Says in the log what was not kept of what scripts said.
  private func say(
    _ counts: RecordCounts?, incompleteFiles: Int, of execution: ExecutionID, in db: Database
  ) throws {
    var texts = counts?.summaries ?? []
    if incompleteFiles > 0 {
      texts.append(
        incompleteFiles == 1
          ? "1 output file did not come whole and was not kept"
          : "\(incompleteFiles) output files did not come whole and were not kept")
    }
    let now = Clock.wallMicros() / 1_000
    for text in texts {
      try LogStore.insert(
        LogRecord(
          id: 0, execution: execution, createdAtMs: now, updatedAtMs: now, loggedAtMs: now,
          level: "Warning", message: text, isSystem: true), in: db)
    }
  }

  /// Merges small batches, for a second at most; the ingester's spare time does the rest, if the
  /// process lives that long.
  private func compact(_ execution: ExecutionID) {
    let deadline = Clock.monotonicNanos() + 1_000_000_000
    let compressor = Zstandard()
    var from: Int64 = 0
    while Clock.monotonicNanos() < deadline {
      guard let next = compactStep(execution, from: from, with: compressor) else { return }
      from = next
    }
    requestCompaction(of: execution, from: from)
  }

  /// One bounded transaction of it; nil at the end.
  func compactStep(
    _ execution: ExecutionID, from: Int64, with compressor: Zstandard
  ) -> Int64? {
    do {
      return try store.write { db in
        try BatchStore.compact(execution, from: from, compressor: compressor, in: db)
      }
    } catch {
      // Only space is lost by it; a failing disk will speak up at the next commit.
      log.warning(
        "cannot merge small batches", ["execution": "\(execution)", "error": "\(error)"])
      return nil
    }
  }

  private func waitForCommits() {
    guard isStarted, !queue.isStopping else { return }
    let done = DispatchSemaphore(value: 0)
    whenCommitted { done.signal() }
    // A stop in between may end the thread before it sees the barrier.
    while done.wait(timeout: .now() + 1) == .timedOut, !queue.isStopping {}
  }

  /// Forgets an execution that was deleted from the store.
  public func forget(_ execution: ExecutionID) {
    forgetLeases(of: execution)
    recordCounts.withLock { $0[execution] = nil }
    aggregates.forget(execution)
  }

  private func forgetLeases(of execution: ExecutionID) {
    leases.withLock { leases in
      for (key, owner) in leases.owners where owner.execution == execution {
        leases.ledger.leaseForgotten(key)
        leases.owners[key] = nil
      }
    }
  }

  /// Computes the aggregates of an unfinished execution anew from its batches, after a restart.
  ///
  /// - Returns: what was set aside because it cannot be read, for the execution's log.
  @discardableResult
  public func rebuild(_ execution: ExecutionID) throws -> [String] {
    let (aggregator, setAside) = try rebuilt(execution)
    aggregates.put(aggregator, isFinished: false)
    return setAside
  }
}

import Shared

extension Ingester {
  /// A batch that is next in its sequence.
  private struct Accepted {
    var lease: LeaseKey
    var owner: Owner
    var batch: ResultBatch
    var names: [NameID] = []
    var metrics: [StoredMetric] = []
  }

  /// What becomes of a group, before anything of it counts.
  private struct Pass {
    var accepted: [Accepted] = []
    /// Cursors of the leases that moved on.
    var moved: Set<LeaseKey> = []
    /// Leases whose batches came again.
    var repeated: Set<LeaseKey> = []
    var duplicates = 0
    var rejected: [(key: LeaseKey, code: NackCode, expected: Int)] = []
    var ledger: BatchLedger
    var barriers: [@Sendable () -> Void] = []
    /// What stored the records of scripts.
    var records: RecordWriter?
  }

  /// Decides a group: commits what is next, answers the rest.
  func commit(_ items: [IngestQueue.Item]) {
    var pass = judge(items)
    // No two commits have the same time: by it, those who watch know what they have not seen.
    let now = max(Clock.wallMicros() / 1_000, committedAtMs + 1)
    committedAtMs = now
    if !pass.accepted.isEmpty {
      do {
        let began = Clock.monotonicNanos()
        try store.write { db in try store(&pass, atMs: now, in: db) }
        counters.commit(nanos: Clock.monotonicNanos() - began)
        names.committed()
        committed(pass.records)
        failures.succeeded()
        if failure != nil {
          setFailure(nil)
          log.notice("results are stored again")
        }
      } catch {
        names.rolledBack()
        return failed(error, items)
      }
    }
    count(pass, items)
    finish(pass, atMs: now)
  }

  private func count(_ pass: Pass, _ items: [IngestQueue.Item]) {
    var (bytes, results) = (0, 0)
    for case .line(let line) in items { bytes += line.count }
    for accepted in pass.accepted { results += accepted.batch.requests.count }
    counters.bytes.add(Int64(bytes), ordering: .relaxed)
    counters.results.add(Int64(results), ordering: .relaxed)
    counters.batches.add(Int64(pass.accepted.count), ordering: .relaxed)
    counters.duplicates.add(Int64(pass.duplicates), ordering: .relaxed)
    for rejected in pass.rejected { counters.reject(rejected.code) }
  }

  private func judge(_ items: [IngestQueue.Item]) -> Pass {
    let (ledger, owners) = leases.withLock { ($0.ledger, $0.owners) }
    var pass = Pass(ledger: ledger)
    for item in items {
      switch item {
      case .barrier(let body): pass.barriers.append(body)
      case .line(let line):
        do throws(ResultBatchCodec.DecodingFailure) {
          judge(try ResultBatchCodec.decode(line), owners, &pass)
        } catch {
          log.warning("refused a batch", ["reason": error.message])
          guard let key = error.key else { continue }
          let lease = LeaseKey(chunk: key.chunk, epoch: key.epoch)
          pass.rejected.append((lease, .corrupt, pass.ledger[lease]?.nextSeq ?? key.seq))
        }
      }
    }
    return pass
  }

  private func judge(
    _ decoded: ResultBatchCodec.Decoded, _ owners: [LeaseKey: Owner], _ pass: inout Pass
  ) {
    let lease = LeaseKey(chunk: decoded.key.chunk, epoch: decoded.key.epoch)
    guard let owner = owners[lease] else {
      pass.rejected.append((lease, .unknownLease, decoded.key.seq))
      return
    }
    if let problem = owner.problem(of: decoded.batch, nowMicros: Clock.wallMicros()) {
      log.warning("refused a batch", ["chunk": "\(lease.chunk)", "reason": problem])
      pass.rejected.append((lease, .corrupt, pass.ledger[lease]?.nextSeq ?? decoded.key.seq))
      return
    }
    let verdict = pass.ledger.batchArrived(
      decoded.key, crc: decoded.crc, rows: decoded.batch.requests.count,
      iterations: decoded.batch.iterations.count)
    let expected = pass.ledger[lease]?.nextSeq ?? decoded.key.seq
    switch verdict {
    case .commit:
      pass.accepted.append(Accepted(lease: lease, owner: owner, batch: decoded.batch))
      pass.moved.insert(lease)
    case .duplicate:
      pass.repeated.insert(lease)
      pass.duplicates += 1
    case .gap(let expected): pass.rejected.append((lease, .expected, expected))
    case .conflict: pass.rejected.append((lease, .conflict, expected))
    case .unknownLease: pass.rejected.append((lease, .unknownLease, expected))
    }
  }

  private func store(_ pass: inout Pass, atMs: Int64, in db: Database) throws {
    // First, because a lease that is gone must not be mistaken for a store that fails.
    for lease in pass.moved {
      guard let cursor = pass.ledger[lease] else { continue }
      guard try LedgerStore.advance(lease, to: cursor, in: db) else {
        throw IngestError.grantMissing(lease)
      }
    }
    var nextID = try BatchStore.nextResultID(in: db)
    var nextAssertion = try BatchStore.nextAssertionID(in: db)
    var records = RecordWriter(
      self.store.outputFiles, counts: recordCounts.withLock { $0 }, compressor: compressor)
    for index in pass.accepted.indices {
      let accepted = pass.accepted[index]
      let ids = try names.intern(accepted.batch.strings, atMs: atMs, in: db)
      pass.accepted[index].names = ids
      if !accepted.batch.records.isEmpty {
        let source = RecordWriter.Source(
          lease: accepted.lease, execution: accepted.owner.execution,
          region: accepted.owner.region, nearResultID: nextID, atMs: atMs)
        pass.accepted[index].metrics = try records.write(
          accepted.batch.records, from: source, &names, in: db)
      }
      // A batch of nothing but records takes no place among the results.
      guard !accepted.batch.hasNoResults else { continue }
      let batch = StoredBatch(
        accepted.batch, names: ids, lease: accepted.lease, firstResultID: nextID,
        firstAssertionID: nextAssertion, committedAtMs: atMs)
      try BatchStore.insert(
        batch, execution: accepted.owner.execution, compressor: compressor, in: db)
      nextID = batch.lastResultID + 1
      nextAssertion += Int64(batch.assertions.count)
    }
    try BatchStore.setNextResultID(nextID, in: db)
    try BatchStore.setNextAssertionID(nextAssertion, in: db)
    try records.finish()
    pass.records = records
  }

  private func committed(_ records: RecordWriter?) {
    guard let records else { return }
    records.committed()
    if records.completesComparable { currentHandlers.onComparable() }
    guard !records.counts.isEmpty else { return }
    recordCounts.withLock { $0.merge(records.counts) { $1 } }
  }

  /// Lets what was decided show, in the order that the type's comment states.
  private func finish(_ pass: Pass, atMs: Int64) {
    for accepted in pass.accepted {
      aggregates.update(accepted.owner.execution) { aggregator in
        aggregator.add(
          accepted.batch, names: accepted.names, region: accepted.owner.region,
          chunk: accepted.lease.chunk, atMs: atMs)
        aggregator.add(accepted.metrics, region: accepted.owner.region, atMs: atMs)
      }
    }
    leases.withLock { leases in
      for lease in pass.moved {
        if let cursor = pass.ledger[lease] { leases.ledger.committed(lease, cursor) }
      }
    }
    tellWatchers(pass)
    let handlers = currentHandlers
    let committed = pass.moved.union(pass.repeated).compactMap { lease in
      pass.ledger[lease].map { cursor in
        Committed(
          key: lease, upTo: cursor.nextSeq - 1, rows: cursor.rows, iterations: cursor.iterations)
      }
    }
    if !committed.isEmpty { handlers.onCommitted(committed) }
    for (key, code, expected) in pass.rejected { handlers.onRejected(key, code, expected) }
    for barrier in pass.barriers { barrier() }
  }

  private func tellWatchers(_ pass: Pass) {
    var changes: [ExecutionID: ChangeBoard.Kinds] = [:]
    for accepted in pass.accepted {
      changes[accepted.owner.execution, default: .results]
        .formUnion(accepted.batch.records.isEmpty ? [] : .logs)
    }
    for (execution, kinds) in changes { store.changes.changed(execution, kinds) }
  }

  private func failed(_ error: any Error, _ items: [IngestQueue.Item]) {
    if case .grantMissing(let lease)? = error as? IngestError {
      // Its execution was deleted meanwhile. Without it the rest of the group goes through.
      log.warning("refused batches", ["reason": "\(error)"])
      leases.withLock {
        $0.ledger.leaseForgotten(lease)
        $0.owners[lease] = nil
      }
      return queue.putBack(items, retryAfterNanos: 0)
    }
    if failures.inARow == 0 {
      log.error("cannot store results; trying again", ["error": "\(error)"])
    }
    counters.failures.add(1, ordering: .relaxed)
    let delay = failures.failed()
    setFailure("\(error)")
    currentHandlers.onFailure(error)
    if queue.isStopping, failures.inARow >= FailureCounter.attemptsWhileStoppingMax {
      log.error("gave up storing results; their agents keep them", ["error": "\(error)"])
      for case .barrier(let body) in items { body() }
      return
    }
    queue.putBack(items, retryAfterNanos: delay)
  }
}

/// What stands against a commit for good.
enum IngestError: Error, Equatable, CustomStringConvertible {
  /// The grant of a registered lease is not, or no longer, stored.
  case grantMissing(LeaseKey)

  var description: String {
    switch self {
    case .grantMissing(let key): "no grant of chunk \(key.chunk), epoch \(key.epoch) is stored"
    }
  }
}

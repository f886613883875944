import Shared

/// One raw result as readers see it.
public struct StoredResult: Sendable, Equatable {
  public var id: Int64
  public var chunk: ChunkID
  public var epoch: Int
  public var executionRegion: ExecutionRegionID
  /// UUID of the agent that made the request.
  public var agent: String
  /// When it was committed, milliseconds since the Unix epoch.
  public var committedAtMs: Int64
  public var resource: NameRecord
  public var method: String
  public var contentType: String?
  /// Its `resource`, `method` and `contentType` are indices that mean nothing here.
  public var request: RequestRow
}

/// Reads the raw results of an execution in the order of their ids: everything committed, while
/// the execution goes on as well as later. Holds one stored batch at a time, and nothing of the
/// database between two calls. For one thread at a time.
public struct ResultReader {
  private let store: Store
  private let execution: ExecutionID
  private let region: ExecutionRegionID?
  private let resource: NameID?
  private var nextID: Int64 = 0
  /// Results still to be left out, and still to be returned (nil for all).
  private var skips: Int64
  private var remaining: Int64?
  private var isPlaced = false
  private var ledger: [LeaseKey: LedgerRecord] = [:]
  private var names: [NameID: NameRecord] = [:]

  /// - Parameters:
  ///   - region: only results of this region of the execution, nil for all.
  ///   - resource: only results of this resource, nil for all.
  ///   - page: which of the results that match.
  public init(
    store: Store, execution: ExecutionID, region: ExecutionRegionID? = nil,
    resource: NameID? = nil, page: Page = .all
  ) {
    self.store = store
    self.execution = execution
    self.region = region
    self.resource = resource
    skips = Int64(max(0, page.offset))
    remaining = page.limit.map { Int64(max(0, $0)) }
  }

  /// The next results, never none; nil at the end. At most one stored batch of them, about 16k.
  ///
  /// - Throws: `DatabaseError`, or what decoding a damaged batch throws.
  public mutating func next() throws -> [StoredResult]? {
    while remaining != 0 {
      guard let batch = try nextBatch() else { return nil }
      let results = results(of: batch)
      nextID = batch.lastResultID + 1
      if !results.isEmpty { return results }
    }
    return nil
  }

  private mutating func nextBatch() throws -> StoredBatch? {
    var state = self
    defer { self = state }
    return try store.read { db in
      // Only without filters is it known how many results a batch has that match.
      if !state.isPlaced, state.region == nil, state.resource == nil {
        (state.nextID, state.skips) = try BatchStore.place(
          offset: state.skips, of: execution, in: db)
      }
      state.isPlaced = true
      guard let batch = try BatchStore.next(from: state.nextID, of: execution, in: db) else {
        return nil
      }
      try state.learn(batch, in: db)
      return batch
    }
  }

  /// Looks up what a batch refers to and was not seen before.
  private mutating func learn(_ batch: StoredBatch, in db: Database) throws {
    for segment in batch.segments {
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      if ledger[lease] == nil { ledger[lease] = try LedgerStore.find(lease, in: db) }
    }
    for name in batch.names where names[name] == nil {
      names[name] = try NameStore.find(name, in: db)
    }
  }

  private mutating func results(of batch: StoredBatch) -> [StoredResult] {
    let records = batch.names.map { names[$0] ?? NameRecord(id: $0, createdAtMs: 0, name: "") }
    var results: [StoredResult] = []
    var start = 0
    for segment in batch.segments {
      defer { start += segment.requests }
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      guard let grant = ledger[lease], region == nil || grant.executionRegion == region else {
        continue
      }
      for offset in 0..<segment.requests {
        let id = segment.firstResultID + Int64(offset)
        let row = batch.requests[start + offset]
        // A batch that was merged meanwhile may begin before the place that was reached.
        guard id >= nextID, resource == nil || batch.names[Int(row.resource)] == resource else {
          continue
        }
        guard skips == 0 else {
          skips -= 1
          continue
        }
        if let left = remaining {
          guard left > 0 else { return results }
          remaining = left - 1
        }
        results.append(
          StoredResult(
            id: id, chunk: segment.chunk, epoch: segment.epoch,
            executionRegion: grant.executionRegion, agent: grant.agent,
            committedAtMs: segment.committedAtMs, resource: records[Int(row.resource)],
            method: records[Int(row.method)].name,
            contentType: row.contentType < 0 ? nil : records[Int(row.contentType)].name,
            request: row))
      }
    }
    return results
  }
}

import Shared

/// The execution was deleted while its results were read: they end early.
struct ExecutionDeleted: Error, CustomStringConvertible {
  var execution: ExecutionID
  var description: String { "execution \(execution) was deleted meanwhile" }
}

/// Reads the raw results of an execution in the order of their ids: everything committed, while
/// the execution goes on as well as later. Holds one stored batch at a time, and nothing of the
/// database between two calls. For one thread at a time.
public struct ResultReader {
  private let store: Store
  private let execution: ExecutionID
  private let region: ExecutionRegionID?
  private let resource: NameID?
  private let decompressor = Zstandard.Decompressor()
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
  /// - Throws: `DatabaseError`, or what decoding a damaged batch throws; `ExecutionDeleted` when it
  ///   was deleted since the last call.
  public mutating func next() throws -> [StoredResult]? { try nextRows()?.results }

  /// The same without a value for each, for who reads millions.
  public mutating func nextRows() throws -> ResultRows? {
    while remaining != 0 {
      guard var batch = try nextBatch() else { return nil }
      // A batch that was merged meanwhile may begin before the place that was reached.
      let from = nextID
      nextID = batch.nextResultID
      if let rows = try rows(of: &batch, from: from) { return rows }
    }
    return nil
  }

  /// Only the bytes are read in the transaction: whoever keeps one open keeps the write-ahead log
  /// from beginning anew.
  private mutating func nextBatch() throws -> PackedBatch? {
    var (from, skips) = (nextID, skips)
    let isPlaced = isPlaced
    let body: [UInt8]? = try store.read { db in
      guard try ExecutionStore.exists(execution, in: db) else {
        throw ExecutionDeleted(execution: execution)
      }
      // Only without filters is it known how many results a batch has that match.
      if !isPlaced, region == nil, resource == nil {
        (from, skips) = try BatchStore.place(offset: skips, of: execution, in: db)
      }
      return try BatchStore.nextBody(from: from, of: execution, in: db)
    }
    (nextID, self.skips, self.isPlaced) = (from, skips, true)
    return try body.map { try PackedBatch($0, with: decompressor) }
  }

  /// Segments with results of the region, and where their rows are.
  private mutating func segments(
    of batch: PackedBatch
  ) throws -> [(place: Int, rows: Range<Int>, grant: LedgerRecord)] {
    var segments: [(place: Int, rows: Range<Int>, grant: LedgerRecord)] = []
    var start = 0
    for (place, segment) in batch.segments.enumerated() {
      let rows = start..<start + segment.requests
      start = rows.upperBound
      guard !rows.isEmpty else { continue }
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      if ledger[lease] == nil {
        ledger[lease] = try store.read { db in try LedgerStore.find(lease, in: db) }
      }
      guard let grant = ledger[lease] else {
        // Grants go before everything else.
        throw ExecutionDeleted(execution: execution)
      }
      if region == nil || grant.executionRegion == region { segments.append((place, rows, grant)) }
    }
    return segments
  }

  /// The results of a batch that are wanted, nil when there are none. Reads the rows only if some
  /// are.
  private mutating func rows(of batch: inout PackedBatch, from: Int64) throws -> ResultRows? {
    let segments = try segments(of: batch)
    var wanted: UInt32?
    if let resource {
      guard let place = batch.names.firstIndex(of: resource) else { return nil }
      wanted = UInt32(place)
    }
    if skips > 0, (batch.segments.first?.firstResultID ?? 0) >= from {
      let found = try wanted.map { try batch.requests(ofResourceAt: Int($0)) }
      let matching = segments.reduce(0) { $0 + (found?[$1.place] ?? $1.rows.count) }
      if matching <= skips {
        skips -= Int64(matching)
        return nil
      }
    }
    guard !segments.isEmpty else { return nil }
    var rows = ResultRows(runs: [], requests: try batch.requests(), names: [])
    for segment in segments {
      let runs = runs(
        of: batch.segments[segment.place], segment.rows, segment.grant, resource: wanted,
        from: from, in: rows.requests)
      rows.runs += runs
    }
    guard !rows.runs.isEmpty else { return nil }
    rows.names = try records(of: batch.names)
    return rows
  }

  /// What is wanted of a segment.
  private mutating func runs(
    of segment: StoredBatch.Segment, _ indices: Range<Int>, _ grant: LedgerRecord,
    resource: UInt32?, from: Int64, in requests: [RequestRow]
  ) -> [ResultRows.Run] {
    let first = indices.lowerBound
    let passed = Int(max(0, min(Int64(indices.count), from - segment.firstResultID)))
    var runs: [ResultRows.Run] = []
    func append(_ rows: Range<Int>) {
      guard !rows.isEmpty else { return }
      runs.append(
        ResultRows.Run(
          rows: rows, firstID: segment.firstResultID + Int64(rows.lowerBound - first),
          chunk: segment.chunk, epoch: segment.epoch, executionRegion: grant.executionRegion,
          agent: grant.agent, committedAtMs: segment.committedAtMs))
    }
    let left = (first + passed)..<indices.upperBound
    guard let resource else {
      append(cut(left))
      return runs
    }
    var index = left.lowerBound
    while index < left.upperBound {
      guard requests[index].resource == resource else {
        index += 1
        continue
      }
      let start = index
      while index < left.upperBound, requests[index].resource == resource { index += 1 }
      append(cut(start..<index))
    }
    return runs
  }

  /// What is left of rows that match when those to be left out are taken off, and those beyond the
  /// last one wanted.
  private mutating func cut(_ rows: Range<Int>) -> Range<Int> {
    let skipped = Int(min(Int64(rows.count), skips))
    skips -= Int64(skipped)
    let rows = rows.dropFirst(skipped)
    guard let remaining else { return rows }
    let taken = rows.prefix(Int(min(Int64(rows.count), remaining)))
    self.remaining = remaining - Int64(taken.count)
    return taken
  }

  private mutating func records(of ids: [NameID]) throws -> [NameRecord] {
    let unknown = ids.filter { names[$0] == nil }
    if !unknown.isEmpty {
      names.merge(try store.read { db in try NameStore.find(unknown, in: db) }) { $1 }
    }
    return ids.map { names[$0] ?? NameRecord(id: $0, createdAtMs: 0, name: "") }
  }
}

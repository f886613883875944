import Shared

/// Reads the checks of an execution in the order of their ids: everything committed, while the
/// execution goes on as well as later. Holds one stored batch at a time, and nothing of the
/// database between two calls. For one thread at a time.
struct CheckReader {
  /// Why a check failed, as far as lists of assertions tell it.
  static let failure = "check failed"

  private struct Client: Hashable {
    var lease: LeaseKey
    var client: UInt32
  }

  private struct Request {
    var iteration: UInt32
    var connection: UInt32
    var resultID: Int64
  }

  private let store: Store
  private let filter: SuiteResultStore.Filter
  private let decompressor = Zstandard.Decompressor()
  private var nextResultID: Int64 = 0
  private var nextID: Int64 = 0
  /// The latest request of each client, for checks that come in a later batch.
  private var latest: [Client: Request] = [:]
  private var regions: [LeaseKey: ExecutionRegionID] = [:]
  private var paths: [NameID: CheckPath] = [:]

  init(store: Store, filter: SuiteResultStore.Filter) {
    self.store = store
    self.filter = filter
  }

  /// The next checks, never none; nil at the end. At most one stored batch of them, about 16k.
  ///
  /// - Throws: `DatabaseError`; `ExecutionDeleted` when it was deleted since the last call.
  mutating func next() throws -> [SuiteResultRecord]? {
    while let body = try nextBody() {
      let batch: StoredBatch
      do {
        batch = try StoredBatch(try PackedBatch(body, with: decompressor))
      } catch  where Ingester.isDamage(error) {
        // It is set aside, and the execution's log says so.
        try pass(from: nextResultID)
        continue
      }
      // A batch that was merged meanwhile may begin before the place that was reached.
      nextResultID = batch.lastResultID.plus(1)
      let records = try records(of: batch)
      if !records.isEmpty { return records }
    }
    return nil
  }

  private func nextBody() throws -> [UInt8]? {
    let (execution, from) = (filter.execution, nextResultID)
    return try store.read { db in
      guard try ExecutionStore.exists(execution, in: db) else {
        throw ExecutionDeleted(execution: execution)
      }
      return try BatchStore.nextBody(from: from, of: execution, in: db)
    }
  }

  private mutating func pass(from resultID: Int64) throws {
    let execution = filter.execution
    let ids = try store.read { try BatchStore.nextIDs(from: resultID, of: execution, in: $0) }
    nextResultID = max(ids?.upperBound ?? .max, resultID).plus(1)
  }

  private mutating func records(of batch: StoredBatch) throws -> [SuiteResultRecord] {
    if !batch.assertions.isEmpty { try learn(batch.names) }
    var records: [SuiteResultRecord] = []
    var (requests, checks) = (0, 0)
    for segment in batch.segments {
      defer {
        requests += segment.requests
        checks += segment.assertions
      }
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      guard let region = try region(of: lease), filter.region ?? region == region else { continue }
      for offset in 0..<segment.assertions {
        let id = segment.firstAssertionID.plus(Int64(offset))
        let row = batch.assertions[checks + offset]
        guard id >= nextID, takes(row), ResultBatch.isTime(row.atMicros) else { continue }
        records.append(
          record(row, id, of: segment, region, in: batch, firstRequest: requests))
      }
      keepRequests(batch.requests[requests..<requests + segment.requests], of: segment)
    }
    if let last = records.last { nextID = last.id.plus(1) }
    return records
  }

  private func takes(_ row: CheckRow) -> Bool {
    (!filter.failedOnly || !row.passed) && (filter.client ?? Int64(row.client)) == row.client
  }

  private func record(
    _ row: CheckRow, _ id: Int64, of segment: StoredBatch.Segment, _ region: ExecutionRegionID,
    in batch: StoredBatch, firstRequest: Int
  ) -> SuiteResultRecord {
    var request: Request?
    let place = Int(row.request)
    if place >= 0 {
      let row = batch.requests[place]
      request = Request(
        iteration: row.iteration, connection: row.connection,
        resultID: segment.firstResultID.plus(Int64(place - firstRequest)))
    } else {
      let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
      request = latest[Client(lease: lease, client: row.client)]
    }
    if request?.iteration != row.iteration { request = nil }
    let path = paths[batch.names[Int(row.name)]] ?? CheckPath("")
    return SuiteResultRecord(
      id: id, executionRegion: region, chunk: segment.chunk, epoch: segment.epoch,
      createdAtMs: segment.committedAtMs,
      result: SuiteResultRow(
        atMicros: row.atMicros, durationMicros: 0, suite: path.suite, test: path.name,
        passed: row.passed, message: row.passed ? nil : Self.failure,
        moment: ClientMoment(client: row.client, iteration: row.iteration),
        connection: request?.connection),
      isCheck: true, resultID: request?.resultID)
  }

  private mutating func keepRequests(
    _ rows: ArraySlice<RequestRow>, of segment: StoredBatch.Segment
  ) {
    let lease = LeaseKey(chunk: segment.chunk, epoch: segment.epoch)
    for (offset, row) in rows.enumerated() where filter.client ?? Int64(row.client) == row.client {
      latest[Client(lease: lease, client: row.client)] = Request(
        iteration: row.iteration, connection: row.connection,
        resultID: segment.firstResultID.plus(Int64(offset)))
    }
  }

  /// Grants go before everything else, with the execution.
  private mutating func region(of lease: LeaseKey) throws -> ExecutionRegionID? {
    if let region = regions[lease] { return region }
    let grant = try store.read { db in try LedgerStore.find(lease, in: db) }
    regions[lease] = grant?.executionRegion
    return grant?.executionRegion
  }

  private mutating func learn(_ names: [NameID]) throws {
    let unknown = names.filter { paths[$0] == nil }
    guard !unknown.isEmpty else { return }
    for (id, record) in try store.read({ db in try NameStore.find(unknown, in: db) }) {
      paths[id] = CheckPath(record.name)
    }
  }
}

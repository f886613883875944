import Shared
import XCTest

@testable import Coordinator

/// An execution whose results a report is about, in a real store.
final class ReportFixture {
  let api: APIFixture
  let id: Int64
  private(set) var regions: [ExecutionRegionRecord] = []
  /// 2023-11-14 22:13:20 UTC, when it begins: a whole interval.
  static let startMs: Int64 = 1_700_000_000_000

  init() throws {
    api = try APIFixture()
    id = try api.makeExecution()
    regions = try api.store.read { [id] in
      try ExecutionRegionStore.list(of: ExecutionID(id), in: $0)
    }
  }

  func get(_ target: String) throws -> Answer { try api.call("GET", "/executions/\(id)\(target)") }

  func document(_ query: String = "") throws -> ReportDocument {
    let answer = try get("/results.pdf\(query)")
    guard answer.status == 200 else { throw Unexpected(what: answer.text) }
    return try ReportDocument(answer.body)
  }

  func change(_ body: (inout ExecutionRecord) -> Void) throws {
    try api.store.write { db in
      var record = try XCTUnwrap(try ExecutionStore.find(ExecutionID(id), in: db))
      body(&record)
      _ = try ExecutionStore.update(record, in: db)
    }
  }

  /// It runs since `startMs`.
  func start() throws {
    try change {
      $0.running = true
      $0.allocated = true
      $0.startedAtMs = Self.startMs
    }
    try changeRegions { $0.startedAtMs = Self.startMs }
  }

  /// It ended after so many seconds.
  func complete(seconds: Int64) throws {
    try start()
    let end = Self.startMs + seconds * 1_000
    try change {
      $0.running = false
      $0.completed = true
      $0.summaryCalculated = true
      $0.finishedAtMs = end
    }
    try changeRegions {
      $0.finishedAtMs = end
      $0.completed = true
    }
  }

  private func changeRegions(_ body: (inout ExecutionRegionRecord) -> Void) throws {
    try api.store.write { db in
      for var region in regions {
        body(&region)
        _ = try ExecutionRegionStore.update(region, in: db)
      }
    }
  }

  func log(_ level: String, _ message: String, isSystem: Bool = true) throws {
    let at = Self.startMs + 5_000
    var record = LogRecord(
      id: 0, execution: ExecutionID(id), createdAtMs: at, updatedAtMs: at, loggedAtMs: at,
      level: level, message: message, isSystem: isSystem)
    if !isSystem { record.moment = ClientMoment(client: 3, iteration: 2) }
    _ = try api.store.write { try LogStore.insert(record, in: $0) }
  }

  /// Stores aggregates in place of results.
  func store(_ aggregator: IntervalAggregator) throws {
    try api.store.write { try AggregateStore.save(aggregator, in: $0) }
    api.ingester.aggregates.put(aggregator, isFinished: true)
  }

  /// Aggregates of so many intervals, with the same requests in each.
  ///
  /// - Parameter change: makes a request of an interval and a resource another one.
  func aggregates(
    intervals: Int, resources: [String], perInterval: Int = 1,
    _ change: (Int, Int, inout RequestRow) -> Void = { _, _, _ in }
  ) -> IntervalAggregator {
    var aggregator = IntervalAggregator(execution: ExecutionID(id))
    var batch = ResultBatch()
    batch.strings = resources + ["GET"]
    let names = batch.strings.indices.map { NameID(Int64($0 + 1)) }
    for interval in 0..<intervals {
      let micros = (Self.startMs + Int64(interval) * 10_000) * 1_000
      batch.requests = []
      for resource in resources.indices {
        for number in 0..<perInterval {
          var row = RequestRow()
          row.startedAtMicros = micros + Int64(number)
          row.resource = UInt32(resource)
          row.method = UInt32(resources.count)
          row.contentType = -1
          row.status = 200
          row.success = true
          row.firstReceivedMicros = 4_000
          row.connectionCloseMicros = 5_000
          row.bytesReceived = 100
          change(interval, resource, &row)
          batch.requests.append(row)
        }
      }
      batch.samples = [
        AgentSample(
          atMicros: micros, activeClients: 5, tickLatencyMicros: 100, cpuPermille: 10,
          memoryBytes: 1)
      ]
      aggregator.add(
        batch, names: names, region: regions[0].id, chunk: ChunkID(1),
        atMs: Self.startMs + Int64(interval) * 10_000)
    }
    return aggregator
  }

  func builder(
    _ dashboard: ReportDashboard = .overview, region: ExecutionRegionID? = nil
  ) throws -> ReportBuilder {
    let aggregator = try api.ingester.snapshot(ExecutionID(id)) { $0 }
    let source = try api.store.read { db in
      try ReportSource(
        try XCTUnwrap(try ExecutionStore.find(ExecutionID(id), in: db)), region: region,
        aggregator: aggregator, nowMs: APIFixture.nowMs, zone: .utc, in: db)
    }
    return ReportBuilder(source, dashboard)
  }
}

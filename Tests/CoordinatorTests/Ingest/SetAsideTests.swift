import Foundation
import Shared
import Synchronization
import XCTest

@testable import Coordinator

/// What is stored and cannot be read or be true costs itself, never the start.
final class SetAsideTests: XCTestCase {
  private var fixture: StoreFixture!

  override func setUpWithError() throws { fixture = try StoreFixture.make(for: self) }

  override func tearDown() {
    fixture = nil
  }

  /// Stores a batch as an earlier version may have taken it.
  private func store(_ batch: ResultBatch, from id: Int64) throws {
    let fixture = try XCTUnwrap(fixture)
    try fixture.store.write { db in
      let records = try batch.strings.map { try NameStore.intern($0, atMs: 1, in: db) }
      try BatchStore.insert(
        StoredBatch(
          batch, names: records, lease: fixture.leases[0], firstResultID: id, committedAtMs: 5),
        execution: fixture.execution, compressor: Zstandard(), in: db)
      try BatchStore.setNextResultID(id + 100, in: db)
    }
  }

  private func extreme(_ change: (inout RequestRow) -> Void) -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = BatchFactory.strings
    for _ in 0..<2 {
      var row = BatchFactory.request()
      change(&row)
      batch.requests.append(row)
    }
    return batch
  }

  private func fill() throws {
    var checks = ResultBatch()
    checks.strings = BatchFactory.strings
    let count = CheckCount(name: 4, intervalStartMs: 0, passes: .max, fails: .max)
    checks.checks = [count, count]
    try store(BatchFactory.realistic(requests: 5), from: 1)
    try store(extreme { $0.startedAtMicros = .min }, from: 101)
    try store(extreme { $0.startedAtMicros = .max }, from: 201)
    try store(extreme { $0.bytesReceived = .max }, from: 301)
    try store(checks, from: 401)
    try store(BatchFactory.realistic(requests: 5, seed: 3), from: 501)
    try store(BatchFactory.realistic(requests: 7, seed: 2), from: 601)
    try fixture.store.write { db in
      try db.run("UPDATE batches SET body = ? WHERE first_result = 501", .blob([1, 2, 3]))
      try db.run(
        """
        INSERT INTO metric_deltas (execution, execution_region, created_at, body)
        VALUES (?, ?, 1, ?)
        """, .id(fixture.execution), .id(fixture.regions[0]), .blob([9, 255]))
    }
  }

  func test_rebuild_setsAsideWhatCannotBe_andCountsTheRest() throws {
    try fill()
    let ingester = try Ingester(store: fixture.store)
    let setAside = try ingester.rebuild(fixture.execution)
    XCTAssertEqual(setAside.count, 6, "\(setAside)")
    XCTAssertTrue(setAside.contains { $0.contains("results 501 to 505") }, "\(setAside)")
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 12)
  }

  func test_start_goesOnAndNamesIt_andSoDoesTheNext() throws {
    try fill()
    for _ in 0..<2 {
      let ingester = try Ingester(store: fixture.store)
      try UnfinishedExecutions.settle(in: fixture.store, ingester: ingester)
      XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 12)
    }
    let messages = try fixture.store.read { db in
      try db.rows("SELECT message FROM logs WHERE level = 'Error'") { $0.text(0) }
    }
    XCTAssertEqual(messages.count { $0.contains("were set aside") }, 6, "\(messages)")
  }

  func test_timesOutsideTheExecution_areRefusedAndNotStored() throws {
    let now = Clock.wallMicros()
    let rejected = Mutex<[NackCode]>([])
    let ingester = try Ingester(store: fixture.store)
    ingester.register(
      fixture.leases[0], execution: fixture.execution, executionRegion: fixture.regions[0],
      grantedAtMicros: now)
    ingester.start(
      onCommitted: { _ in },
      onRejected: { _, code, _ in rejected.withLock { $0.append(code) } })
    let day: Int64 = 86_400_000_000
    for start in [0, BatchFactory.epochMicros, now - 2 * day, now + 2 * day] {
      let batch = BatchFactory.realistic(requests: 3, startingAt: start + 5)
      _ = ingester.submit(BatchFactory.line(batch, fixture.leases[0], seq: 1))
    }
    let honest = BatchFactory.realistic(requests: 3, startingAt: now)
    _ = ingester.submit(BatchFactory.line(honest, fixture.leases[0], seq: 1))
    ingester.stop()
    XCTAssertEqual(rejected.withLock { $0 }, Array(repeating: .corrupt, count: 4))
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.rows, 3)
    XCTAssertEqual(try fixture.count("batches"), 1)
  }
}

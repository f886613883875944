import Foundation
import Shared
import Synchronization
import XCTest

@testable import Coordinator

final class IngesterTests: XCTestCase {
  /// What an ingester said.
  private final class Witness: Sendable {
    let committed = Mutex<[LeaseKey: Int]>([:])
    let rejected = Mutex<[(LeaseKey, NackCode, Int)]>([])
    let failures = Mutex<[String]>([])
    let failed = DispatchSemaphore(value: 0)
  }

  private var fixture: StoreFixture!
  private var ingester: Ingester!
  private var witness = Witness()

  override func setUpWithError() throws {
    fixture = try StoreFixture.make(for: self)
    ingester = try started(Witness())
  }

  override func tearDown() {
    ingester?.stop()
    ingester = nil
    fixture = nil
  }

  private func started(_ witness: Witness) throws -> Ingester {
    self.witness = witness
    let ingester = try Ingester(store: fixture.store)
    for (lease, region) in zip(fixture.leases, fixture.regions) {
      let record = try fixture.store.read { db in try LedgerStore.find(lease, in: db) }
      ingester.register(
        lease, execution: fixture.execution, executionRegion: region,
        at: try XCTUnwrap(record).cursor)
    }
    ingester.start(
      onCommitted: { batches in
        witness.committed.withLock { for batch in batches { $0[batch.key] = batch.upTo } }
      },
      onRejected: { key, code, expected in
        witness.rejected.withLock { $0.append((key, code, expected)) }
      },
      onFailure: { error in
        witness.failures.withLock { $0.append("\(error)") }
        witness.failed.signal()
      })
    return ingester
  }

  private func settle() {
    let done = expectation(description: "everything is decided")
    ingester.whenCommitted { done.fulfill() }
    wait(for: [done], timeout: 30)
  }

  private func line(_ batch: ResultBatch, lease: Int = 0, seq: Int) -> [UInt8] {
    BatchFactory.line(batch, fixture.leases[lease], seq: seq)
  }

  func test_batches_areStoredCountedAndAcknowledged() throws {
    for seq in 1...5 {
      XCTAssertTrue(
        ingester.submit(
          line(BatchFactory.realistic(requests: 20, seed: UInt64(seq)), lease: 0, seq: seq)))
    }
    _ = ingester.submit(line(BatchFactory.realistic(requests: 7), lease: 1, seq: 1))
    settle()
    XCTAssertEqual(
      witness.committed.withLock { $0 }, [fixture.leases[0]: 5, fixture.leases[1]: 1])
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.rows, 100)
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.iterations, 100)
    let stored = try fixture.store.read { db in try LedgerStore.find(fixture.leases[0], in: db) }
    XCTAssertEqual(stored?.cursor, ingester.cursor(fixture.leases[0]))
    let counts = try ingester.snapshot(fixture.execution) { aggregator in
      [nil, fixture.regions[0], fixture.regions[1]].map { aggregator.merged(region: $0).count }
    }
    XCTAssertEqual(counts, [107, 100, 7])
    XCTAssertEqual(try fixture.results().count, 107)
  }

  func test_repetitionsGapsConflictsAndStrangers_areAnsweredAndCountNothing() throws {
    let first = line(BatchFactory.realistic(requests: 3), seq: 1)
    _ = ingester.submit(first)
    _ = ingester.submit(first)
    _ = ingester.submit(line(BatchFactory.realistic(requests: 4), seq: 5))
    _ = ingester.submit(line(BatchFactory.realistic(requests: 5), seq: 1))
    let stranger = LeaseKey(chunk: fixture.leases[0].chunk, epoch: 9)
    _ = ingester.submit(BatchFactory.line(BatchFactory.realistic(requests: 1), stranger, seq: 1))
    settle()
    XCTAssertEqual(witness.committed.withLock { $0 }, [fixture.leases[0]: 1])
    let rejected = witness.rejected.withLock { $0 }
    XCTAssertEqual(rejected.map(\.1), [.expected, .conflict, .unknownLease])
    XCTAssertEqual(rejected.map(\.2), [2, 2, 1])
    XCTAssertEqual(try fixture.results().count, 3)
  }

  func test_damagedLines_areRefusedWithTheNumberExpected() throws {
    var damaged = line(BatchFactory.realistic(requests: 3), seq: 1)
    damaged[damaged.count - 3] ^= 1
    _ = ingester.submit(damaged)
    _ = ingester.submit(Array("{\"type\":\"results\",nonsense".utf8))
    _ = ingester.submit([])
    settle()
    let rejected = witness.rejected.withLock { $0 }
    XCTAssertEqual(rejected.map(\.1), [.corrupt])
    XCTAssertEqual(rejected.map(\.2), [1])
    XCTAssertEqual(try fixture.count("batches"), 0)
  }

  func test_fullDisk_delaysButNeitherLosesNorRepeats() throws {
    _ = ingester.submit(line(BatchFactory.realistic(requests: 10), seq: 1))
    settle()
    try fixture.store.write { db in try db.execute("PRAGMA max_page_count = 1") }
    for seq in 2...30 {
      let batch = BatchFactory.realistic(requests: 500, clients: 500, seed: UInt64(seq))
      _ = ingester.submit(line(batch, seq: seq))
    }
    XCTAssertEqual(witness.failed.wait(timeout: .now() + 30), .success)
    XCTAssertTrue(witness.failures.withLock { $0[0] }.contains("full"))
    XCTAssertNotNil(ingester.failure)
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.rows, 10)
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 10)
    try fixture.store.write { db in try db.execute("PRAGMA max_page_count = 1000000") }
    settle()
    XCTAssertNil(ingester.failure)
    XCTAssertEqual(witness.committed.withLock { $0 }, [fixture.leases[0]: 30])
    XCTAssertEqual(try fixture.results().count, 10 + 29 * 500)
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 10 + 29 * 500)
  }

  func test_stop_commitsWhatWasSubmitted() throws {
    for seq in 1...20 {
      _ = ingester.submit(line(BatchFactory.realistic(requests: 10, seed: UInt64(seq)), seq: seq))
    }
    ingester.stop()
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.nextSeq, 21)
    XCTAssertEqual(try fixture.results().count, 200)
  }

  func test_secondIngester_goesOnWhereTheFirstWas() throws {
    _ = ingester.submit(line(BatchFactory.realistic(requests: 3), seq: 1))
    ingester.stop()
    ingester = try started(Witness())
    try ingester.rebuild(fixture.execution)
    _ = ingester.submit(line(BatchFactory.realistic(requests: 3), seq: 1))
    _ = ingester.submit(line(BatchFactory.realistic(requests: 4, seed: 2), seq: 2))
    settle()
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 7)
    XCTAssertEqual(try fixture.results().map(\.id), Array(1...7))
  }

  func test_finish_storesTheAggregatesAndMergesSmallBatches() throws {
    for seq in 1...50 {
      let batch = BatchFactory.realistic(requests: 10, seed: UInt64(seq))
      _ = ingester.submit(line(batch, lease: seq % 2, seq: (seq + 1) / 2))
    }
    settle()
    let before = try ingester.snapshot(fixture.execution) { $0.merged() }
    let results = try fixture.results()
    try ingester.finish(fixture.execution)
    XCTAssertEqual(try fixture.count("batches"), 1)
    XCTAssertEqual(try fixture.results(), results)
    let stored = try fixture.store.read { db in try AggregateStore.load(fixture.execution, in: db) }
    let after = try XCTUnwrap(stored).merged()
    XCTAssertEqual(after.count, 500)
    XCTAssertEqual(after.firstReceived, before.firstReceived)
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 500)
    XCTAssertNil(ingester.cursor(fixture.leases[0]))
  }

  func test_rebuiltAggregates_equalThoseThatWereKept() throws {
    for seq in 1...10 {
      let start = BatchFactory.epochMicros + Int64(seq) * 7_000_000
      let batch = BatchFactory.realistic(requests: 50, startingAt: start, seed: UInt64(seq))
      _ = ingester.submit(line(batch, lease: seq % 2, seq: (seq + 1) / 2))
    }
    settle()
    let kept = try ingester.snapshot(fixture.execution) { $0 }
    try ingester.rebuild(fixture.execution)
    try ingester.snapshot(fixture.execution) { rebuilt in
      XCTAssertEqual(rebuilt.intervals(), kept.intervals())
      for interval in kept.intervals() {
        for region in fixture.regions {
          let left = rebuilt.merged(region: region, interval: interval)
          let right = kept.merged(region: region, interval: interval)
          XCTAssertEqual(left.count, right.count)
          XCTAssertEqual(left.connectionClose, right.connectionClose)
          XCTAssertEqual(left.iterations, right.iterations)
          XCTAssertEqual(left.updatedAtMs, right.updatedAtMs)
        }
      }
    }
  }

  func test_executionWithoutResults_hasAnEmptyAggregate() throws {
    let empty = try ingester.snapshot(fixture.execution) { $0.merged() }
    XCTAssertEqual(empty.count, 0)
    XCTAssertEqual(empty.createdAtMs, 0)
    try ingester.finish(fixture.execution)
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().count }, 0)
  }

  func test_executionDeletedWhileBatchesCome_holdsUpNobodyElse() throws {
    let other = LeaseKey(chunk: fixture.leases[0].chunk, epoch: 77)
    ingester.register(other, execution: ExecutionID(999), executionRegion: fixture.regions[0])
    _ = ingester.submit(BatchFactory.line(BatchFactory.realistic(requests: 3), other, seq: 1))
    _ = ingester.submit(line(BatchFactory.realistic(requests: 3), seq: 1))
    settle()
    XCTAssertEqual(witness.committed.withLock { $0 }, [fixture.leases[0]: 1])
    XCTAssertEqual(witness.rejected.withLock { $0.map(\.1) }, [.unknownLease])
    XCTAssertTrue(witness.failures.withLock { $0.isEmpty })
  }

  func test_forgottenExecution_takesNothingMore() throws {
    ingester.forget(fixture.execution)
    _ = ingester.submit(line(BatchFactory.realistic(requests: 3), seq: 1))
    settle()
    XCTAssertEqual(witness.rejected.withLock { $0.map(\.1) }, [.unknownLease])
  }
}

import Coordinator
import Foundation
import Shared
import Synchronization
import TestSupport

/// What the deletion of a big execution costs those who send results at the same time: from a
/// batch's arrival to its commit, without a deletion, during one, and during one of the simple
/// kind, all rows in one transaction. `THRONG_BENCH_ROWS` sets the number of results.
enum DeleteBenchmark {
  private static let quietSecs = 10.0

  static func run() throws {
    let directory = try TemporaryDirectory()
    let data = directory.file("data")
    let rows = ReadBenchmark.rows
    let first = try ReadBenchmark.fill(data, requests: rows)
    let second = try ReadBenchmark.fill(data, requests: rows)
    let store = try ReadBenchmark.open(data)
    let ingester = try Ingester(store: store)
    let stream = try SteadyStream(store, ingester)
    print("delete: \(rows) results, \(try databaseBytes(data) >> 20) MiB with a second execution")
    report("no deletion", stream.measure(until: Date(timeIntervalSinceNow: quietSecs)))
    let sweeper = DeletionSweeper(store: store)
    sweeper.start()
    let began = Clock.monotonicNanos()
    guard try store.delete(first.execution) else { throw TestFailure("nothing was deleted") }
    print("  answered after \(Figures.round(Double(Clock.monotonicNanos() - began) / 1e6)) ms")
    let latencies = stream.measure { !isSwept(store) }
    print("  all rows gone after \(Figures.round(Double(Clock.monotonicNanos() - began) / 1e9)) s")
    report("deletion in steps", latencies)
    sweeper.stop()
    let done = Atomic(false)
    let thread = Thread {
      _ = try? store.write { db in
        try db.run("DELETE FROM batches WHERE execution = ?", .id(second.execution))
      }
      done.store(true, ordering: .releasing)
    }
    thread.start()
    report(
      "deletion in one transaction", stream.measure { !done.load(ordering: .acquiring) })
    ingester.stop()
    print("  database afterwards \(try databaseBytes(data) >> 20) MiB")
  }

  private static func isSwept(_ store: Store) -> Bool {
    let left = try? store.read { db in
      try db.first("SELECT count(*) FROM deletions") { $0.int(0) }
    }
    return left == 0
  }

  private static func databaseBytes(_ data: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/throng.db")
    return attributes[.size] as? Int ?? 0
  }

  private static func report(_ title: String, _ millis: [Double]) {
    let sorted = millis.sorted()
    guard !sorted.isEmpty else { return print("  \(title): nothing measured") }
    let parts = [0.5, 0.9, 0.99].map { part in
      "p\(Int(part * 100)) \(Figures.round(sorted[Int(Double(sorted.count - 1) * part)]))"
    }
    print(
      "  \(title): commit after \(parts.joined(separator: ", ")), "
        + "most \(Figures.round(sorted.last ?? 0)) ms; \(sorted.count) batches")
  }
}

/// A run that sends a batch of 2,048 results every 20 ms.
private final class SteadyStream {
  private let run: BenchRun
  private let ingester: Ingester
  private let batches: [ResultBatch]
  private let commits = CommitTimes()
  private var seq = 0

  init(_ store: Store, _ ingester: Ingester) throws {
    self.ingester = ingester
    run = try store.write { db in try BenchRun(in: db) }
    var model = TrafficModel(
      clients: 50, requestsPerIteration: 1, sleepMicros: 0, rowsPerBatch: 4_096)
    batches = model.batches(requests: 100_000)
    ingester.register(run.lease, execution: run.execution, executionRegion: run.region)
    ingester.start(
      onCommitted: { [commits] in commits.add($0) }, onRejected: { _, _, _ in })
  }

  func measure(until end: Date) -> [Double] { measure { Date() < end } }

  /// Milliseconds from the arrival of each batch to its commit, while `goesOn` says so.
  func measure(while goesOn: () -> Bool) -> [Double] {
    var sent: [Int: Int64] = [:]
    var next = Clock.monotonicNanos()
    while goesOn() {
      seq += 1
      let line = run.line(batches[seq % batches.count], seq: seq)
      sent[seq] = Clock.monotonicNanos()
      _ = ingester.submit(line)
      next += 20_000_000
      let wait = next - Clock.monotonicNanos()
      if wait > 0 { usleep(UInt32(wait / 1_000)) }
    }
    ingester.waitForCommits()
    let ends = commits.sorted
    var place = 0
    return sent.sorted { $0.key < $1.key }.compactMap { seq, at in
      // One commit acknowledges all batches up to its last.
      while place < ends.count, ends[place].key < seq { place += 1 }
      return place < ends.count ? Double(ends[place].value - at) / 1e6 : nil
    }
  }
}

/// When each sequence number was committed, monotonic nanoseconds.
private final class CommitTimes: Sendable {
  private let times = Mutex<[Int: Int64]>([:])

  func add(_ batches: [Ingester.Committed]) {
    let now = Clock.monotonicNanos()
    times.withLock { times in for batch in batches { times[batch.upTo] = now } }
  }

  var sorted: [(key: Int, value: Int64)] {
    times.withLock { $0 }.sorted { $0.key < $1.key }
  }
}

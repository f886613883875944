import Coordinator
import Foundation
import Shared

/// How fast a coordinator takes results, from the text of their lines to commit and aggregates,
/// and how many bytes they take at rest.
enum IngestBenchmark {
  private struct Case {
    var title: String
    var requests: Int
    var model: TrafficModel
  }

  private static let cases = [
    Case(
      title: "50 clients, 1 request an iteration", requests: 1_000_000,
      model: TrafficModel(
        clients: 50, requestsPerIteration: 1, sleepMicros: 0, rowsPerBatch: 4_096)),
    Case(
      title: "1,000 clients, 3 requests, 1 s sleep", requests: 500_000,
      model: TrafficModel(
        clients: 1_000, requestsPerIteration: 3, sleepMicros: 1_000_000, rowsPerBatch: 4_096)),
    Case(
      title: "20 clients, 1 s sleep, small batches", requests: 20_000,
      model: TrafficModel(
        clients: 20, requestsPerIteration: 1, sleepMicros: 1_000_000, rowsPerBatch: 40)),
  ]

  static func run() throws {
    for part in cases {
      let directory = NSTemporaryDirectory() + "throng-bench-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: directory) }
      try measure(part, in: directory)
    }
  }

  private static func measure(_ part: Case, in directory: String) throws {
    let store = try Store(path: directory)
    let run = try store.write { db in try BenchRun(in: db) }
    let (execution, region, lease) = (run.execution, run.region, run.lease)
    var model = part.model
    let lines = model.batches(requests: part.requests).enumerated().map { index, batch in
      var line: [UInt8] = []
      let key = BatchKey(chunk: lease.chunk, epoch: lease.epoch, seq: index + 1)
      ResultBatchCodec.encode(batch, key: key, into: &line)
      line.removeLast()
      return line
    }
    let ingester = try Ingester(store: store)
    ingester.register(lease, execution: execution, executionRegion: region)
    ingester.start(onCommitted: { _ in }, onRejected: { _, _, _ in })
    let cpuBefore = clock()
    let wallBefore = Clock.monotonicNanos()
    for line in lines {
      if !ingester.submit(line) { ingester.waitForCommits() }
    }
    ingester.waitForCommits()
    let wall = Double(Clock.monotonicNanos() - wallBefore) / 1e9
    let cpu = Double(clock() - cpuBefore) / Double(CLOCKS_PER_SEC)
    let count = try ingester.snapshot(execution) { $0.merged().count }
    guard count == Int64(part.requests) else {
      throw Miscount(expected: part.requests, found: count)
    }
    try ingester.finish(execution)
    ingester.stop()
    let bytes = try store.read { db in try BatchStore.bodyBytes(of: execution, in: db) }
    let requests = Double(part.requests)
    let onWire = Double(lines.reduce(0) { $0 + $1.count }) / requests
    print(
      """
      ingest: \(part.title)
        results per second of CPU  \(Int(requests / cpu))
        results per second         \(Int(requests / wall))
        bytes per result on wire   \(rounded(onWire))
        bytes per result at rest   \(rounded(Double(bytes) / requests))
      """)
  }

  private struct Miscount: Error {
    var expected: Int
    var found: Int64
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

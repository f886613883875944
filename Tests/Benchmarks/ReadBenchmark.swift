import Coordinator
import Foundation
import Shared
import TestSupport

/// Big reads: how fast a real coordinator answers the results of an execution, how soon the first
/// byte comes, and how much memory it takes. `THRONG_BENCH_ROWS` sets the number of results.
enum ReadBenchmark {
  static let rareName = "GET http://localhost:8081/rare"
  static var rows: Int {
    ProcessInfo.processInfo.environment["THRONG_BENCH_ROWS"].flatMap { Int($0) } ?? 5_000_000
  }

  static func run() throws {
    let directory = try TemporaryDirectory()
    let data = directory.file("data")
    let run = try fill(data, requests: rows)
    _ = try open(data)
    let coordinator = try CoordinatorProcess(dataDirectory: data)
    let pid = coordinator.process.processIdentifier
    let idle = try ProcessMeter.peakBytes(pid)
    print("read: \(rows) results; coordinator at rest \(idle >> 20) MiB")
    let base = "/executions/\(run.execution)"
    let rare = "resources/GET%20http%3A%2F%2Flocalhost%3A8081%2Frare"
    for (path, expected) in [
      ("results.csv", run.rows), ("results.csv?offset=\(run.rows - rows / 20)", rows / 20),
      ("results.csv?limit=1000", 1_000),
      ("regions/\(run.region)/results.csv?offset=\(run.rows - 100)", 100),
      ("\(rare)/results.csv", 10), ("results?offset=\(run.rows - rows / 5)", rows / 5),
    ] {
      let before = try ProcessMeter.cpuMicros(pid)
      let isCSV = path.contains(".csv")
      let download = try Download(
        port: coordinator.httpPort, "\(base)/\(path)",
        counting: UInt8(ascii: isCSV ? "\n" : "["))
      guard download.rows == expected else {
        throw TestFailure("\(path) has \(download.rows) rows, not \(expected)")
      }
      let cpu = Double(try ProcessMeter.cpuMicros(pid) - before) / 1e6
      report(path, download, cpu: cpu, peak: try ProcessMeter.peakBytes(pid))
    }
  }

  private static func report(_ path: String, _ download: Download, cpu: Double, peak: Int64) {
    let seconds = max(download.seconds, 1e-9)
    print(
      """
        \(path)
          first byte \(Figures.round(download.firstByteMs)) ms, all \(Figures.round(seconds)) s; \
      \(download.bytes) bytes, \(download.rows) rows
          \(Int(Double(download.rows) / seconds)) rows/s, \
      \(Figures.round(cpu)) CPU-seconds of the coordinator, \
      \(Figures.round(Double(download.bytes) / seconds / 1e6)) MB/s, \
      peak \(peak >> 20) MiB resident
      """)
  }

  /// Opens a store, which an ingester's thread may still be about to let go of.
  static func open(_ directory: String) throws -> Store {
    var store: Store?
    try Poll.until("\(directory) is free") {
      store = try? Store(path: directory)
      return store != nil
    }
    guard let store else { throw TestFailure("\(directory) cannot be opened") }
    return store
  }

  /// A store with one completed execution; ten requests in its middle are of a rare resource.
  static func fill(_ directory: String, requests: Int) throws -> BenchRun {
    let store = try open(directory)
    var run = try store.write { db in try BenchRun(in: db) }
    let ingester = try Ingester(store: store)
    ingester.register(run.lease, execution: run.execution, executionRegion: run.region)
    ingester.start(onCommitted: { _ in }, onRejected: { _, _, _ in })
    var model = TrafficModel(
      clients: 50, requestsPerIteration: 3, sleepMicros: 0, rowsPerBatch: 4_096)
    let some = model.batches(requests: min(requests, 500_000))
    var (seq, count) = (0, 0)
    var hasRare = false
    while count < requests {
      for batch in some where count < requests {
        if !hasRare, count >= requests / 2 {
          hasRare = true
          var rare = batch
          rare.requests = Array(batch.requests.prefix(10))
          rare.iterations = []
          rare.strings[2] = rareName
          for index in rare.requests.indices { rare.requests[index].resource = 2 }
          seq += 1
          run.rows += rare.requests.count
          run.submit(rare, seq: seq, to: ingester)
        }
        seq += 1
        run.submit(batch, seq: seq, to: ingester)
        count += batch.requests.count
        run.rows += batch.requests.count
      }
    }
    ingester.waitForCommits()
    try run.complete(in: store, ingester)
    ingester.stop()
    return run
  }
}

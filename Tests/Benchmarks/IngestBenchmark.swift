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
    let (execution, region, lease) = try store.write { db in try populate(db) }
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
      if !ingester.submit(line) { waitForCommits(ingester) }
    }
    waitForCommits(ingester)
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

  private static func waitForCommits(_ ingester: Ingester) {
    let done = DispatchSemaphore(value: 0)
    ingester.whenCommitted { done.signal() }
    done.wait()
  }

  private static func populate(
    _ db: Database
  ) throws -> (ExecutionID, ExecutionRegionID, LeaseKey) {
    let goal = LoadGoal(iterations: 1, durationSecs: nil)
    let script = try ScriptStore.insert(
      ScriptRecord(
        id: ScriptID(0), createdAtMs: 1, updatedAtMs: 1, name: "bench", kind: .steps,
        content: "{}"), in: db)
    let configuration = try TestConfigurationStore.insert(
      TestConfigurationRecord(
        id: TestConfigurationID(0), createdAtMs: 1, updatedAtMs: 1, name: "bench",
        script: script.id, regions: [], goal: goal, iterationSleepSecs: 0, rampupSecs: 0,
        manualStart: false, scriptParams: "{}", http: HTTPSettings()), in: db)
    let execution = try ExecutionStore.insert(
      ExecutionRecord(
        id: ExecutionID(0), createdAtMs: 1, updatedAtMs: 1, configuration: configuration.id,
        script: script.id, scriptPayload: ScriptPayload(kind: .steps, content: "{}"), goal: goal,
        iterationSleepSecs: 0, rampupSecs: 0, manualStart: false, scriptParams: "{}",
        http: HTTPSettings(), concurrentClients: 1), in: db)
    let region = try ExecutionRegionStore.insert(
      ExecutionRegionRecord(
        id: ExecutionRegionID(0), execution: execution.id, createdAtMs: 1, updatedAtMs: 1,
        region: try RegionStore.findOrInsert(name: "local", atMs: 1, in: db).id, position: 0,
        concurrentClients: 1, firstClient: 0), in: db)
    let chunk = try ChunkStore.insert(
      ChunkRecord(
        id: ChunkID(0), executionRegion: region.id, execution: execution.id, createdAtMs: 1,
        updatedAtMs: 1, agent: nil, epoch: 1, goal: goal, firstClient: 0, concurrentClients: 1),
      in: db)
    let lease = LeaseKey(chunk: chunk.id, epoch: 1)
    try LedgerStore.grant(
      lease, execution: execution.id, executionRegion: region.id, agent: "bench", in: db)
    return (execution.id, region.id, lease)
  }
}

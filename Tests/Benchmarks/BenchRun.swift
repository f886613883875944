import Coordinator
import Foundation
import Shared

/// An execution of one chunk, as far as results need one.
struct BenchRun {
  let execution: ExecutionID
  let region: ExecutionRegionID
  let lease: LeaseKey
  /// Results that were submitted.
  var rows = 0

  init(in db: Database) throws {
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
    lease = LeaseKey(chunk: chunk.id, epoch: 1)
    try LedgerStore.grant(
      lease, execution: execution.id, executionRegion: region.id, agent: "bench", in: db)
    self.execution = execution.id
    self.region = region.id
  }

  /// Submits a batch; waits while too much waits.
  func submit(_ batch: ResultBatch, seq: Int, to ingester: Ingester) {
    if !ingester.submit(line(batch, seq: seq)) { ingester.waitForCommits() }
  }

  /// What an agent would send, without its newline.
  func line(_ batch: ResultBatch, seq: Int) -> [UInt8] {
    var line: [UInt8] = []
    ResultBatchCodec.encode(
      batch, key: BatchKey(chunk: lease.chunk, epoch: lease.epoch, seq: seq), into: &line)
    line.removeLast()
    return line
  }

  /// Says that it is over.
  func complete(in store: Store, _ ingester: Ingester) throws {
    try ingester.finish(execution)
    try store.write { db in
      guard var record = try ExecutionStore.find(execution, in: db) else { return }
      record.completed = true
      _ = try ExecutionStore.update(record, in: db)
    }
  }
}

extension Ingester {
  func waitForCommits() {
    let done = DispatchSemaphore(value: 0)
    whenCommitted { done.signal() }
    done.wait()
  }
}

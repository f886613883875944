import Shared

/// An execution that is not completed, as the controller holds it. Confined to the loop.
final class LiveExecution {
  /// What a run was told, so that it can be told again after its link broke.
  struct Run {
    var chunk: ChunkRecord
    var region: ExecutionRegionRecord
    var agent: String
    /// Whether the agent has said that it is ready.
    var ready = false
    var startAtMicros: Int64?
    var stopGraceSecs: Double?
    /// The agent's last `done`, until the store has everything that it names.
    var done: DoneMessage?
    /// When its last client ended, as far as the agent has said so.
    var endedAtMicros: Int64?
    /// Batches in a row that were refused as what cannot be read or cannot be true.
    var refusedBatches = 0
  }

  var record: ExecutionRecord
  var regions: [ExecutionRegionRecord]
  let regionRecords: [RegionRecord]
  var machine: ExecutionStateMachine
  /// The script, when it is a `Code` script.
  private(set) var code: PreparedCode?
  var life = ScriptLife()
  var runs: [LeaseKey: Run] = [:]
  var limits: LimitEvaluator
  /// From when on limits are judged again, monotonic nanoseconds; nil while they are being read.
  var limitsDueAt: Int64? = 0
  var sharing = ExecutionSharing()

  init(
    record: ExecutionRecord, regions: [ExecutionRegionRecord], regionRecords: [RegionRecord]
  ) {
    self.record = record
    self.regions = regions
    self.regionRecords = regionRecords
    limits = LimitEvaluator(record.limits)
    machine = ExecutionStateMachine(
      regions: zip(regions, regionRecords).map {
        .init(id: $0.id, title: $1.title, clients: $0.concurrentClients)
      },
      goal: record.goal, manualStart: record.manualStart)
  }

  /// - Parameter prepared: nil when the script is no `Code` script.
  func takeCode(_ prepared: PreparedCode?) {
    code = prepared
    guard let prepared else { return }
    let exports = prepared.payload.exports
    life = ScriptLife(
      hasSetup: prepared.configuration.runsSetup && exports.contains("setup"),
      hasTeardown: prepared.configuration.runsTeardown && exports.contains("teardown"))
  }

  /// When the last client ended, milliseconds since the Unix epoch. That the agents have said so,
  /// and their results are stored, comes later: up to all of a short test.
  func endedAtMs(now: Int64) -> Int64 {
    guard let began = beganAtMs else { return now }
    var latest = began
    for run in runs.values where run.chunk.kind == .main && run.startAtMicros != nil {
      guard let ended = run.endedAtMicros else { return now }
      // Rounded up: the end is none before the last result.
      latest = max(latest, ended / 1_000 + 1)
    }
    return min(now, latest)
  }

  /// Whether a run belongs to the execution and was not given up.
  func isCurrent(_ key: LeaseKey) -> Bool { machine.isCurrent(key) || life.running == key }

  /// Whether a run was ever given this goal: a `done` names no other.
  func hasGiven(_ goal: LoadGoal, to run: Run) -> Bool {
    goal == self.goal(of: run) || run.chunk.kind == .main && machine.pastGoals.contains(goal)
  }

  func goal(of run: Run) -> LoadGoal { run.chunk.kind == .main ? machine.goal : run.chunk.goal }

  /// What the clients of a run run.
  private func script(of run: Run) -> ScriptPayload {
    guard let code else { return record.scriptPayload }
    // Agents get what is compiled, not what was written.
    var script = ScriptPayload(kind: .code, content: "", code: code.payload)
    switch run.chunk.kind {
    case .main: script.export = code.configuration.scenario.exec
    case .setup: script.life = .setup
    case .teardown: script.life = .teardown
    }
    if let life = script.life { script.export = life.rawValue }
    script.data = life.data
    return script
  }

  /// Everything that the agent of a run needs.
  func lease(_ key: LeaseKey, _ run: Run) -> Lease {
    let range = ClientRange(
      first: run.chunk.firstClient, count: run.chunk.concurrentClients,
      regionalFirst: run.chunk.firstClient - run.region.firstClient,
      regionalTotal: run.region.concurrentClients, total: record.concurrentClients)
    let isMain = run.chunk.kind == .main
    let phase = Double(run.region.position) / Double(regions.count)
    var lease = Lease(
      chunk: key.chunk, epoch: key.epoch, execution: record.id, executionRegion: run.region.id,
      region: regionRecords[run.region.position].name, clients: range, goal: goal(of: run),
      iterationSleepSecs: isMain ? record.iterationSleepSecs : 0,
      rampUp: RampUp(durationSecs: isMain ? record.rampupSecs : 0, phase: phase),
      script: script(of: run), params: record.scriptParams, http: record.http,
      ttlMs: Limits.leaseTtlMs, window: Limits.windowBatches)
    lease.tracing = record.tracing
    return lease
  }
}

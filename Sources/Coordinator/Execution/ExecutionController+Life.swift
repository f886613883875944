import Shared

/// `setup` and `teardown` of `Code` scripts.
extension ExecutionController {
  /// Grants `setup` to an agent; waits for one when there is none.
  func runSetup(of live: LiveExecution) {
    guard live.life.setup == .due else { return }
    guard let (region, agent) = agentForLife(of: live) else {
      return perform(
        live.machine.capacityMissing("Waiting for an agent to run the script's setup"), on: live)
    }
    guard let key = grant(.setup, of: live, in: region, to: agent) else { return }
    live.life.setupGranted(key)
    perform([.log(level: "Info", "Running the script's setup")], on: live)
  }

  /// Grants `teardown`, after all clients have ended.
  ///
  /// - Returns: whether it runs; if not, there is nothing to wait for.
  func runTeardown(of live: LiveExecution) -> Bool {
    guard live.life.teardown == .due, live.record.allocated else { return false }
    guard let (region, agent) = agentForLife(of: live),
      let key = grant(.teardown, of: live, in: region, to: agent)
    else {
      live.life.teardownOver()
      perform(
        [.log(level: "Warning", "The script's teardown is left out: no agent is there for it")],
        on: live)
      return false
    }
    live.life.teardownGranted(key)
    perform([.log(level: "Info", "Running the script's teardown")], on: live)
    return true
  }

  private func agentForLife(of live: LiveExecution) -> (region: Int, agent: String)? {
    for (index, record) in live.regionRecords.enumerated() {
      for member in roster.available(in: record.name)
      where leases.clients(of: member.record.uuid) < member.record.capacity {
        return (index, member.record.uuid)
      }
    }
    return nil
  }

  private func grant(
    _ kind: ChunkRecord.Kind, of live: LiveExecution, in region: Int, to agent: String
  ) -> LeaseKey? {
    let now = nowMs()
    let region = live.regions[region]
    let limits = live.code?.configuration
    let seconds = kind == .setup ? limits?.setupTimeoutSecs : limits?.teardownTimeoutSecs
    var chunk = ChunkRecord(
      id: ChunkID(0), executionRegion: region.id, execution: live.record.id, createdAtMs: now,
      updatedAtMs: now, agent: agent, epoch: 1,
      goal: LoadGoal(iterations: 1, maxDurationSecs: seconds, gracefulStopSecs: 0),
      firstClient: region.firstClient, concurrentClients: 1)
    chunk.kind = kind
    do {
      chunk = try store.write { [chunk] db in
        let stored = try ChunkStore.insert(chunk, in: db)
        try LedgerStore.grant(
          LeaseKey(chunk: stored.id, epoch: 1), execution: live.record.id,
          executionRegion: region.id, agent: agent, in: db)
        return stored
      }
    } catch {
      log.error("cannot store a lease", ["error": "\(error)"])
      return nil
    }
    let key = LeaseKey(chunk: chunk.id, epoch: chunk.epoch)
    let run = LiveExecution.Run(chunk: chunk, region: region, agent: agent)
    live.runs[key] = run
    owners[key] = live.record.id
    ingester.register(
      key, execution: live.record.id, executionRegion: region.id,
      grantedAtMicros: Clock.wallMicros())
    leases.granted(key, to: agent, clients: 1, now: Clock.boottimeNanos())
    roster.session(of: agent)?.send(.grant(GrantMessage(lease: live.lease(key, run))))
    return key
  }

  /// The agent has loaded the script: it begins at once.
  func lifeReady(_ key: LeaseKey, of live: LiveExecution) {
    let startAtMicros = Clock.wallMicros()
    live.runs[key]?.startAtMicros = startAtMicros
    live.runs[key]?.chunk.running = true
    live.runs[key]?.chunk.startedAtMs = startAtMicros / 1_000
    repeatCommands(key, of: live)
  }

  /// A run of `setup` or `teardown` has ended, and all its results are stored.
  func lifeDone(_ key: LeaseKey, of live: LiveExecution) {
    guard live.life.running == key, let kind = live.runs[key]?.chunk.kind else { return }
    let now = nowMs()
    live.runs[key]?.chunk.running = false
    live.runs[key]?.chunk.completed = true
    live.runs[key]?.chunk.finishedAtMs = now
    release([key], of: live)
    if kind == .teardown {
      if let problem = teardownProblem(key, of: live) {
        perform(live.machine.teardownFailed(problem), on: live)
      }
      return teardownEnded(live)
    }
    let value = try? store.read { db in
      try SetupValue.json { try ValueStore.json($0, of: live.record.id, in: db) }
    }
    guard let json = value ?? nil else {
      return lifeLost(key, setupProblem(key, of: live), of: live)
    }
    live.life.setupFinished(json)
    allocate(live)
  }

  private func setupProblem(_ key: LeaseKey, of live: LiveExecution) -> String {
    guard let most = timeOver(key, of: live) else { return ExecutionFailure.setupThrew }
    return "\(ExecutionFailure.setupTimeout): setupTimeout is \(most)"
  }

  /// Nil when it has gone well.
  private func teardownProblem(_ key: LeaseKey, of live: LiveExecution) -> String? {
    let failed = try? store.read { db in
      try ValueStore.json(ValueRow.teardownFailed, of: live.record.id, in: db)
    }
    guard (failed ?? nil) == nil else { return ExecutionFailure.teardownThrew }
    return timeOver(key, of: live).map {
      "\(ExecutionFailure.teardownTimeout): teardownTimeout is \($0)"
    }
  }

  /// The time that a run had, when it took all of it.
  private func timeOver(_ key: LeaseKey, of live: LiveExecution) -> String? {
    guard let chunk = live.runs[key]?.chunk, let most = chunk.goal.endSecs,
      let began = chunk.startedAtMs, Double(nowMs() - began) >= most * 1_000
    else { return nil }
    return DurationText.text(seconds: most)
  }

  /// A run of `setup` or `teardown` will not come to its end.
  func lifeLost(_ key: LeaseKey, _ reason: String, of live: LiveExecution) {
    guard let kind = live.runs[key]?.chunk.kind else { return }
    release([key], of: live)
    if kind == .teardown {
      perform([.log(level: "Error", "\(reason), in the script's teardown")], on: live)
      return teardownEnded(live)
    }
    live.life.setupFailed()
    perform(live.machine.setupFailed(reason), on: live)
  }

  private func teardownEnded(_ live: LiveExecution) {
    guard live.life.teardown != .over else { return }
    live.life.teardownOver()
    processResults(of: live)
  }

  /// Whatever of `setup` still runs is not waited for: the test has been stopped.
  func abandonSetup(of live: LiveExecution) {
    guard case .running(let key) = live.life.setup else { return }
    live.runs[key]?.stopGraceSecs = 0
    repeatCommands(key, of: live)
    release([key], of: live)
    live.life.setupFailed()
  }

  /// A run is given up.
  func lose(_ key: LeaseKey, because reason: String, of live: LiveExecution) {
    if live.runs[key].map({ $0.chunk.kind != .main }) ?? false {
      if live.life.running == key { lifeLost(key, reason, of: live) }
    } else {
      perform(live.machine.chunkLost(key, because: reason), on: live)
    }
  }
}

import Shared

/// Leases: from the grant to the confirmation that all of it arrived.
extension CoordinatorLink {
  func take(_ lease: Lease) {
    let key = LeaseKey(chunk: lease.chunk, epoch: lease.epoch)
    if let run = runs[key] {
      // Granted again because our answer was lost with the link.
      if run.phase != .preparing { answer(key) }
      return
    }
    do {
      try prepare(lease, key)
    } catch {
      refuse(key, because: "\(error)")
    }
  }

  private func refuse(_ key: LeaseKey, because reason: String) {
    log.error("cannot run a chunk", ["chunk": "\(key.chunk)", "error": "\(reason)"])
    answer(key, refusal: reason)
  }

  /// An engine has initialised its clients, or could not.
  func prepared(_ key: LeaseKey, engine: Int, problem: String?) {
    guard let outcome = runs[key]?.enginePrepared(engine, problem: problem) else { return }
    switch outcome {
    case .ready:
      log.info("prepared", ["chunk": "\(key.chunk)"])
      answer(key)
    case .failed(let reason):
      forget(key)
      refuse(key, because: reason)
    }
  }

  private func answer(_ key: LeaseKey, refusal: String? = nil) {
    send(.granted(GrantedMessage(chunk: key.chunk, epoch: key.epoch, refusal: refusal)))
  }

  private func prepare(_ lease: Lease, _ key: LeaseKey) throws {
    guard !isDraining else { throw UsageError("this agent is shutting down") }
    guard lease.clients.count > 0, lease.clients.regionalTotal >= lease.clients.count else {
      throw UsageError("the lease names \(lease.clients.count) clients")
    }
    // A run that is over holds results, not clients.
    let used = runs.values.reduce(0) { $0 + ($1.phase == .over ? 0 : $1.lease.clients.count) }
    guard used + lease.clients.count <= settings.capacity else {
      throw UsageError("\(lease.clients.count) clients are more than this agent's free capacity")
    }
    let program = try ScriptProgram(
      lease, agent: settings.name, environment: settings.environment)
    let trust = TrustAnchors(pem: lease.http.caPEM)
    let deadline = Clock.boottimeNanos().plus(Int64(lease.ttlMs).times(1_000_000))
    runs[key] = LeaseRun(lease: lease, engines: engines.count, deadlineNanos: deadline)
    let counts = RunCounts()
    for (index, engine) in engines.enumerated() {
      let plan = EngineRunPlan(
        lease: lease, program: program,
        offsets: stride(from: index, to: lease.clients.count, by: engines.count),
        engine: (index, engines.count), trust: trust, counts: counts)
      engine.execute { $0.prepare(plan, deadlineNanos: deadline) }
    }
    log.info("preparing", ["chunk": "\(lease.chunk)", "clients": "\(lease.clients.count)"])
  }

  func take(_ begin: BeginMessage) {
    let key = LeaseKey(chunk: begin.chunk, epoch: begin.epoch)
    guard let run = runs[key], run.startAtMicros == nil else { return }
    runs[key]?.startAtMicros = begin.startAtMicros
    if run.phase == .ready { runs[key]?.phase = .running }
    // The agreed instant on our own clocks. The offset counts once: a run's times never jump.
    let untilStart = begin.startAtMicros.minus(Clock.wallMicros().plus(offset.offsetMicros))
    let startNanos = Clock.monotonicNanos().plus(untilStart.times(1_000))
    if let uncertainty = offset.uncertaintyMicros, uncertainty > 100_000 {
      tell(
        key, "Warning",
        "The clock of this agent is known to \(uncertainty / 1_000) ms only; its times may be off "
          + "by that much")
    }
    for engine in engines {
      engine.execute {
        $0.begin(key, startNanos: startNanos, startMicros: begin.startAtMicros)
      }
    }
  }

  func take(_ extend: ExtendMessage) {
    let key = LeaseKey(chunk: extend.chunk, epoch: extend.epoch)
    guard runs[key]?.extended(to: extend.goal) ?? false, let run = runs[key] else { return }
    for engine in engines {
      engine.execute { $0.extend(key, to: extend.goal, version: run.goalVersion) }
    }
  }

  func take(_ stop: StopMessage) {
    stopRun(LeaseKey(chunk: stop.chunk, epoch: stop.epoch), graceSecs: stop.graceSecs)
  }

  func stopRun(_ key: LeaseKey, graceSecs: Double) {
    guard let run = runs[key], !run.isStopping else { return }
    runs[key]?.isStopping = true
    let grace = Int64(saturating: max(0, min(graceSecs, 3_600)) * 1e9)
    for engine in engines { engine.execute { $0.stop(key, graceNanos: grace) } }
  }

  /// The coordinator gave the chunk up: nothing more is run, what there is is uploaded.
  func fence(_ key: LeaseKey) {
    guard let run = runs[key], !run.isFenced else { return }
    log.warning("lease lost", ["chunk": "\(key.chunk)", "epoch": "\(key.epoch)"])
    runs[key]?.isFenced = true
    stopRun(key, graceSecs: 0)
  }

  func renewEngines(_ key: LeaseKey) {
    guard let run = runs[key] else { return }
    let paused = isBacklogged
    for engine in engines {
      engine.execute { $0.renew(key, deadlineNanos: run.deadlineNanos, paused: paused) }
    }
  }

  /// Nothing of a run is needed any more.
  func forget(_ key: LeaseKey) {
    guard runs.removeValue(forKey: key) != nil else { return }
    for engine in engines { engine.execute { $0.forget(key) } }
    checkDrained()
  }

  func resume(_ answers: [ResumeAnswer]) {
    for answer in answers {
      let key = LeaseKey(chunk: answer.chunk, epoch: answer.epoch)
      guard runs[key] != nil else { continue }
      switch answer.mode {
      case .sealed: forget(key)
      case .upload:
        fence(key)
        runs[key]?.resumed(from: answer.nextSeq)
      case .run:
        runs[key]?.resumed(from: answer.nextSeq)
        askAgain(key)
      }
    }
    for run in runs.values {
      if run.phase == .ready || run.phase == .running { self.answer(run.key) }
    }
  }

  /// A line for the execution's log.
  func tell(_ key: LeaseKey, _ level: String, _ message: String) {
    send(
      .log(
        LogMessage(
          chunk: key.chunk, epoch: key.epoch, level: level, message: message,
          atMicros: Clock.wallMicros().plus(offset.offsetMicros))))
  }

  // MARK: draining

  /// Ends all runs and uploads everything. On the loop.
  func drain(graceSecs: Double, _ completion: @escaping () -> Void) {
    isDraining = true
    whenDrained = completion
    send(.leave(LeaveMessage(reason: "shutting down")))
    for key in runs.keys { stopRun(key, graceSecs: graceSecs) }
    checkDrained()
  }

  func checkDrained() {
    guard isDraining, runs.values.allSatisfy({ $0.isDoneSent && $0.spool.isEmpty }),
      let completion = whenDrained
    else { return }
    whenDrained = nil
    completion()
  }
}

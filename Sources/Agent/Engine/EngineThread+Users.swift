import Shared

/// What users do: iterations, sleeps, the end.
extension EngineThread {
  /// Scripts may answer many steps without waiting; after so many others get their turn.
  private static let stepsPerTurnMax = 64

  /// A timer or a turn has come for a user.
  func wake(_ user: VirtualUser) {
    pulse.beat()
    switch user.state {
    case .waiting, .resting: beginIteration(user)
    case .sleeping:
      if let pending = user.pending {
        user.pending = nil
        perform(pending, user)
      } else {
        perform(user.script.sleepFinished(), user)
      }
    case .listening: perform(user.script.waitFinished(nil), user)
    case .requesting, .scripted, .standingBy, .parked, .ended: break
    }
  }

  func beginIteration(_ user: VirtualUser) {
    let run = user.run
    guard !run.isStopping else { return end(user) }
    switch verdict(on: user) {
    case .begin: break
    case .wait(let nanos): return rest(user, until: nanos)
    case .standBy: return standBy(user)
    case .ended: return end(user)
    }
    guard mayBegin(run) else { return park(user) }
    beginIteration(user, intendedNanos: now)
  }

  func beginIteration(_ user: VirtualUser, intendedNanos: Int64) {
    if !user.hasStarted {
      user.hasStarted = true
      user.eventsFrom = user.run.mailbox.latest
      user.run.active += 1
    }
    user.iterationStartNanos = now
    // What a script tells in its first turn is of now, too.
    user.run.now = now
    user.intendedNanos = intendedNanos
    watchRampDown(user)
    user.run.resetCookies(of: user)
    perform(user.script.beginIteration(user.iterationsFinished), user)
  }

  func verdict(on user: VirtualUser) -> ChunkPacer.Verdict {
    user.run.pacer.next(
      offset: user.offset, iterationsFinished: user.iterationsFinished, now: now)
  }

  /// Finds a place for a user that is between two iterations, without beginning one right now.
  private func place(_ user: VirtualUser) {
    switch verdict(on: user) {
    case .begin: soon(user)
    case .wait(let nanos): rest(user, until: nanos)
    case .standBy: standBy(user)
    case .ended: end(user)
    }
  }

  /// A user that does not count as active until it begins an iteration again.
  func becomeInactive(_ user: VirtualUser) {
    guard user.hasStarted else { return }
    user.hasStarted = false
    user.run.active -= 1
  }

  private func rest(_ user: VirtualUser, until nanos: Int64) {
    becomeInactive(user)
    schedule(user, at: nanos)
  }

  /// Whether the lease allows to start anything.
  func mayStart(_ run: EngineRun) -> Bool { bootNow < run.deadlineNanos && !run.isPaused }

  /// Whether an iteration may begin: one that runs needs what it holds to come to its end.
  func mayBegin(_ run: EngineRun) -> Bool { mayStart(run) && memory.mayBegin() }

  /// Users that are held up do not begin again once the time is up. To be called every second.
  func endParked(of run: EngineRun) {
    guard run.hasBegun, !mayStart(run) || memory.state != .open else { return }
    for user in run.users where user.state == .parked && !user.isInIteration {
      if verdict(on: user) == .ended { end(user) }
    }
  }

  /// Carries out what the script wants, until it has to wait for something.
  func perform(_ first: ScriptAction, _ user: VirtualUser) {
    var action = first
    user.run.now = now
    for _ in 0..<Self.stepsPerTurnMax {
      switch action {
      case .sleep(let micros):
        user.state = .sleeping
        return micros > 0 ? schedule(user, at: now.plus(micros.times(1_000))) : soon(user)
      case .waitForEvent(let name, let timeoutMicros):
        guard let event = listen(user, for: name, timeoutMicros: timeoutMicros) else { return }
        action = user.script.waitFinished(event.contents)
      case .end(let failed): return finishIteration(user, failed: failed)
      case .request(let request):
        user.state = .requesting
        let exchange = user.exchange
        guard let response = begin(request, on: exchange) else { return }
        action = user.script.requestFinished(exchange.operation, response, checks: user)
      case .goesOnByItself:
        user.state = .scripted
        return performEffects(of: user.run)
      }
    }
    // A script of nothing but impossible requests: the rest of it in the next turn.
    user.pending = action
    user.state = .sleeping
    soon(user)
  }

  func finishIteration(_ user: VirtualUser, failed: Bool) {
    let run = user.run
    let started = run.micros(at: user.iterationStartNanos)
    // What was dealt is never quite on time, and is told from other iterations by that.
    let intended =
      run.arrivals != nil ? min(run.micros(at: user.intendedNanos), started - 1) : started
    let row = IterationRow(
      startedAtMicros: started, durationMicros: (now - user.iterationStartNanos) / 1_000,
      client: user.client, iteration: UInt32(truncatingIfNeeded: user.iterationsFinished),
      failed: failed, intendedAtMicros: intended)
    if run.countsIterations { run.recorder.record(row, now: now) }
    user.iterationsFinished += 1
    run.iterations += 1
    if run.recorder.isFull { handOn(run) }
    user.state = .resting
    let pause = run.pacer.iterationSleepNanos
    // No pause after the last iteration: nothing would come after it.
    if run.isStopping
      || run.pacer.wouldEnd(
        offset: user.offset, iterationsFinished: user.iterationsFinished, at: now.plus(pause))
    {
      return end(user)
    }
    guard run.arrivals == nil else { return standBy(user) }
    pause > 0 ? schedule(user, at: now.plus(pause)) : soon(user)
  }

  func schedule(_ user: VirtualUser, at nanos: Int64) {
    user.ticket &+= 1
    user.wakeNanos = nanos
    timers.insert(nanos, (user, user.ticket))
  }

  func soon(_ user: VirtualUser) {
    user.ticket &+= 1
    ready.append((user, user.ticket))
  }

  func park(_ user: VirtualUser) {
    user.ticket &+= 1
    user.stateBeforePark = user.state
    user.state = .parked
  }

  func end(_ user: VirtualUser) {
    guard user.state != .ended else { return }
    let run = user.run
    user.ticket &+= 1
    user.state = .ended
    becomeInactive(user)
    dropRest(user)
    run.open -= 1
    if run.open == 0 { runEnded(run) }
  }

  private func runEnded(_ run: EngineRun) {
    run.cutNanos = nil
    handOn(run, isEnd: true)
    reportProgress(run)
    let ended = run.hasBegun ? run.micros(at: now) : 0
    report(index, .ended(run.key, goalVersion: run.goalVersion, atMicros: ended))
  }

  // MARK: commands

  func prepare(_ plan: EngineRunPlan, deadlineNanos: Int64) {
    let run = EngineRun(plan, deadlineNanos: deadlineNanos, memory: memory)
    do throws(CodeLoadError) {
      try run.load(plan, pulse: pulse, javaScript: { self.javaScript })
      runs[run.key] = run
      connect(run)
      report(index, .prepared(run.key, problem: nil))
    } catch {
      report(index, .prepared(run.key, problem: error.description))
    }
  }

  /// - Parameters: the agreed start on this machine's monotonic and on the coordinator's clock.
  func begin(_ key: LeaseKey, startNanos: Int64, startMicros: Int64) {
    guard let run = runs[key], !run.hasBegun else { return }
    run.begin(startNanos: startNanos, startMicros: startMicros)
    setCut(run)
    guard !run.isStopping else { return }
    for user in run.users where user.state == .waiting { place(user) }
    // The first client is the first to be dealt an iteration.
    run.standingBy.reverse()
    if run.users.isEmpty { runEnded(run) }
  }

  /// Iterations that run when the time is up may go on for a while, not for ever.
  private func setCut(_ run: EngineRun) {
    let goal = run.pacer.goal
    guard !run.isStopping, goal.endSecs != nil else { return }
    run.cutNanos = max(run.pacer.endNanos, now).plus(Int64(saturating: goal.gracefulStopSecs * 1e9))
  }

  func extend(_ key: LeaseKey, to goal: LoadGoal, version: Int) {
    guard let run = runs[key] else { return }
    run.goalVersion = version
    run.pacer.extended(to: goal)
    guard !run.isStopping else {
      if run.open == 0 { runEnded(run) }
      return
    }
    if run.hasBegun { setCut(run) }
    scheduleChanged(run)
    for user in run.users { goalChanged(user) }
    if run.open == 0 { runEnded(run) }
  }

  private func goalChanged(_ user: VirtualUser) {
    let run = user.run
    let ends = verdict(on: user) == .ended
    switch user.state {
    case .waiting where run.hasBegun: place(user)
    // One that rests because there are enough others may be wanted earlier, or later.
    case .resting where !user.hasStarted: place(user)
    case .resting where ends || user.wakeNanos >= run.pacer.endNanos: end(user)
    case .standingBy where ends: end(user)
    case _ where user.isInIteration: watchRampDown(user)
    case .ended where !ends:
      run.open += 1
      // One that has never run keeps its place in the ramp-up.
      user.state = user.iterationsFinished == 0 ? .waiting : .resting
      place(user)
    default: break
    }
  }

  func stop(_ key: LeaseKey, graceNanos: Int64) {
    guard let run = runs[key] else { return }
    run.cutNanos = min(run.cutNanos ?? .max, now.plus(graceNanos))
    guard !run.isStopping else { return }
    run.isStopping = true
    let wasOpen = run.open > 0
    for user in run.users {
      switch user.state {
      case .waiting, .resting, .standingBy, .parked: end(user)
      default: break
      }
    }
    if !wasOpen { runEnded(run) }
  }

  /// The grace of a stop is over.
  func cut(_ run: EngineRun) {
    run.cutNanos = nil
    // What the time did not suffice for is dropped, what a stop has ended is not.
    if !run.isStopping { for user in run.users where user.isInIteration { dropRest(user) } }
    run.isStopping = true
    for user in run.users where user.state != .ended {
      if user.state == .requesting || user.state == .scripted {
        for exchange in user.exchanges where exchange.request != nil { abort(exchange) }
      }
      user.script.abandon()
      leave(user)
      end(user)
    }
  }

  /// The lease was renewed, or the results no longer pile up.
  func renew(_ key: LeaseKey, deadlineNanos: Int64, paused: Bool) {
    guard let run = runs[key] else { return }
    run.deadlineNanos = deadlineNanos
    run.isPaused = paused
    guard mayStart(run) else { return }
    // Asked once for all of them: the gate may have to look for itself.
    let goOn = run.users.contains { $0.state == .parked } && memory.mayBegin()
    for user in run.users {
      switch user.state {
      case .parked where goOn:
        user.state = user.stateBeforePark
        soon(user)
      case .requesting, .scripted:
        for exchange in user.exchanges where exchange.isParked { unpark(exchange) }
      default: break
      }
    }
  }

  func forget(_ key: LeaseKey) {
    guard let run = runs[key] else { return }
    cut(run)
    runs[key] = nil
    run.rampDowns = DeadlineHeap()
    // What waits for hours would keep the realm, and outlive the run.
    if run.code != nil { codeTimers.removeAll(of: run) }
    for user in run.users { user.release() }
    run.users = []
    // What the script has left behind; where others run, that is collected with theirs.
    if run.code != nil { execute { if $0.runs.isEmpty { $0.collectGarbage() } } }
  }
}

import Shared

/// Loads that say when iterations begin: arrivals, and clients that come and go.
extension EngineThread {
  /// Does what the load wants done by now.
  func keepUp(_ run: EngineRun) {
    while let user = run.rampDowns.popDue(now: now) { rampDownDue(user) }
    guard run.hasBegun, !run.isStopping, run.arrivals != nil else { return }
    while let next = run.arrivals?.nextNanos {
      let due = run.pacer.beginNanos.plus(next)
      guard due <= now else { return }
      run.arrivals?.advance()
      if mayBegin(run), let user = run.takeStandingBy() {
        beginIteration(user, intendedNanos: due)
      } else {
        run.recorder.drop(atMicros: run.micros(at: due), now: now)
      }
    }
    guard now >= run.pacer.endNanos else { return }
    while let user = run.takeStandingBy() { end(user) }
  }

  /// A user waits for the next start.
  func standBy(_ user: VirtualUser) {
    becomeInactive(user)
    user.ticket &+= 1
    user.state = .standingBy
    user.run.standingBy.append(user)
  }

  /// Counts the iterations of a number of them that the time does not suffice for; one that is
  /// under way has begun and is none of them.
  func dropRest(_ user: VirtualUser) {
    let run = user.run
    guard run.hasBegun, !run.isStopping, run.countsIterations,
      let most = run.pacer.iterations(offset: user.offset)
    else { return }
    let begun = user.iterationsFinished + (user.isInIteration ? 1 : 0)
    // An extension lets a user go on: what it was said to have dropped is not dropped again.
    let count = most - begun - user.iterationsDropped
    guard count > 0 else { return }
    user.iterationsDropped += count
    run.recorder.drop(
      Int64(count), atMicros: run.micros(at: min(now, run.pacer.endNanos)), now: now)
  }

  /// The goal has changed.
  func scheduleChanged(_ run: EngineRun) {
    guard run.arrivals != nil, case .arrivalRate(let curve) = run.pacer.goal.model else { return }
    run.arrivals?.changed(to: curve, now: run.hasBegun ? now - run.pacer.beginNanos : 0)
  }

  // MARK: ramping down

  /// Remembers when the iteration that a user is in, or begins, is to be cut.
  func watchRampDown(_ user: VirtualUser) {
    let run = user.run
    guard let nanos = run.pacer.cutNanos(offset: user.offset, now: now), nanos != user.cutNanos
    else { return }
    user.cutNanos = nanos
    run.rampDowns.insert(nanos, user)
  }

  private func rampDownDue(_ user: VirtualUser) {
    // It may have been put off in the meantime.
    guard user.cutNanos <= now else { return }
    user.cutNanos = 0
    guard user.isInIteration, !user.run.isStopping else { return }
    switch verdict(on: user) {
    case .wait: interrupt(user)
    case .begin: watchRampDown(user)
    case .standBy, .ended: break
    }
  }

  /// Cuts the iteration that a user is in; the user stays.
  private func interrupt(_ user: VirtualUser) {
    for exchange in user.exchanges where exchange.request != nil { abort(exchange) }
    user.script.abandon()
    clearUp(after: user)
    leave(user)
    user.pending = nil
    user.awaitedEvent = nil
    user.ticket &+= 1
    user.iterationsFinished += 1
    user.state = .resting
    beginIteration(user)
  }
}

extension EngineRun {
  /// When the load wants attention; never when users' own timers see to everything.
  var loadNanos: Int64 {
    let rampDown = rampDowns.nextDeadline ?? .max
    guard hasBegun, !isStopping, let next = arrivals?.nextNanos else {
      guard hasBegun, !isStopping, !standingBy.isEmpty else { return rampDown }
      // Those who stand by end with the load.
      return min(rampDown, pacer.endNanos)
    }
    return min(rampDown, pacer.beginNanos.plus(next))
  }

  /// A user that is free for an iteration. Entries of users that have ended are left behind.
  func takeStandingBy() -> VirtualUser? {
    while let user = standingBy.popLast() {
      if user.state == .standingBy { return user }
    }
    return nil
  }
}

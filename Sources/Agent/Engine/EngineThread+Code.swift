import CCurl
import Shared

/// What clients of `Code` scripts ask for, and how they go on.
extension EngineThread {
  /// Carries out what the latest turns of a run's clients asked for.
  func performEffects(of run: EngineRun) {
    // What is carried out may end a turn that asks for more: the loop below comes to it.
    guard let code = run.code, !code.isPerforming else { return }
    code.isPerforming = true
    defer { code.isPerforming = false }
    while !code.realm.effects.isEmpty {
      // Scripts take time: what they ask for begins now, not when their turn did.
      now = Clock.monotonicNanos()
      run.now = now
      swap(&code.realm.effects, &code.effects)
      for effect in code.effects { perform(effect, of: run) }
      code.effects.removeAll(keepingCapacity: true)
    }
  }

  private func perform(_ effect: CodeEffect, of run: EngineRun) {
    switch effect {
    case .request(let slot, let operation, let request):
      guard let user = busy(slot, run) else { return }
      let exchange = user.idleExchange()
      exchange.operation = operation
      guard let response = begin(request, on: exchange) else { return }
      // In the next turn: a script may try for ever.
      codeTimers.insert(
        now + 1, CodeWake(user: user, operation: operation, response: response))
    case .timer(let slot, let operation, let nanos):
      guard let user = busy(slot, run) else { return }
      codeTimers.insert(now.plus(max(1, nanos)), CodeWake(user: user, operation: operation))
    case .cancelTimer(let slot, let operation):
      guard let user = busy(slot, run) else { return }
      codeTimers.cancel(user, operation)
    case .done(let slot, let failed):
      guard let user = busy(slot, run) else { return }
      // Requests that nobody waits for any more, after the script was ended by force.
      for exchange in user.exchanges where exchange.request != nil { abort(exchange) }
      clearUp(after: user)
      if failed { keepFailure(of: run) } else { keepResult(of: slot, run) }
      leave(user)
      finishIteration(user, failed: failed)
    case .ask(let slot, let operation, let kind, let details):
      guard busy(slot, run) != nil, let code = run.code else { return }
      let waiter = CodeWaiter(slot: slot, operation: operation)
      perform(code.questions.asked(waiter, kind: kind, details: details), of: run)
    case .listen(let slot): run.code?.listeners.insert(slot)
    case .abort(let message): report(index, .abort(run.key, message: message))
    }
  }

  /// A client's iteration is over: exchanges and timers that it has left behind go.
  func clearUp(after user: VirtualUser) {
    if user.keepFewExchanges() { hasLetGo = true }
    codeTimers.abandoned(user)
  }

  /// What `setup()` returned is for all clients of the execution.
  private func keepResult(of slot: Int, _ run: EngineRun) {
    guard run.lease.script.life == .setup, let realm = run.code?.realm else { return }
    let text = realm.resultText(slot: slot)
    do throws(RecordRefusal) {
      guard let rows = SetupValue.rows(text.isEmpty ? "null" : text) else {
        throw RecordRefusal(
          message: "what setup returns is too large: as JSON it may have "
            + "\(Limits.setupBytesMax) bytes, it has \(text.utf8.count)")
      }
      for row in rows { try run.recorder.value(row, now: now) }
    } catch {
      run.scriptFailed(slot: slot, message: error.message, excerpt: "", stack: "")
    }
  }

  /// The coordinator learns nothing else of how `teardown` has ended.
  private func keepFailure(of run: EngineRun) {
    guard run.lease.script.life == .teardown else { return }
    do throws(RecordRefusal) {
      try run.recorder.value(ValueRow(name: ValueRow.teardownFailed, json: "true"), now: now)
    } catch {
      run.scriptFailed(slot: 0, message: error.message, excerpt: "", stack: "")
    }
  }

  /// The client, if it is in an iteration: what is left of an earlier one has no say.
  private func busy(_ slot: Int, _ run: EngineRun) -> VirtualUser? {
    guard run.users.indices.contains(slot) else { return nil }
    let user = run.users[slot]
    return user.state == .scripted ? user : nil
  }

  /// An operation's time has come.
  func wake(_ due: CodeWake) {
    pulse.beat()
    guard due.user.state == .scripted, let client = due.user.script as? CodeClient else { return }
    let run = due.user.run
    run.now = now
    if let response = due.response {
      run.code?.realm.respond(slot: client.slot, operation: due.operation, to: response)
    } else if let answer = due.answer {
      run.code?.realm.answer(slot: client.slot, operation: due.operation, answer)
    } else {
      run.code?.realm.complete(slot: client.slot, operation: due.operation)
    }
    performEffects(of: run)
  }
}

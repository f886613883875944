import Shared

/// What clients of `Code` scripts ask the coordinator, and the events that they are told of.
extension EngineThread {
  /// Has a run's clients hear what the coordinator says, and reach what the engine has.
  func connect(_ run: EngineRun) {
    guard run.code != nil else { return }
    run.onAnswer = { [unowned self, unowned run] id, answer in
      guard let code = run.code else { return }
      perform(code.questions.answered(id, answer), of: run)
    }
    run.onEvent = { [unowned self, unowned run] name, contents in
      tell(name, contents, of: run)
    }
  }

  /// Carries out what came of questions and answers.
  func perform(_ actions: [CodeQuestions.Action], of run: EngineRun) {
    for action in actions {
      switch action {
      case .ask(let id, let question): ask(run, id: id, question)
      case .answer(let waiter, let answer):
        guard run.users.indices.contains(waiter.slot) else { continue }
        // In the next turn: what is at hand already may be asked for without end.
        codeTimers.insert(
          now + 1,
          CodeWake(
            user: run.users[waiter.slot], operation: waiter.operation, answer: answer))
      }
    }
  }

  /// Tells the coordinator how many clients wait at barriers.
  func tellArrivals(of run: EngineRun) {
    guard let code = run.code else { return }
    perform(code.questions.takeArrivals(), of: run)
  }

  /// A client's iteration is over before its time: nothing is asked on its behalf any longer.
  func leave(_ user: VirtualUser) {
    guard let client = user.script as? CodeClient else { return }
    user.run.code?.questions.left(slot: client.slot)
  }

  /// An event is for every client that runs now and has a handler, in an iteration or between
  /// two. Before its first iteration a client does not run.
  private func tell(_ name: String, _ contents: String, of run: EngineRun) {
    guard let code = run.code else { return }
    run.now = now
    for slot in code.listeners.sorted() where run.users.indices.contains(slot) {
      let user = run.users[slot]
      let isBetween = user.state == .standingBy && user.iterationsFinished > 0
      guard user.hasStarted || isBetween else { continue }
      code.realm.happened(slot: slot, name: name, contents: contents)
    }
    performEffects(of: run)
  }
}

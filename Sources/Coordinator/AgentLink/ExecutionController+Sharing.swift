import Dispatch
import Shared

/// What clients of all agents share: barriers, values, data tables, events.
extension ExecutionController {
  /// A run asks. On the loop.
  func take(_ ask: AskMessage, from agent: String) {
    let key = LeaseKey(chunk: ask.chunk, epoch: ask.epoch)
    guard let live = owned(key, by: agent) else { return }
    switch ask.question {
    case .barrier(let name, let round, let arrived):
      if let problem = live.sharing.barriers.problem(with: name, round: round) {
        return answer(key, ask.id, .failed(problem), of: live)
      }
      release(
        live.sharing.barriers.arrived(
          .init(run: key, ask: ask.id), at: name, round: round, clients: arrived), of: live)
    case .metric(let namespace, let name, let resource):
      let execution = live.record.id
      answerLater(key, ask.id, of: live) { [metricSource] in
        guard let metricSource else { return .failed("metrics cannot be read while a test runs") }
        let value = try metricSource.metric(
          of: execution, namespace: namespace, name: name, resource: resource)
        return .metric(json: value?.text)
      }
    case .rows, .row, .table: takeTableQuestion(ask, key, of: live)
    }
  }

  /// An agent says how many clients of a run have ended.
  func clientsEnded(_ key: LeaseKey, _ count: Int, from agent: String) {
    guard let id = owners[key], let live = executions[id], live.runs[key]?.agent == agent else {
      return
    }
    release(live.sharing.barriers.ended(key, clients: count), of: live)
  }

  func release(_ waiters: [BarrierBoard.Waiter], of live: LiveExecution) {
    for waiter in waiters { answer(waiter.run, waiter.ask, .released, of: live) }
  }

  /// Sends an event to every client that runs.
  func sendEvent(_ execution: ExecutionID, name: String, contents: String) throws -> Int64 {
    try loop.sync {
      let live = try self.live(execution)
      guard live.machine.phase == .running else {
        throw ControlError.conflict("No clients of execution \(execution) run")
      }
      let now = Clock.boottimeNanos()
      guard let event = live.sharing.events.sent(name, contents: contents, now: now) else {
        throw ControlError.tooMany(
          "Execution \(execution) has been sent too many events within "
            + "\(Limits.eventKeepSecs) seconds")
      }
      for key in live.runs.keys where live.machine.isCurrent(key) {
        self.send(event, to: key, of: live)
      }
      return event.id
    }
  }

  /// Tells a run whose link was down what it may have missed; it knows what it has seen.
  func repeatEvents(_ key: LeaseKey, of live: LiveExecution) {
    for event in live.sharing.events.recent(now: Clock.boottimeNanos()) {
      send(event, to: key, of: live)
    }
  }

  private func send(_ event: RecentEvents.Event, to key: LeaseKey, of live: LiveExecution) {
    guard let run = live.runs[key] else { return }
    roster.session(of: run.agent)?.send(
      .event(
        EventMessage(
          chunk: key.chunk, epoch: key.epoch, eventId: event.id, name: event.name,
          contents: event.contents)))
  }

  func answer(
    _ key: LeaseKey, _ id: Int64, _ answer: AgentAnswer, of live: LiveExecution
  ) {
    guard let run = live.runs[key] else { return }
    // A link that is down is no loss: the agent asks again.
    roster.session(of: run.agent)?.send(
      .answer(AnswerMessage(chunk: key.chunk, epoch: key.epoch, id: id, answer: answer)))
  }

  /// Answers with what `body` finds, which may take a while and so runs elsewhere.
  func answerLater(
    _ key: LeaseKey, _ id: Int64, of live: LiveExecution,
    _ body: @escaping @Sendable () throws -> AgentAnswer
  ) {
    let execution = live.record.id
    sharingQueue.async {
      let found: AgentAnswer
      do {
        found = try body()
      } catch {
        self.log.error(
          "cannot answer an agent", ["execution": "\(execution)", "error": "\(error)"])
        found = .failed("the coordinator failed: \(error)")
      }
      self.loop.execute {
        guard let live = self.executions[execution] else { return }
        self.answer(key, id, found, of: live)
      }
    }
  }
}

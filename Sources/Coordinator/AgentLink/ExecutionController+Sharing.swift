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
    case .rows(let table, _, _), .row(let table, _, _), .table(let table):
      answer(key, ask.id, .failed("there is no data table '\(table.prefix(100))'"), of: live)
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

  private func answer(
    _ key: LeaseKey, _ id: Int64, _ answer: AgentAnswer, of live: LiveExecution
  ) {
    guard let run = live.runs[key] else { return }
    // A link that is down is no loss: the agent asks again.
    roster.session(of: run.agent)?.send(
      .answer(AnswerMessage(chunk: key.chunk, epoch: key.epoch, id: id, answer: answer)))
  }

  /// Answers with what `body` finds, which may take a while and so runs elsewhere.
  private func answerLater(
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

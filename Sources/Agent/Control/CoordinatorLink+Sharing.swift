import Shared

/// What clients ask of the coordinator and its answers; events of operators.
extension CoordinatorLink {
  func asked(_ question: AgentQuestion, _ id: Int64, of key: LeaseKey, from engine: Int) {
    guard let actions = runs[key]?.asks.asked(question, by: .init(engine: engine, id: id)) else {
      return
    }
    perform(actions, of: key)
  }

  func take(_ answer: AnswerMessage) {
    let key = LeaseKey(chunk: answer.chunk, epoch: answer.epoch)
    guard let actions = runs[key]?.asks.answered(answer.id, answer.answer) else { return }
    perform(actions, of: key)
  }

  func take(_ event: EventMessage) {
    let key = LeaseKey(chunk: event.chunk, epoch: event.epoch)
    guard runs[key]?.eventArrived(event.eventId) ?? false else { return }
    for engine in engines { engine.execute { $0.received(event) } }
  }

  /// On a new link: what was asked on the one before may not have arrived, nor the answer.
  func askAgain(_ key: LeaseKey) {
    for (id, question) in runs[key]?.asks.unanswered ?? [] { send(question, id, of: key) }
  }

  private func perform(_ actions: [OpenAsks.Action], of key: LeaseKey) {
    for action in actions {
      switch action {
      case .send(let id, let question): send(question, id, of: key)
      case .answer(let asker, let answer):
        guard engines.indices.contains(asker.engine) else { continue }
        engines[asker.engine].execute { $0.answered(key, id: asker.id, result: answer) }
      }
    }
  }

  /// While the link is down nothing is said: all of it is said again once it is up.
  private func send(_ question: AgentQuestion, _ id: Int64, of key: LeaseKey) {
    guard isJoined else { return }
    send(.ask(AskMessage(chunk: key.chunk, epoch: key.epoch, id: id, question: question)))
  }
}

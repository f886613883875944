import Shared

/// What clients ask of the coordinator, and what it tells them.
extension EngineThread {
  /// Asks on behalf of a client; the answer comes to the run's `onAnswer` under the same `id`.
  func ask(_ run: EngineRun, id: Int64, _ question: AgentQuestion) {
    report(index, .ask(run.key, id: id, question))
  }

  /// The answer to a question of this thread has come.
  func answered(_ key: LeaseKey, id: Int64, result: AgentAnswer) {
    runs[key]?.onAnswer?(id, result)
  }

  /// An operator has sent an event, which has not come here before.
  func received(_ event: EventMessage) {
    let key = LeaseKey(chunk: event.chunk, epoch: event.epoch)
    runs[key]?.onEvent?(event.name, event.contents)
  }
}

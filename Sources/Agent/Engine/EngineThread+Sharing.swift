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
    guard let run = runs[key] else { return }
    run.onEvent?(event.name, event.contents)
    let contents = (try? JSONValue.parse(text: event.contents)) ?? .null
    let arrived = run.mailbox.arrived(event.name, contents: contents)
    for user in run.users where user.state == .listening && user.awaitedEvent == event.name {
      user.eventsHad[event.name] = arrived.number
      user.pending = user.script.waitFinished(contents)
      user.state = .sleeping
      soon(user)
    }
  }

  /// The next event of a name that a client has not had; nil when it has to wait, and does.
  func listen(
    _ user: VirtualUser, for name: String, timeoutMicros: Int64
  ) -> EventMailbox.Event? {
    let had = max(user.eventsFrom, user.eventsHad[name] ?? 0)
    if let event = user.run.mailbox.next(name, after: had) {
      user.eventsHad[name] = event.number
      return event
    }
    user.state = .listening
    user.awaitedEvent = name
    schedule(user, at: now.plus(timeoutMicros.times(1_000)))
    return nil
  }
}

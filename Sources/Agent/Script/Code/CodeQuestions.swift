import Shared

/// What the clients of one run on one engine thread ask the coordinator and have no answer to
/// yet. Pure; the engine performs what it returns.
///
/// Questions that are the same travel once. Arrivals at barriers are told once per turn of the
/// engine, however many clients have come and gone in it.
struct CodeQuestions {
  enum Action: Equatable {
    /// Ask the coordinator, under this number of the thread's.
    case ask(id: Int64, AgentQuestion)
    case answer(CodeWaiter, CodeAnswer)
  }

  /// A place where clients wait, and by which operation each does.
  private struct Barrier {
    var id: Int64
    var operations: [Int: Int32] = [:]
  }

  private var rounds = BarrierRounds()
  private var barriers: [BarrierRounds.Place: Barrier] = [:]
  private var places: [Int64: BarrierRounds.Place] = [:]
  /// Places about which something is to be told.
  private var changed: Set<BarrierRounds.Place> = []
  private var metrics: [AgentQuestion: [CodeWaiter]] = [:]
  private var tables: CodeTables
  private var open: [Int64: AgentQuestion] = [:]
  /// Operations without an answer, by client.
  private var waiting: [Int: Int] = [:]
  private var lastID: Int64 = 0

  /// - Parameter random: where random rows of data tables come from.
  init(random: ScriptRandom) { tables = CodeTables(random: random) }

  /// A client asks.
  ///
  /// - Returns: what follows, among it answers that need nobody else.
  mutating func asked(_ waiter: CodeWaiter, kind: String, details: String) -> [Action] {
    let wish: CodeWish
    do throws(UsageError) {
      wish = try CodeWish(kind: kind, details: details)
    } catch {
      return [.answer(waiter, .failed(error.description))]
    }
    waiting[waiter.slot, default: 0] += 1
    switch wish {
    case .barrier(let name):
      let place = rounds.arrived(UInt32(truncatingIfNeeded: waiter.slot), at: name)
      if barriers[place] == nil {
        let id = nextID()
        barriers[place] = Barrier(id: id)
        places[id] = place
      }
      barriers[place]?.operations[waiter.slot] = waiter.operation
      changed.insert(place)
      return []
    case .metric(let namespace, let name, let resource):
      let question = AgentQuestion.metric(namespace: namespace, name: name, resource: resource)
      let isAsked = metrics[question] != nil
      metrics[question, default: []].append(waiter)
      return isAsked ? [] : [ask(question)]
    case .table(let name, let wish):
      return take(tables.asked(waiter, wish, of: name))
    }
  }

  /// The coordinator's answer; nothing when nobody waits for it any longer.
  mutating func answered(_ id: Int64, _ answer: AgentAnswer) -> [Action] {
    if let place = places[id] { return opened(place, id, answer) }
    guard let question = open.removeValue(forKey: id) else { return [] }
    guard case .metric = question else { return take(tables.answered(question, answer)) }
    let outcome: CodeAnswer
    if case .metric(let json) = answer {
      outcome = .json(json ?? "")
    } else {
      outcome = .failed(answer.reason)
    }
    let waiters = metrics.removeValue(forKey: question) ?? []
    return waiters.map { self.answer($0, outcome) }
  }

  /// A client waits for nothing any longer: its iteration was cut, or it has ended.
  mutating func left(slot: Int) {
    guard waiting.removeValue(forKey: slot) != nil else { return }
    for place in rounds.left(UInt32(truncatingIfNeeded: slot)) {
      barriers[place]?.operations[slot] = nil
      changed.insert(place)
    }
    for question in metrics.keys { metrics[question]?.removeAll { $0.slot == slot } }
    tables.left(slot: slot)
  }

  /// How many clients wait at barriers now, as far as that has changed. To be told before the
  /// end of any client is: one that waited would be counted as arrived and as ended.
  mutating func takeArrivals() -> [Action] {
    guard !changed.isEmpty else { return [] }
    let sorted = changed.sorted { ($0.name, $0.round) < ($1.name, $1.round) }
    changed = []
    return sorted.compactMap { place in
      barriers[place].map { .ask(id: $0.id, rounds.question(place)) }
    }
  }

  // MARK: inside

  private mutating func opened(
    _ place: BarrierRounds.Place, _ id: Int64, _ answer: AgentAnswer
  ) -> [Action] {
    places[id] = nil
    changed.remove(place)
    let operations = barriers.removeValue(forKey: place)?.operations ?? [:]
    let outcome: CodeAnswer = answer == .released ? .json("") : .failed(answer.reason)
    return rounds.released(place).compactMap { client in
      operations[Int(client)].map {
        self.answer(CodeWaiter(slot: Int(client), operation: $0), outcome)
      }
    }
  }

  private mutating func nextID() -> Int64 {
    lastID += 1
    return lastID
  }

  private mutating func ask(_ question: AgentQuestion) -> Action {
    let id = nextID()
    open[id] = question
    return .ask(id: id, question)
  }

  private mutating func answer(_ waiter: CodeWaiter, _ outcome: CodeAnswer) -> Action {
    if let count = waiting[waiter.slot] { waiting[waiter.slot] = count > 1 ? count - 1 : nil }
    return .answer(waiter, outcome)
  }

  private mutating func take(_ actions: [CodeTables.Action]) -> [Action] {
    actions.map { action in
      switch action {
      case .ask(let question): ask(question)
      case .answer(let waiter, let outcome): answer(waiter, outcome)
      }
    }
  }
}

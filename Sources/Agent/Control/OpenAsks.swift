import Shared

/// The questions of one run that have no answer yet. Pure; the link performs what it returns.
///
/// Engine threads number their questions each on their own; here they get the numbers of the
/// run. Questions that are the same travel once, arrivals at a barrier are summed up over the
/// threads, and rows of data tables come in blocks, most of which are kept for the next asker.
struct OpenAsks {
  /// Who waits for an answer.
  struct Asker: Hashable {
    /// Index of the engine thread.
    var engine: Int
    /// The thread's own number of the question.
    var id: Int64
  }

  enum Action: Equatable {
    case send(id: Int64, AgentQuestion)
    case answer(Asker, AgentAnswer)
  }

  /// A question on its way, and what each asker had really wanted to know.
  private struct Entry {
    var question: AgentQuestion
    var askers: [(asker: Asker, question: AgentQuestion)] = []
    /// Arrivals at a barrier, by engine thread.
    var arrived: [Int: Int] = [:]
    var isSent = true
  }

  private struct Round: Hashable {
    var name: String
    var round: Int
  }

  private var entries: [Int64: Entry] = [:]
  private var byQuestion: [AgentQuestion: Int64] = [:]
  private var byRound: [Round: Int64] = [:]
  private var tables: [String: AgentAnswer] = [:]
  private var stocks: [String: RowStock<Asker>] = [:]
  private var blocks = TableBlocks()
  /// Blocks of rows that were asked for.
  private var blocksAsked = 0
  private var blocksWaiting: [Int64] = []
  private var lastID: Int64 = 0

  /// What to say again on a new link, in the order in which it was asked.
  var unanswered: [(id: Int64, question: AgentQuestion)] {
    entries.filter(\.value.isSent).sorted { $0.key < $1.key }
      .map { (id: $0.key, question: $0.value.question) }
  }

  /// A client of an engine thread asks.
  mutating func asked(_ question: AgentQuestion, by asker: Asker) -> [Action] {
    switch question {
    case .barrier(let name, let round, let arrived):
      return self.arrived(arrived, at: Round(name: name, round: round), asker)
    case .rows(let table, let count, let recycle):
      stocks[table, default: RowStock<Asker>()].asked(asker, count: count, recycle: recycle)
      return serve(table)
    case .row(let table, let index, let count):
      if let rows = blocks.rows(of: table, from: index, count: count) {
        return [.answer(asker, rows)]
      }
      return open(blocks.question(table, index: index), for: asker, wanting: question)
    case .table(let name):
      if let answer = tables[name] { return [.answer(asker, answer)] }
      return open(question, for: asker, wanting: question)
    case .metric: return open(question, for: asker, wanting: question)
    }
  }

  /// The coordinator's answer; nothing when the question is answered already.
  mutating func answered(_ id: Int64, _ answer: AgentAnswer) -> [Action] {
    guard let entry = entries.removeValue(forKey: id) else { return [] }
    switch entry.question {
    case .barrier(let name, let round, _): byRound[Round(name: name, round: round)] = nil
    case .rows(let table, _, _):
      stocks[table, default: RowStock<Asker>()].arrived(answer)
      return serve(table)
    case .row(let table, _, _):
      byQuestion[entry.question] = nil
      blocksAsked -= 1
      blocks.store(answer, of: table)
      return entry.askers.flatMap { serve($0.asker, $0.question, entry.question, answer) }
        + sendWaiting()
    case .table(let name):
      byQuestion[entry.question] = nil
      if case .table = answer { tables[name] = answer }
    case .metric: byQuestion[entry.question] = nil
    }
    return entry.askers.map { .answer($0.asker, answer) }
  }

  // MARK: inside

  private mutating func nextID() -> Int64 {
    lastID += 1
    return lastID
  }

  private mutating func arrived(_ count: Int, at place: Round, _ asker: Asker) -> [Action] {
    let id = byRound[place] ?? nextID()
    byRound[place] = id
    let nothing = AgentQuestion.barrier(name: place.name, round: place.round, arrived: 0)
    var entry = entries[id] ?? Entry(question: nothing)
    if !entry.askers.contains(where: { $0.asker == asker }) {
      entry.askers.append((asker: asker, question: nothing))
    }
    entry.arrived[asker.engine] = count
    entry.question = .barrier(
      name: place.name, round: place.round, arrived: entry.arrived.values.reduce(0, +))
    entries[id] = entry
    return [.send(id: id, entry.question)]
  }

  private mutating func open(
    _ question: AgentQuestion, for asker: Asker, wanting wanted: AgentQuestion
  ) -> [Action] {
    if let id = byQuestion[question] {
      entries[id]?.askers.append((asker: asker, question: wanted))
      return []
    }
    let id = nextID()
    var entry = Entry(question: question, askers: [(asker: asker, question: wanted)])
    byQuestion[question] = id
    if case .row = question {
      entry.isSent = blocksAsked < Limits.tableBlocksAskedMax
      if entry.isSent { blocksAsked += 1 } else { blocksWaiting.append(id) }
    }
    entries[id] = entry
    return entry.isSent ? [.send(id: id, question)] : []
  }

  private mutating func sendWaiting() -> [Action] {
    guard blocksAsked < Limits.tableBlocksAskedMax, !blocksWaiting.isEmpty else { return [] }
    let id = blocksWaiting.removeFirst()
    guard let question = entries[id]?.question else { return [] }
    entries[id]?.isSent = true
    blocksAsked += 1
    return [.send(id: id, question)]
  }

  /// Gives a client its rows out of the block that has come.
  private mutating func serve(
    _ asker: Asker, _ wanted: AgentQuestion, _ asked: AgentQuestion, _ answer: AgentAnswer
  ) -> [Action] {
    guard case .rows(_, let rows, _) = answer, !rows.isEmpty,
      case .row(let table, let index, let count) = wanted
    else { return [.answer(asker, answer)] }
    if let rows = blocks.rows(of: table, from: index, count: count) {
      return [.answer(asker, rows)]
    }
    if case .row(_, index, _) = asked { return [.answer(asker, .failed("the rows do not fit"))] }
    // Wide rows: the block ended before this one. Asked for by itself it comes first.
    return open(blocks.question(table, index: index), for: asker, wanting: wanted)
  }

  /// Hands out the rows in stock, and asks for more when that is not enough.
  private mutating func serve(_ table: String) -> [Action] {
    var stock = stocks[table] ?? RowStock<Asker>()
    var actions: [Action] = stock.takeAnswers().map { .answer($0.asker, $0.answer) }
    if let question = stock.takeQuestion(of: table) {
      let id = nextID()
      entries[id] = Entry(question: question)
      actions.append(.send(id: id, question))
    }
    stocks[table] = stock
    return actions
  }
}

import Shared

/// The rows of one data table that were handed on to here and not yet to a client, and those who
/// wait for more. Pure.
struct RowStock<Asker: Sendable> {
  private struct Wish {
    var asker: Asker
    var count: Int
    var recycle: Bool
  }

  private var rows: ArraySlice<[String]> = []
  /// Index in the table of the first row in stock.
  private var first = 0
  private var wishes: [Wish] = []
  private var answers: [(asker: Asker, answer: AgentAnswer)] = []
  /// Whether more rows were asked for, and whether the table may begin anew for it.
  private var isAsking = false
  private var isRecycling = false

  mutating func asked(_ asker: Asker, count: Int, recycle: Bool) {
    wishes.append(Wish(asker: asker, count: max(1, count), recycle: recycle))
  }

  /// Nobody of those waits any longer; what they would have got is for others.
  mutating func left(where holds: (Asker) -> Bool) { wishes.removeAll { holds($0.asker) } }

  /// What the coordinator handed out.
  mutating func arrived(_ answer: AgentAnswer) {
    isAsking = false
    switch answer {
    case .rows(let first, let rows, _) where !rows.isEmpty:
      self.first = first
      self.rows = rows[...]
    case .rows:
      // Those who recycle ask again, unless that was asked for already: the table is empty then.
      let wasRecycling = isRecycling
      answerAll(answer) { wasRecycling || !$0.recycle }
    default: answerAll(answer) { _ in true }
    }
  }

  private mutating func answerAll(_ answer: AgentAnswer, where holds: (Wish) -> Bool) {
    answers += wishes.filter(holds).map { (asker: $0.asker, answer: answer) }
    wishes.removeAll(where: holds)
  }

  /// Who gets what now, first come, first served.
  mutating func takeAnswers() -> [(asker: Asker, answer: AgentAnswer)] {
    var taken = answers
    answers = []
    while !rows.isEmpty, !wishes.isEmpty {
      let wish = wishes.removeFirst()
      let part = Array(rows.prefix(wish.count))
      taken.append((asker: wish.asker, answer: .rows(first: first, rows: part, end: false)))
      rows = rows.dropFirst(part.count)
      first += part.count
    }
    return taken
  }

  /// What to ask the coordinator, or nil when nobody waits or it has been asked.
  mutating func takeQuestion(of table: String) -> AgentQuestion? {
    guard !isAsking, !wishes.isEmpty else { return nil }
    isAsking = true
    // One who wants to stop at the end must be told of it before others begin anew.
    isRecycling = wishes.allSatisfy(\.recycle)
    let count = wishes.reduce(0) { min(Limits.tableBlockRowsMax, $0 + $1.count) }
    return .rows(table: table, count: count, recycle: isRecycling)
  }
}

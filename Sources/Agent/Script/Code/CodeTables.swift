import Shared

/// The data tables that the clients of one run on one engine thread read. Pure.
///
/// What a table looks like is asked once. Rows that are read by their number come in blocks, the
/// latest of which are kept; rows that no other client gets come as many as clients wait for.
struct CodeTables {
  enum Wish: Equatable {
    case info
    /// By its index from 0.
    case row(Int)
    case random
    /// One that no client of the execution has had. At the end of the table it begins anew, or
    /// there is none.
    case next(recycle: Bool)
  }

  enum Action: Equatable {
    case ask(AgentQuestion)
    case answer(CodeWaiter, CodeAnswer)
  }

  private struct Table {
    /// Nil until it is known.
    var columns: [String]?
    var rows = 0
    /// Who waits for it to be known.
    var waiting: [(waiter: CodeWaiter, wish: Wish)] = []
    var stock = RowStock<CodeWaiter>()
  }

  private var tables: [String: Table] = [:]
  private var blocks = TableBlocks(bytesMax: Limits.tableThreadCacheBytesMax)
  /// Who waits for a block, and for which row of it.
  private var readers: [AgentQuestion: [(waiter: CodeWaiter, index: Int)]] = [:]
  private var random: ScriptRandom

  /// - Parameter random: where random rows come from.
  init(random: ScriptRandom) { self.random = random }

  mutating func asked(_ waiter: CodeWaiter, _ wish: Wish, of name: String) -> [Action] {
    if tables[name]?.columns != nil { return serve(waiter, wish, of: name) }
    let isAsked = tables[name] != nil
    tables[name, default: Table()].waiting.append((waiter, wish))
    return isAsked ? [] : [.ask(.table(name: name))]
  }

  /// The answer to one of the questions asked for.
  mutating func answered(_ question: AgentQuestion, _ answer: AgentAnswer) -> [Action] {
    switch question {
    case .table(let name): return described(name, answer)
    case .rows(let name, _, _):
      tables[name]?.stock.arrived(answer)
      return handOut(name)
    case .row(let name, let first, _): return read(name, first, question, answer)
    case .barrier, .metric: return []
    }
  }

  /// A client waits for nothing any longer. Rows that were on their way to it go to others.
  mutating func left(slot: Int) {
    for name in tables.keys {
      tables[name]?.waiting.removeAll { $0.waiter.slot == slot }
      tables[name]?.stock.left { $0.slot == slot }
    }
    for question in readers.keys { readers[question]?.removeAll { $0.waiter.slot == slot } }
  }

  // MARK: inside

  private mutating func described(_ name: String, _ answer: AgentAnswer) -> [Action] {
    guard var table = tables[name] else { return [] }
    guard case .table(let columns, let rows) = answer else {
      // It may be uploaded yet: the next client asks anew.
      tables[name] = nil
      return table.waiting.map { .answer($0.waiter, .failed(answer.reason)) }
    }
    let waiting = table.waiting
    table.waiting = []
    table.columns = columns
    table.rows = rows
    tables[name] = table
    return waiting.flatMap { serve($0.waiter, $0.wish, of: name) }
  }

  private mutating func serve(_ waiter: CodeWaiter, _ wish: Wish, of name: String) -> [Action] {
    let rows = tables[name]?.rows ?? 0
    switch wish {
    case .info: return [.answer(waiter, .json(infoText(name)))]
    case .row(let index):
      guard (0..<rows).contains(index) else {
        return [fail(waiter, name, "has rows 0 to \(rows - 1), but no row \(index)", rows)]
      }
      return read(waiter, name, index)
    case .random:
      guard rows > 0 else { return [fail(waiter, name, "", rows)] }
      return read(waiter, name, Int.random(in: 0..<rows, using: &random))
    case .next(let recycle):
      guard rows > 0 else {
        return recycle ? [fail(waiter, name, "", rows)] : [.answer(waiter, .json("null"))]
      }
      tables[name]?.stock.asked(waiter, count: 1, recycle: recycle)
      return handOut(name)
    }
  }

  private func fail(
    _ waiter: CodeWaiter, _ name: String, _ text: String, _ rows: Int
  ) -> Action {
    .answer(waiter, .failed("data table '\(name)' \(rows > 0 ? text : "has no rows")"))
  }

  /// Hands out the rows in stock, and asks for as many as clients wait for.
  private mutating func handOut(_ name: String) -> [Action] {
    let answers = tables[name]?.stock.takeAnswers() ?? []
    var actions = answers.map { given -> Action in
      switch given.answer {
      case .rows(_, let rows, _):
        .answer(given.asker, .json(rows.first.map { rowText($0, of: name) } ?? "null"))
      default: .answer(given.asker, .failed(given.answer.reason))
      }
    }
    if let question = tables[name]?.stock.takeQuestion(of: name) { actions.append(.ask(question)) }
    return actions
  }

  private mutating func read(_ waiter: CodeWaiter, _ name: String, _ index: Int) -> [Action] {
    if let row = row(index, of: name) { return [.answer(waiter, .json(row))] }
    let question = blocks.question(name, index: index)
    let isAsked = readers[question] != nil
    readers[question, default: []].append((waiter, index))
    return isAsked ? [] : [.ask(question)]
  }

  /// A block has come for those who wait for rows of it.
  private mutating func read(
    _ name: String, _ first: Int, _ question: AgentQuestion, _ answer: AgentAnswer
  ) -> [Action] {
    let waiting = readers.removeValue(forKey: question) ?? []
    guard case .rows(_, let rows, _) = answer, !rows.isEmpty else {
      return waiting.map { .answer($0.waiter, .failed(answer.reason)) }
    }
    blocks.store(answer, of: name)
    return waiting.flatMap { (waiter, index) -> [Action] in
      // With wide rows the block ended before this one. Asked for by itself it comes first.
      guard index == first, row(index, of: name) == nil else { return read(waiter, name, index) }
      return [.answer(waiter, .failed(answer.reason))]
    }
  }

  private mutating func row(_ index: Int, of name: String) -> String? {
    guard case .rows(_, let rows, _)? = blocks.rows(of: name, from: index, count: 1),
      let row = rows.first
    else { return nil }
    return rowText(row, of: name)
  }

  /// An object by the names of the columns.
  private func rowText(_ row: [String], of name: String) -> String {
    var json = JSONWriter()
    json.beginObject()
    for (column, value) in zip(tables[name]?.columns ?? [], row) {
      json.key(column)
      json.string(value)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func infoText(_ name: String) -> String {
    JSONValue.object([
      "name": .string(name),
      "columns": .array((tables[name]?.columns ?? []).map { .string($0) }),
      "rows": .int(Int64(tables[name]?.rows ?? 0)),
    ]).text
  }
}

extension AgentAnswer {
  /// Why it is no answer to what was asked.
  var reason: String {
    if case .failed(let text) = self { text } else { "the answer does not fit the question" }
  }
}

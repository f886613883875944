// Logs and suite results repeat their texts: they travel as columns, and each text once per line.

/// Texts of one line in the order in which they are first needed.
struct TextTable {
  private(set) var texts: [String] = []
  private var indices: [String: UInt32] = [:]

  mutating func index(_ text: String) -> UInt32 {
    if let index = indices[text] { return index }
    let index = UInt32(texts.count)
    texts.append(text)
    indices[text] = index
    return index
  }

  /// −1 for no text.
  mutating func index(_ text: String?) -> Int64 {
    guard let text else { return -1 }
    let index: UInt32 = index(text)
    return Int64(index)
  }
}

/// A log entry as its columns; −1 stands for none.
struct LogColumns {
  var atMicros: Int64 = 0
  var level: UInt8 = 0
  var message: UInt32 = 0
  var client: Int64 = -1
  var iteration: Int64 = -1

  init() {}

  init(_ row: LogRow, _ texts: inout TextTable) {
    atMicros = row.atMicros
    level = row.level.rawValue
    message = texts.index(row.message)
    if let moment = row.moment {
      client = Int64(moment.client)
      iteration = Int64(moment.iteration)
    }
  }

  /// The row, or nil when it refers to a text that is not there or its numbers do not fit.
  func row(_ texts: [String]) -> LogRow? {
    guard message < texts.count, texts[Int(message)].utf8.count <= Limits.logMessageBytesMax
    else { return nil }
    var moment: ClientMoment?
    if client != -1 {
      guard let client = UInt32(exactly: client), let iteration = UInt32(exactly: iteration)
      else { return nil }
      moment = ClientMoment(client: client, iteration: iteration)
    }
    // A level that only a newer agent knows still is an entry.
    return LogRow(
      atMicros: atMicros, level: ScriptLogLevel(rawValue: level) ?? .info,
      message: texts[Int(message)], moment: moment)
  }
}

/// A suite result as its columns; −1 stands for none.
struct SuiteColumns {
  var atMicros: Int64 = 0
  var durationMicros: Int64 = 0
  var suite: UInt32 = 0
  var test: UInt32 = 0
  var passed = false
  var message: Int64 = -1
  var stack: Int64 = -1
  var client: UInt32 = 0
  var iteration: UInt32 = 0
  var connection: Int64 = -1

  init() {}

  init(_ row: SuiteResultRow, _ texts: inout TextTable) {
    atMicros = row.atMicros
    durationMicros = row.durationMicros
    suite = texts.index(row.suite)
    test = texts.index(row.test)
    passed = row.passed
    message = texts.index(row.message)
    stack = texts.index(row.stack)
    client = row.moment.client
    iteration = row.moment.iteration
    connection = row.connection.map(Int64.init) ?? -1
  }

  /// The row, or nil when it refers to a text that is not there or its numbers do not fit.
  func row(_ texts: [String]) -> SuiteResultRow? {
    func text(_ index: Int64, _ max: Int) -> String?? {
      if index == -1 { return .some(nil) }
      guard index >= 0, index < Int64(texts.count), texts[Int(index)].utf8.count <= max else {
        return nil
      }
      return texts[Int(index)]
    }
    guard let suite = text(Int64(suite), Limits.suiteNameBytesMax) ?? nil,
      let test = text(Int64(test), Limits.suiteNameBytesMax) ?? nil,
      let message = text(message, Limits.logMessageBytesMax),
      let stack = text(stack, Limits.logMessageBytesMax)
    else { return nil }
    var used: UInt32?
    if connection != -1 {
      guard let connection = UInt32(exactly: connection) else { return nil }
      used = connection
    }
    return SuiteResultRow(
      atMicros: atMicros, durationMicros: durationMicros, suite: suite, test: test,
      passed: passed, message: message, stack: stack,
      moment: ClientMoment(client: client, iteration: iteration), connection: used)
  }
}

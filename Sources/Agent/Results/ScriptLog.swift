import Shared

/// Decides which entries of a script's log go on, so that a loop that logs fills neither the
/// link nor the store. What is cut is counted, and said. Pure.
struct ScriptLog {
  private static let minuteNanos: Int64 = 60_000_000_000

  /// When the present minute began, monotonic nanoseconds.
  private var minuteStart: Int64?
  private var inMinute = 0
  private var total = 0
  /// Entries cut and not yet said.
  private var cut: Int64 = 0

  /// Whether an entry goes on.
  mutating func admits(now: Int64) -> Bool {
    if minuteStart.map({ now - $0 >= Self.minuteNanos }) ?? true {
      minuteStart = now
      inMinute = 0
    }
    guard inMinute < Limits.scriptLogEntriesPerMinute, total < Limits.logEntriesPerExecutionMax
    else {
      cut += 1
      return false
    }
    inMinute += 1
    total += 1
    return true
  }

  /// When `takeSummary` has something to say, nil while nothing was cut.
  var dueNanos: Int64? { cut > 0 ? minuteStart.map { $0 + Self.minuteNanos } : nil }

  /// What is to be said of the entries that were cut, once their minute is over.
  mutating func takeSummary(now: Int64, isEnd: Bool) -> String? {
    guard let due = dueNanos, isEnd || due <= now else { return nil }
    defer { cut = 0 }
    return cut == 1
      ? "1 further log entry of scripts was cut" : "\(cut) further log entries of scripts were cut"
  }
}

/// Runtime errors of scripts: the first of its kind is told whole, its repetitions are counted.
/// Pure.
struct ScriptErrors {
  private static let windowNanos = Int64(Limits.scriptErrorRepeatSecs) * 1_000_000_000

  private struct Kind {
    /// First line of the message.
    var title: String
    var repetitions: Int64 = 0
    /// When the first repetition that has not been told came.
    var since: Int64 = 0
  }

  private var indices: [String: Int] = [:]
  private var kinds: [Kind] = []

  /// An error of this text came. True when it is the first of its kind, to be told whole.
  mutating func happened(_ message: String, stack: String, now: Int64) -> Bool {
    let key = "\(message)\n\(stack)"
    if let index = indices[key] {
      repeated(index, now)
      return false
    }
    guard kinds.count < Limits.scriptErrorsMax else {
      if kinds.count == Limits.scriptErrorsMax { kinds.append(Kind(title: "Other errors")) }
      repeated(kinds.count - 1, now)
      return false
    }
    indices[key] = kinds.count
    let title = message.prefix { $0 != "\n" }
    kinds.append(Kind(title: String(title).prefix(bytes: Limits.logMessageBytesMax / 2)))
    return true
  }

  private mutating func repeated(_ index: Int, _ now: Int64) {
    if kinds[index].repetitions == 0 { kinds[index].since = now }
    kinds[index].repetitions += 1
  }

  var dueNanos: Int64? {
    kinds.lazy.filter { $0.repetitions > 0 }.map { $0.since + Self.windowNanos }.min()
  }

  /// What is to be said of repetitions: those of which the first was ten seconds ago.
  mutating func takeSummaries(now: Int64, isEnd: Bool) -> [String] {
    var summaries: [String] = []
    for index in kinds.indices where kinds[index].repetitions > 0 {
      guard isEnd || kinds[index].since + Self.windowNanos <= now else { continue }
      let times = kinds[index].repetitions == 1 ? "once" : "\(kinds[index].repetitions) times"
      summaries.append("\(kinds[index].title) (happened \(times) more)")
      kinds[index].repetitions = 0
    }
    return summaries
  }
}

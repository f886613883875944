/// How an execution came out, in a word and a sentence. Pure.
struct ReportVerdict: Sendable, Equatable {
  var word: String
  var detail: String
  var tone: ReportTone

  /// - Parameter asOf: the time until which results are known, for executions that go on.
  init(_ record: ExecutionRecord, asOf: String) {
    let limits = Self.breaches(record)
    guard record.completed else {
      self = Self.unfinished(record, limits, asOf)
      return
    }
    if let failure = record.failure {
      self.init("Failed", limits.map { "\(failure). Also, \($0)" } ?? "\(failure).", .bad)
    } else if record.limitBreached {
      self.init("Failed: limits breached", limits ?? "A limit was breached.", .bad)
    } else if record.cancelledByUser {
      self.init(
        "Stopped by the user", "The test was ended before its goal; what it measured counts.",
        .warning)
    } else if record.limits.isEmpty {
      self.init(
        "Completed", "No limits were set, so there was nothing to pass or fail by.", .info)
    } else {
      let count = record.limits.count
      self.init("Passed", count == 1 ? "Its limit held." : "All \(count) limits held.", .good)
    }
  }

  private init(_ word: String, _ detail: String, _ tone: ReportTone) {
    self.word = word
    self.detail = detail
    self.tone = tone
  }

  private static let breachesNamed = 2

  /// `1 of 3 limits breached: p95 of firstReceivedMs is 812 ms, must be < 500 ms.` Nil when none
  /// is.
  private static func breaches(_ record: ExecutionRecord) -> String? {
    let breached = record.limits.filter(\.breached)
    guard !breached.isEmpty else { return nil }
    let named = breached.prefix(breachesNamed).map { state in
      let limit = state.limit
      let measured =
        state.measured.map { "is \(LimitEvaluator.amount($0, limit))" } ?? "was not measured"
      return "\(LimitEvaluator.subject(limit)) \(measured), must be \(LimitEvaluator.bound(limit))"
    }
    let all = ReportText.counted(record.limits.count, "limit")
    let rest = breached.count - named.count
    return "\(breached.count) of \(all) breached: \(named.joined(separator: "; "))"
      + (rest > 0 ? "; and \(rest) more." : ".")
  }

  private static func unfinished(
    _ record: ExecutionRecord, _ breached: String?, _ asOf: String
  ) -> ReportVerdict {
    if let breached {
      return ReportVerdict("Running: limits breached", "As of \(asOf): \(breached)", .bad)
    }
    if let failure = record.failure {
      return ReportVerdict("Failing", "\(failure), as of \(asOf).", .bad)
    }
    if record.finishedAtMs != nil {
      return ReportVerdict(
        "Finishing", "All clients have ended; results are worked up, as of \(asOf).", .info)
    }
    guard record.running else {
      return ReportVerdict("Not started", "Nothing has run yet, as of \(asOf).", .neutral)
    }
    return ReportVerdict(
      "Running", "As of \(asOf): all numbers may still change.", .info)
  }
}

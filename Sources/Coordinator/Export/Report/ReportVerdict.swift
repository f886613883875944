/// How an execution came out, in a word and a sentence. Pure.
struct ReportVerdict: Sendable, Equatable {
  var word: String
  var detail: String
  var tone: ReportTone

  /// - Parameter asOf: the time until which results are known, for executions that go on.
  init(_ record: ExecutionRecord, asOf: String) {
    let breached = record.limits.count(where: \.breached)
    let limits = "\(breached) of \(ReportText.counted(record.limits.count, "limit")) breached"
    guard record.completed else {
      self = Self.unfinished(record, breached > 0 ? limits : nil, asOf)
      return
    }
    if let failure = record.failure {
      let both = record.limitBreached ? "\(failure). Also, \(limits)." : failure
      self.init("Failed", both, .bad)
    } else if record.limitBreached {
      self.init(
        "Failed: limits breached", "\(limits.first?.uppercased() ?? "")\(limits.dropFirst()).", .bad
      )
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

  private static func unfinished(
    _ record: ExecutionRecord, _ breached: String?, _ asOf: String
  ) -> ReportVerdict {
    if let breached {
      return ReportVerdict("Running: limits breached", "\(breached), as of \(asOf).", .bad)
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

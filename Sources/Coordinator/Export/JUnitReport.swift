import Shared

/// An execution as test cases, for programs that collect those of builds.
struct JUnitReport: Sendable {
  enum Outcome: Sendable, Equatable {
    case passed
    /// What was to hold did not.
    case failed(message: String, details: String)
    /// It could not be found out.
    case error(message: String)
    /// Nothing can be said yet.
    case skipped(message: String)
  }

  struct Case: Sendable, Equatable {
    var name: String
    var seconds = 0.0
    var outcome = Outcome.passed
    /// What else is known of it.
    var output: String?
  }

  struct Suite: Sendable, Equatable {
    var name: String
    var cases: [Case]
    var startedAtMs: Int64?
    var properties: [(name: String, value: String)] = []

    func count(_ matches: (Outcome) -> Bool) -> Int { cases.count { matches($0.outcome) } }
    var failures: Int { count { if case .failed = $0 { true } else { false } } }
    var errors: Int { count { if case .error = $0 { true } else { false } } }
    var skipped: Int { count { if case .skipped = $0 { true } else { false } } }
    var seconds: Double { cases.reduce(0) { $0 + $1.seconds } }

    static func == (left: Suite, right: Suite) -> Bool {
      left.name == right.name && left.cases == right.cases
        && left.startedAtMs == right.startedAtMs
        && left.properties.elementsEqual(right.properties, by: ==)
    }
  }

  let execution: ExecutionRecord
  private(set) var suites: [Suite] = []

  /// Different errors of one test that are told; beyond these they are only counted.
  private static let errorsToldMax = 20

  /// - Parameter properties: of the execution.
  init(_ execution: ExecutionRecord, properties: [(name: String, value: String)], nowMs: Int64) {
    self.execution = execution
    let end = execution.finishedAtMs ?? nowMs
    let seconds = execution.startedAtMs.map { Double(max(0, end - $0)) / 1_000 } ?? 0
    suites.append(
      Suite(
        name: "execution",
        cases: [Case(name: "completed", seconds: seconds, outcome: Self.outcome(execution))],
        startedAtMs: execution.startedAtMs, properties: properties))
    guard !execution.limits.isEmpty else { return }
    suites.append(
      Suite(
        name: "limits",
        cases: execution.limits.map { Self.limit($0, isJudged: execution.completed) },
        startedAtMs: execution.startedAtMs))
  }

  private static func outcome(_ execution: ExecutionRecord) -> Outcome {
    if let failure = execution.failure { return .error(message: failure) }
    if execution.cancelledByUser { return .error(message: "stopped by a user") }
    return execution.completed ? .passed : .skipped(message: "not completed yet")
  }

  /// `p95(firstReceivedMs) < 500 [GET http://host/]`.
  private static func limit(_ state: LimitState, isJudged: Bool) -> Case {
    let limit = state.limit
    let value = LimitNumber.text(limit.value)
    var name = "\(limit.statistic.rawValue)(\(limit.metric)) \(limit.op.rawValue) \(value)"
    if let resource = limit.resource { name += " [\(resource)]" }
    if let region = limit.region { name += " in \(region)" }
    let text = LimitEvaluator.text(of: state)
    if state.breached {
      return Case(name: name, outcome: .failed(message: text, details: text))
    }
    guard isJudged else { return Case(name: name, outcome: .skipped(message: "not judged yet")) }
    return Case(name: name, output: text)
  }

  /// Tests and checks, in the order of their suites.
  ///
  /// - Parameters:
  ///   - errors: by what they are errors of.
  ///   - region: name of a region.
  mutating func add(
    _ summaries: [SuiteSummary], errors: [SuiteTestKey: [SuiteError]],
    region: (ExecutionRegionID) -> String
  ) {
    var (start, rest) = (summaries.startIndex, summaries[...])
    while let first = rest.first {
      let tests = rest.prefix { $0.suite == first.suite }
      start = tests.endIndex
      rest = summaries[start...]
      suites.append(
        Suite(
          name: first.suite,
          cases: tests.map {
            Self.test($0, errors: errors[$0.key] ?? [], region: region)
          }, startedAtMs: tests.map { $0.firstAtMicros / 1_000 }.min()))
    }
  }

  private static func test(
    _ summary: SuiteSummary, errors: [SuiteError], region: (ExecutionRegionID) -> String
  ) -> Case {
    var output = """
      executed: \(summary.executed)
      passed: \(summary.passed)
      failed: \(summary.failed)
      """
    if !summary.isCheck {
      output += "\nscreenshots: \(summary.screenshots)\noutput files: \(summary.files)"
    }
    // Of one time that it ran.
    var test = Case(
      name: summary.test, seconds: (summary.durations?.mean ?? 0) / 1_000_000, output: output)
    guard summary.failed > 0 else { return test }
    var message = "failed \(summary.failed) of \(summary.executed) times"
    if let first = errors.first, !first.message.isEmpty, !summary.isCheck {
      message += ": \(first.message)"
    }
    if errors.count > 1 {
      let others = errors.count - 1
      message += " (and \(others) other message\(others == 1 ? "" : "s"))"
    }
    var details = errors.prefix(errorsToldMax).map { Self.details($0, region) }
    if errors.count > errorsToldMax {
      details.append("… and \(errors.count - errorsToldMax) more")
    }
    test.outcome = .failed(message: message, details: details.joined(separator: "\n\n"))
    return test
  }

  private static func details(
    _ error: SuiteError, _ region: (ExecutionRegionID) -> String
  ) -> String {
    let moment = error.example.moment
    let lines = [
      "\(error.count) × \(error.message)",
      "first at \(ISOTime.text(micros: error.firstAtMicros)) by client \(moment.client) in"
        + " iteration \(moment.iteration) in \(region(error.example.region))",
    ]
    return (lines + (error.example.stack.map { [$0] } ?? [])).joined(separator: "\n")
  }
}

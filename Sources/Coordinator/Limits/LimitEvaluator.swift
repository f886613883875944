import Shared

/// Judges the limits of one execution: while it runs, as often as it is asked, and once at its
/// end. A value without clocks or sockets: the time comes as an argument.
struct LimitEvaluator: Sendable {
  /// A limit that no longer holds.
  struct Breach: Equatable, Sendable {
    /// For the log.
    var message: String
    /// Whether the test is to end.
    var stops: Bool
    /// Whether what runs is cut then, as by the thresholds of k6.
    var interrupts = false
  }

  /// How a limit has turned out.
  struct Verdict: Equatable, Sendable {
    var message: String
    /// Whether it is a breach that nobody was told of before.
    var isNews: Bool
  }

  private(set) var states: [LimitState]

  init(_ states: [LimitState]) { self.states = states }

  var isEmpty: Bool { states.isEmpty }
  var isBreached: Bool { states.contains(where: \.breached) }

  /// All that must be read to judge the limits.
  var limits: [TestLimit] { states.map(\.limit) }

  /// Whether judging while the test runs can lead to anything.
  var isJudgedWhileRunning: Bool { states.contains { !$0.breached && !$0.limit.atEnd } }

  /// What the readings say now, without judging it.
  func measured(_ readings: LimitReadings, elapsedSecs: Double) -> [Double?] {
    states.map { Self.measure($0.limit, readings, elapsedSecs) }
  }

  /// Judges while the test runs, `elapsedSecs` from its start. A limit is breached once; what is
  /// not measured yet is not judged.
  mutating func judge(_ readings: LimitReadings, elapsedSecs: Double) -> [Breach] {
    var breaches: [Breach] = []
    for index in states.indices where !states[index].breached {
      let limit = states[index].limit
      guard let reading = readings.reading(limit),
        let measured = reading.value(limit.statistic, seconds: elapsedSecs)
      else { continue }
      states[index].measured = measured
      guard Self.isJudgedLive(limit, reading),
        elapsedSecs >= Self.judgedAfterSecs(limit, reading),
        !limit.op.holds(measured, limit.value)
      else { continue }
      states[index].breached = true
      breaches.append(
        Breach(
          message: Self.breachText(limit, measured), stops: limit.stop,
          interrupts: limit.stop && limit.threshold != nil))
    }
    return breaches
  }

  /// Judges once all results are there. What was breached before stays as it was measured then.
  /// Where nothing was measured, zero is judged, as k6 does.
  mutating func conclude(_ readings: LimitReadings, elapsedSecs: Double) -> [Verdict] {
    var verdicts: [Verdict] = []
    for index in states.indices {
      let limit = states[index].limit
      if states[index].breached {
        let text = Self.failure(limit, states[index].measured ?? 0)
        verdicts.append(Verdict(message: "Limit was breached: \(text)", isNews: false))
        continue
      }
      let measured = Self.measure(limit, readings, elapsedSecs)
      states[index].measured = measured
      states[index].breached = !limit.op.holds(measured ?? 0, limit.value)
      verdicts.append(
        Verdict(
          message: Self.verdictText(limit, measured, breached: states[index].breached),
          isNews: states[index].breached))
    }
    return verdicts
  }

  private static func measure(
    _ limit: TestLimit, _ readings: LimitReadings, _ seconds: Double
  ) -> Double? {
    readings.reading(limit)?.value(limit.statistic, seconds: seconds)
  }

  // MARK: when

  /// How long to wait before the next reading, after one that took `nanos`: the ingester waits
  /// while aggregates of its execution are read, so that may take up a small share of the time.
  static func pauseNanos(afterReadingFor nanos: Int64) -> Int64 {
    let (pause, overflow) = nanos.multipliedReportingOverflow(by: Limits.limitCheckPauseFactor)
    return max(Limits.limitCheckMs * 1_000_000, overflow ? .max / 2 : pause)
  }

  /// Whether a value that fails now says anything about the end. What only grows may still reach
  /// a lower bound, and what only falls an upper one: those are judged at the end.
  private static func isJudgedLive(_ limit: TestLimit, _ reading: MetricReading) -> Bool {
    guard !limit.atEnd else { return false }
    switch (reading, limit.statistic) {
    case (.level, _), (.distribution, .value): return true
    default: break
    }
    switch limit.statistic {
    case .count, .value, .max: return limit.op == .less || limit.op == .lessOrEqual
    case .min: return limit.op == .greater || limit.op == .greaterOrEqual
    case .mean, .standardDeviation, .rate, .percentile: return true
    }
  }

  /// Results are up to a second late: over a short time, a rate per second is much too low.
  private static func judgedAfterSecs(_ limit: TestLimit, _ reading: MetricReading) -> Double {
    guard limit.statistic == .rate, case .counter = reading else { return limit.afterSecs }
    return max(limit.afterSecs, Limits.limitRateSecsMin)
  }
}

extension LimitEvaluator {
  // MARK: messages

  /// How a limit stands once it was judged.
  static func text(of state: LimitState) -> String {
    verdictText(state.limit, state.measured, breached: state.breached)
  }

  private static func breachText(_ limit: TestLimit, _ measured: Double) -> String {
    "Limit breached: \(failure(limit, measured))"
  }

  private static func failure(_ limit: TestLimit, _ measured: Double) -> String {
    "\(name(limit, measured)), must be \(bound(limit))\(origin(limit))"
  }

  private static func verdictText(
    _ limit: TestLimit, _ measured: Double?, breached: Bool
  ) -> String {
    guard let measured else {
      let outcome = breached ? "breached" : "held"
      return "Limit \(outcome): \(subject(limit)) was not measured, must be \(bound(limit))"
        + origin(limit)
    }
    guard !breached else { return breachText(limit, measured) }
    return "Limit held: \(name(limit, measured)) (\(bound(limit)))\(origin(limit))"
  }

  /// `p95 of firstReceivedMs is 812 ms`.
  private static func name(_ limit: TestLimit, _ measured: Double) -> String {
    "\(subject(limit)) is \(amount(measured, limit))"
  }

  /// `p95 of firstReceivedMs of GET http://host/ in eu-west`.
  static func subject(_ limit: TestLimit) -> String {
    var text = "\(limit.statistic.rawValue) of \(limit.metric)"
    if let resource = limit.resource { text += " of \(resource)" }
    if let region = limit.region { text += " in \(region)" }
    return text
  }

  static func bound(_ limit: TestLimit) -> String {
    "\(limit.op.rawValue) \(amount(limit.value, limit))"
  }

  private static func origin(_ limit: TestLimit) -> String {
    limit.threshold.map { " (threshold \($0.expression) of \($0.metric))" } ?? ""
  }

  static func amount(_ value: Double, _ limit: TestLimit) -> String {
    let number = LimitNumber.text(value, places: value.magnitude < 1 ? 6 : 3)
    return units(limit).map { "\(number) \($0)" } ?? number
  }

  private static func units(_ limit: TestLimit) -> String? {
    guard limit.namespace == MetricDefinition.systemNamespace,
      let metric = LimitMetric.named(limit.metric)
    else { return nil }
    switch (metric.kind, limit.statistic) {
    case (.counter, .rate): return metric.units.map { "\($0)/s" } ?? "/s"
    case (.share, .rate), (.sharedCounter, .rate): return nil
    case (.distribution, .count), (.keys, _), (.share, _), (.level, _): return nil
    // A count needs no unit: what it counts is in the metric's name.
    default: return metric.units == "requests" || metric.units == "packets" ? nil : metric.units
    }
  }
}

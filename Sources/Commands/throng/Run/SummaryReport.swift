import Shared

/// The end of a run as text, in the manner k6 users know. Pure.
struct SummaryReport {
  struct Check: Equatable {
    var name: String
    var passes: Int64
    var fails: Int64
  }

  /// A distribution: of times, microseconds, unless the unit says otherwise.
  struct Timing: Equatable {
    enum Unit { case time, plain, bytes }
    var name: String
    var avg: Double
    var min: Double
    var med: Double
    var max: Double
    var p90: Double
    var p95: Double
    var unit = Unit.time
  }

  /// A total with its rate.
  struct Counter: Equatable {
    enum Unit { case plain, bytes }
    var name: String
    var value: Double
    var unit: Unit
  }

  /// A share of yes and no.
  struct Rate: Equatable {
    var name: String
    var yes: Int64
    var no: Int64
  }

  struct Gauge: Equatable {
    var name: String
    var value: Double
    var min: Double
    var max: Double
  }

  var checks: [Check] = []
  var timings: [Timing] = []
  var counters: [Counter] = []
  var rates: [Rate] = []
  var gauges: [Gauge] = []
  var limits: [Limit] = []
  /// Why requests failed, and how often.
  var errors: [(reason: String, count: Int64)] = []
  /// Seconds that rates are over.
  var seconds: Double = 0

  static let nameWidth = 24

  func text() -> String {
    var lines: [String] = [""]
    lines += checkLines()
    if !checks.isEmpty { lines.append("") }
    var metrics: [(name: String, text: String)] = []
    metrics += counters.map { ($0.name, counterText($0)) }
    metrics += zip(timings, timingTexts()).map { ($0.name, $1) }
    metrics += rates.map { ($0.name, Self.rateText($0)) }
    metrics += gauges.map { ($0.name, Self.gaugeText($0)) }
    lines += self.lines(of: metrics)
    if !errors.isEmpty {
      lines.append("")
      lines.append("     failed requests by reason")
      for error in errors.sorted(by: { $0.count > $1.count }) {
        lines.append("       ✗ \(pad(error.reason, 20)) \(error.count)")
      }
    }
    lines.append("")
    return lines.joined(separator: "\n") + "\n"
  }

  private func checkLines() -> [String] {
    var lines: [String] = []
    for check in checks {
      // A check within groups begins with their separator.
      let name = check.name.hasPrefix("::") ? String(check.name.dropFirst(2)) : check.name
      guard check.fails > 0 else {
        lines.append("     ✓ \(name)")
        continue
      }
      let percent = 100 * check.passes / (check.passes + check.fails)
      lines.append("     ✗ \(name)")
      lines.append("      ↳  \(percent)% — ✓ \(check.passes) / ✗ \(check.fails)")
    }
    return lines
  }

  private func counterText(_ counter: Counter) -> String {
    let rate = seconds > 0 ? counter.value / seconds : 0
    switch counter.unit {
    case .plain:
      return "\(pad(Self.decimal(counter.value, 2), 8)) \(Self.decimal(rate, 2))/s"
    case .bytes: return "\(pad(Self.bytes(counter.value), 8)) \(Self.bytes(rate))/s"
    }
  }

  private static func gaugeText(_ gauge: Gauge) -> String {
    let (value, min, max) = (
      decimal(gauge.value, 2), decimal(gauge.min, 2), decimal(gauge.max, 2)
    )
    return "\(pad(value, 8)) min=\(min) max=\(max)"
  }

  /// One text per timing, its six values in columns as wide as they need to be.
  private func timingTexts() -> [String] {
    let rows = timings.map { timing in
      [
        ("avg", timing.avg), ("min", timing.min), ("med", timing.med), ("max", timing.max),
        ("p(90)", timing.p90), ("p(95)", timing.p95),
      ].map { "\($0.0)=\(Self.amount($0.1, timing.unit))" }
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        pad(text, rows.map { $0[column].count }.max() ?? 0)
      }.joined(separator: " ").trimmingTrailingSpaces()
    }
  }

  private static func rateText(_ rate: Rate) -> String {
    let total = rate.yes + rate.no
    let percent = total > 0 ? 100 * Double(rate.yes) / Double(total) : 0
    return "\(pad(decimal(percent, 2) + "%", 8)) ✓ \(pad("\(rate.yes)", 8)) ✗ \(rate.no)"
  }

  // MARK: units

  private static func amount(_ value: Double, _ unit: Timing.Unit) -> String {
    switch unit {
    case .time: duration(micros: value)
    case .plain: decimal(value, 2)
    case .bytes: bytes(value)
    }
  }

  /// `1.25s`, `12.3ms`, `480µs`.
  static func duration(micros: Double) -> String {
    // A script may record what no clock has ever shown.
    if micros >= 60_000_000, micros < 1e18 { return DurationText.text(seconds: micros / 1e6) }
    if micros >= 1_000_000 { return decimal(micros / 1e6, 2) + "s" }
    if micros >= 1_000 { return decimal(micros / 1e3, 2) + "ms" }
    return decimal(micros, micros < 10 && micros != micros.rounded() ? 2 : 0) + "µs"
  }

  /// `1.2 MB`, in powers of 1,000 as k6 counts.
  static func bytes(_ count: Double) -> String {
    for (factor, unit) in [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    where count >= factor { return decimal(count / factor, 1) + " " + unit }
    return decimal(count, 0) + " B"
  }

  /// A number with at most `places` decimals, trailing zeros cut.
  static func decimal(_ value: Double, _ places: Int) -> String {
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    // Scripts record what they like: numbers that no integer holds are left as they are.
    guard let scaled = Int64(exactly: (value * factor).rounded()) else { return "\(value)" }
    let whole = "\(scaled < 0 ? "-" : "")\(scaled.magnitude / UInt64(factor))"
    var fraction = String(scaled.magnitude % UInt64(factor))
    guard places > 0 else { return whole }
    fraction = String(repeating: "0", count: places - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }
}

/// Fills a text up to a width.
func pad(_ text: String, _ width: Int) -> String {
  text.count < width ? text + String(repeating: " ", count: width - text.count) : text
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

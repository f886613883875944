import Shared

/// A watched execution as a block of lines, to be painted again and again. Pure.
struct WatchBlock {
  var model: WatchModel
  /// Requests per second over the last seconds.
  var rate: Double
  var nowMs: Int64
  var style: TextStyle

  /// More would not leave room for the rest.
  private static let limitsMax = 8

  /// - Parameters:
  ///   - width: columns of the terminal; no line is longer.
  ///   - height: of lines that scroll away none could be painted over.
  func lines(width: Int, height: Int = .max) -> [String] {
    let view = model.view
    var lines: [(text: String, tone: TextStyle.Tone?)] = []
    lines.append(("execution \(view.id)  \(model.phase)  \(clock)", .strong))
    lines.append((load, nil))
    lines.append((requests, nil))
    lines.append((latencies, nil))
    let isOver = view.isCompleted
    for limit in model.limits.prefix(Self.limitsMax) {
      let plain = TextStyle(isOn: false)
      lines.append(("  " + limit.line(plain, isOver: isOver), limit.tone(isOver: isOver)))
    }
    // The newest are the last.
    for log in model.logs.suffix(max(0, height - lines.count)) {
      lines.append(("  " + log.line, log.tone ?? .dim))
    }
    return lines.prefix(height).map { line in
      let text = TextWidth.cut(TextWidth.harmless(line.text), to: width)
      return style.apply(line.tone, to: text)
    }
  }

  private var clock: String {
    let elapsed = Figures.seconds(model.elapsedSecs(nowMs: nowMs)?.rounded())
    let goal = model.state == .null ? "" : " of \(model.view.goal)"
    return elapsed + goal
  }

  private var load: String {
    let done = model.chunks.values.filter { $0.at("completed")?.isTrue == true }.count
    var text = "  clients    \(model.clients) of \(model.view.clients)"
    text += "   iterations \(model.iterations)"
    if model.dropped > 0 { text += " (\(model.dropped) dropped)" }
    if !model.chunks.isEmpty { text += "   chunks done \(done) of \(model.chunks.count)" }
    return text
  }

  private var requests: String {
    "  requests   \(model.requests)   \(Figures.rate(shownRate)) req/s   errors \(model.failures)"
      + " (\(Figures.percent(model.failures, of: model.requests)))"
  }

  /// At the end, that of all of it.
  private var shownRate: Double {
    guard model.view.isCompleted, let elapsed = model.elapsedSecs(nowMs: nowMs), elapsed > 0 else {
      return rate
    }
    return Double(model.requests) / elapsed
  }

  private var latencies: String {
    let figures = model.latest ?? SummaryFigures()
    let parts = ["p50", "p95", "p99", "max"].map { "\($0) \(Figures.ms(figures.duration($0)))" }
    return "  durations  " + parts.joined(separator: "  ") + "  (latest)"
  }
}

import Shared

/// Shows a watched execution: as a block that is painted again on a terminal, and as a line for
/// each interval elsewhere.
final class WatchScreen {
  private let screen: Screen
  private var model = WatchModel()
  private var meter = RateMeter()
  /// Lines of the block that stands on the terminal.
  private var painted = 0
  private var paintedAtNanos: Int64 = 0
  /// Intervals that have got their line.
  private var shown: Set<Int64> = []
  private var phaseShown = ""

  /// Nanoseconds between paintings.
  private static let paintNanos: Int64 = 200_000_000

  init(_ screen: Screen) { self.screen = screen }

  func take(_ event: ExecutionEvent) throws {
    model.take(event)
    if screen.canPaint { return try paint() }
    switch event.kind {
    case .log: try showWarning(LogView(json: event.data))
    case .state, .chunk: try showPhase()
    case .interval: try showIntervals(all: false)
    case .limit, .end: break
    }
  }

  /// Time has passed.
  func tick() throws {
    if screen.canPaint { try paint() }
  }

  /// Says something beside what is shown: above the block, on a terminal.
  func notice(_ text: String) {
    if painted > 0 { try? screen.write("\u{1b}[\(painted)A\r\u{1b}[J") }
    painted = 0
    ThrongCommand.complain(text)
    if screen.canPaint { try? paint(force: true) }
  }

  /// Leaves the last state standing.
  func finish() throws {
    if screen.canPaint {
      try paint(force: true)
    } else {
      try showIntervals(all: true)
    }
  }

  // MARK: terminal

  private func paint(force: Bool = false) throws {
    let now = Clock.monotonicNanos()
    guard force || now - paintedAtNanos >= Self.paintNanos else { return }
    paintedAtNanos = now
    let block = WatchBlock(
      model: model, rate: meter.rate(model.requests, now: now),
      nowMs: Clock.wallMicros() / 1_000, style: screen.style)
    // The cursor stands in a line below.
    let lines = block.lines(
      width: max(20, (screen.columns ?? 80) - 1), height: max(1, screen.rows - 1))
    // Back to the block's first line, and over what stands there.
    let back = painted > 0 ? "\u{1b}[\(painted)A\r" : ""
    try screen.write(back + "\u{1b}[J" + lines.map { $0 + "\n" }.joined())
    painted = lines.count
  }

  // MARK: lines

  private func showPhase() throws {
    guard model.phase != phaseShown else { return }
    phaseShown = model.phase
    try screen.line("execution \(model.view.id) \(phaseShown)")
  }

  private func showWarning(_ log: LogView) throws {
    // What scripts log is for whoever runs them.
    guard !log.isSystem || ["Warning", "Error", "Fatal"].contains(log.level) else { return }
    try screen.line(log.line)
  }

  /// An interval is told when a later one has begun, or when nothing more will come.
  private func showIntervals(all: Bool) throws {
    let starts = model.intervals.keys.sorted()
    for start in all ? starts : starts.dropLast() where shown.insert(start).inserted {
      guard let figures = model.intervals[start] else { continue }
      try screen.line(Self.line(start, figures, seconds: model.seconds(of: start)))
    }
  }

  private static func line(
    _ start: Int64, _ figures: SummaryFigures, seconds: Double
  ) -> String {
    let durations = ["p50", "p95", "p99"].map { "\($0) \(Figures.ms(figures.duration($0)))" }
    // Agents tell of their clients about once a second: of less than that nobody has counted.
    let clients = figures.clients == 0 && figures.count > 0 ? Figures.none : "\(figures.clients)"
    return [
      ISOTime.text(millis: start), "clients \(clients)",
      "\(Figures.rate(Double(figures.count) / seconds)) req/s", "requests \(figures.count)",
      "errors \(figures.failures)",
    ].joined(separator: "  ") + "  " + durations.joined(separator: "  ")
  }
}

import Shared

/// What is known of an execution that is being watched. Pure.
struct WatchModel {
  private(set) var state: JSONValue = .null
  /// By their start, milliseconds since the Unix epoch.
  private(set) var intervals: [Int64: SummaryFigures] = [:]
  private(set) var chunks: [Int64: JSONValue] = [:]
  private var limitsByName: [(name: String, limit: LimitView)] = []
  /// The last entries of the log.
  private(set) var logs: [LogView] = []
  private(set) var isOver = false

  static let logsMax = 5

  mutating func take(_ event: ExecutionEvent) {
    switch event.kind {
    case .state:
      state = event.data
      for limit in event.data.at("limits")?.arrayValue ?? [] { take(limit: limit) }
    case .interval:
      guard let start = event.data.at("intervalStart")?.int64 else { return }
      intervals[start] = SummaryFigures(event.data)
    case .log: logs = (logs + [LogView(json: event.data)]).suffix(Self.logsMax)
    case .limit: take(limit: event.data)
    case .chunk:
      if let id = event.data.at("id")?.int64 { chunks[id] = event.data }
    case .end: isOver = true
    }
  }

  private mutating func take(limit json: JSONValue) {
    let limit = LimitView(json)
    if let index = limitsByName.firstIndex(where: { $0.name == limit.text }) {
      // A state tells of limits without measuring them.
      let measured = limit.measured ?? limitsByName[index].limit.measured
      limitsByName[index].limit = limit
      limitsByName[index].limit.measured = measured
    } else {
      limitsByName.append((limit.text, limit))
    }
  }

  var limits: [LimitView] { limitsByName.map(\.limit) }

  var view: ExecutionView { ExecutionView(state) }

  /// `running` only once chunks say so: to be allocated is not to run.
  var phase: String {
    let phase = state == .null ? "waiting" : view.state
    guard phase == "running", !chunks.isEmpty else { return phase }
    let began = chunks.values.contains {
      $0.at("running")?.isTrue == true || $0.at("finishedAt") != nil
    }
    if began { return phase }
    return state.at("manualStart")?.isTrue == true ? "ready" : "preparing"
  }

  var requests: Int64 { total(\.count) }
  var failures: Int64 { total(\.failures) }
  var iterations: Int64 { total(\.iterations) }
  var dropped: Int64 { total(\.droppedIterations) }

  /// Wraps around on what no coordinator sends.
  private func total(_ figure: KeyPath<SummaryFigures, Int64>) -> Int64 {
    intervals.values.reduce(0) { $0 &+ $1[keyPath: figure] }
  }

  /// Clients at work: agents tell about once a second, so an interval that has just begun may
  /// know nothing.
  var clients: Int64 {
    guard !view.isCompleted else { return 0 }
    return intervals.keys.sorted().suffix(2).compactMap { intervals[$0]?.clients }
      .last { $0 > 0 } ?? 0
  }

  /// The latest interval in which requests ended.
  var latest: SummaryFigures? {
    intervals.keys.sorted().last { (intervals[$0]?.count ?? 0) > 0 }.flatMap { intervals[$0] }
  }

  /// When the load began: allocating to agents comes before that.
  private var beganMs: Int64? {
    chunks.values.compactMap { Figures.millis($0.at("startedAt")) }.min()
      ?? Figures.millis(state.at("startedAt"))
  }

  /// Seconds of an interval in which the execution ran: the first and the last are cut.
  func seconds(of start: Int64) -> Double {
    let begin = max(start, beganMs ?? start)
    let end = start &+ Limits.intervalMs
    let length = min(end, Figures.millis(state.at("finishedAt")) ?? end) &- begin
    return Double(length > 0 ? length : Limits.intervalMs) / 1_000
  }

  /// Seconds since the load began.
  ///
  /// - Parameter nowMs: milliseconds since the Unix epoch.
  func elapsedSecs(nowMs: Int64) -> Double? {
    guard let start = beganMs else { return nil }
    let end = Figures.millis(state.at("finishedAt")) ?? nowMs
    return Double(max(0, end - start)) / 1_000
  }
}

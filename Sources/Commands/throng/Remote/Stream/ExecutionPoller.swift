import Shared

/// Makes events out of answers to single questions.
struct ExecutionPoller {
  private let server: RemoteServer
  private let path: RemotePath
  private var logsSeen = 0
  /// The intervals that came last, by their start: only what has changed is told.
  private var intervals: [Int64: JSONValue] = [:]
  private var isFirst = true

  /// Intervals that late results may still change.
  private static let intervalsAgain = 6

  init(_ execution: String, on server: RemoteServer) {
    self.server = server
    path = RemotePath("executions", execution)
  }

  /// Asks once. True when the execution is over and everything has been told.
  mutating func poll(_ handler: (ExecutionEvent) throws -> Void) throws -> Bool {
    // Asked before the rest: what is over then has told everything.
    let state = try server.json(
      path.with([("up", "false"), ("includeScript", "false"), ("includeSummary", "false")]))
    let recent = isFirst ? nil : String(Self.intervalsAgain)
    let changed = try server.json(path.appending("intervals").with([("numIntervals", recent)]))
    let logs = try server.json(path.appending("logs").with([("offset", String(logsSeen))]))
    try handler(ExecutionEvent(.state, state))
    for interval in changed.arrayValue ?? [] {
      let start = interval.at("intervalStart")?.int64 ?? 0
      guard intervals[start] != interval else { continue }
      intervals[start] = interval
      try handler(ExecutionEvent(.interval, interval))
    }
    for start in intervals.keys.sorted().dropLast(Self.intervalsAgain) { intervals[start] = nil }
    for entry in logs.at("logs")?.arrayValue ?? [] {
      logsSeen += 1
      try handler(ExecutionEvent(.log, entry))
    }
    isFirst = false
    guard state.at("completed")?.isTrue == true else { return false }
    try handler(ExecutionEvent(.end, .object([:])))
    return true
  }
}

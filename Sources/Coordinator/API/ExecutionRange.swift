import Shared

/// Which executions a list holds: those created in a range, and a page of them.
struct ExecutionRange {
  /// Milliseconds since the Unix epoch, both inclusive.
  private(set) var fromMs: Int64 = .min
  private(set) var toMs: Int64 = .max
  private(set) var page: Page

  private static let limitStandard = 15
  private static let dayMs: Int64 = 86_400_000

  /// Reads `period`, `start`, `end`, `offset` and `limit`.
  init(_ query: inout QueryReader, nowMs: Int64) {
    let start = query.int64("start", min: .min)
    let end = query.int64("end", min: .min)
    let period = query.string("period")
    var limit: Int? = Self.limitStandard
    switch period {
    case nil, "recent": break
    case "7d", "1m", "3m":
      // An explicit range goes before the period.
      guard start == nil, end == nil else { break }
      fromMs = nowMs - Self.days(period) * Self.dayMs
      limit = nil
    default: query.fail("period", "must be recent, 7d, 1m or 3m")
    }
    if let start {
      fromMs = start
      toMs = end ?? nowMs
    } else if let end {
      toMs = end
    }
    if let start, let end, start > end { query.fail("end", "must not be before start") }
    page = query.page(defaultLimit: limit)
  }

  /// Months count as long as the longest ones, so that none is cut short.
  private static func days(_ period: String?) -> Int64 {
    switch period {
    case "7d": 7
    case "1m": 31
    default: 92
    }
  }
}

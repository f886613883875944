/// Which intervals of those with results are wanted: the parameters `since` and `numIntervals`.
struct IntervalWindow {
  /// Milliseconds since the Unix epoch; intervals that start then or later.
  private let since: Int64?
  /// Of those, only so many, the latest.
  private let latest: Int64?

  init(_ query: inout QueryReader) {
    latest = query.int64("numIntervals")
    since = query.int64("since", min: .min)
  }

  /// Whether anything was asked for.
  var isGiven: Bool { since != nil || latest != nil }

  /// - Parameter starts: ascending.
  func of(_ starts: [Int64]) -> ArraySlice<Int64> {
    let wanted = since.map { since in starts.drop { $0 < since } } ?? starts[...]
    return latest.map { wanted.suffix(Int(clamping: $0)) } ?? wanted
  }
}

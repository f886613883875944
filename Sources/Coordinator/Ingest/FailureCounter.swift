/// How often in a row a commit failed, and how long to wait before the next attempt.
struct FailureCounter {
  private(set) var inARow = 0
  /// Attempts that a stopping ingester makes.
  static let attemptsWhileStoppingMax = 8

  /// Counts a failure.
  ///
  /// - Returns: nanoseconds to wait: 100 ms, doubled each time, at most 2 s.
  mutating func failed() -> Int64 {
    inARow += 1
    return Int64(min(2_000, 50 << min(inARow, 10))) * 1_000_000
  }

  mutating func succeeded() { inARow = 0 }
}

/// How long to wait before connecting again: longer each time, as long as nothing comes. Pure.
struct ReconnectPause {
  /// Milliseconds.
  private static let firstMs = 1_000
  private static let longestMs = 15_000

  private var failures = 0

  /// - Parameter wishMs: what the server asks for at least, if anything.
  mutating func next(wishMs: Int?) -> Int {
    let first = min(Self.longestMs, max(100, wishMs ?? Self.firstMs))
    let pause = min(Self.longestMs, first << min(failures, 8))
    failures += 1
    return pause
  }

  /// Something has come.
  mutating func reset() { failures = 0 }
}

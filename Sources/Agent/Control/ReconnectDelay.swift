/// How long to wait before connecting again: full jitter under a doubling ceiling, from 0.1 s
/// to 5 s ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Pure but for the
/// generator handed in.
struct ReconnectDelay: Sendable {
  static let nanosMin: Int64 = 100_000_000
  static let nanosMax: Int64 = 5_000_000_000
  private var ceiling = nanosMin

  mutating func next(using random: inout some RandomNumberGenerator) -> Int64 {
    let delay = Int64.random(in: 0...ceiling, using: &random)
    ceiling = min(Self.nanosMax, ceiling * 2)
    return delay
  }

  /// A connection was accepted by the coordinator.
  mutating func reset() { ceiling = Self.nanosMin }
}

/// For how long an engine thread has been in the same piece of work. Pure.
struct PulseWatch {
  private var last: ThreadPulse.Reading?
  private var sinceNanos: Int64 = 0
  /// Whether the thread was quiet for too long when it was last looked at.
  private(set) var isStuck = false

  /// What has become of the thread since the look before.
  enum Change: Equatable {
    case none
    case stuck
    case goesOn
  }

  /// Nanoseconds since when nothing has moved, 0 for one that works or waits for work.
  private(set) var quietNanos: Int64 = 0

  /// - Parameters:
  ///   - mostNanos: that one piece of work may take.
  ///   - now: monotonic nanoseconds.
  mutating func looked(_ reading: ThreadPulse.Reading, mostNanos: Int64, now: Int64) -> Change {
    if reading.isWaiting || reading != last { sinceNanos = now }
    last = reading
    quietNanos = now - sinceNanos
    let wasStuck = isStuck
    isStuck = quietNanos > mostNanos
    return isStuck == wasStuck ? .none : isStuck ? .stuck : .goesOn
  }
}

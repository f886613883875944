import Synchronization

/// The time of day as it was when the process began, and steady from there on. The system's own
/// steps whenever somebody, or NTP, sets it: a difference of two of its times is no duration, and
/// what came later may seem to have come first. Readings of this one differ by what has passed.
public final class SteadyClock: Sendable {
  /// Microseconds since the Unix epoch, and nanoseconds since the machine was booted.
  public struct Source: Sendable {
    var systemMicros: @Sendable () -> Int64
    var bootNanos: @Sendable () -> Int64

    public init(
      systemMicros: @escaping @Sendable () -> Int64, bootNanos: @escaping @Sendable () -> Int64
    ) {
      self.systemMicros = systemMicros
      self.bootNanos = bootNanos
    }
  }

  /// NTP slews both clocks alike: they part only when the system's is set, or at a leap second.
  /// Below this it is the time between the two readings.
  static let stepMicrosMin: Int64 = 10_000

  private let source: Source
  /// How far the time of day is ahead of the time since boot.
  private let aheadMicros: Atomic<Int64>

  public init(_ source: Source) {
    self.source = source
    aheadMicros = Atomic(Self.ahead(source))
  }

  private static func ahead(_ source: Source) -> Int64 {
    source.systemMicros().minus(source.bootNanos() / 1_000)
  }

  /// Microseconds since the Unix epoch.
  public func micros() -> Int64 {
    (source.bootNanos() / 1_000).plus(aheadMicros.load(ordering: .relaxed))
  }

  /// Takes over what the system's clock was set to: only where no difference of times is pending.
  ///
  /// - Returns: by how many microseconds this clock steps; 0 when the system's did not.
  public func follow() -> Int64 {
    let ahead = Self.ahead(source)
    let step = ahead.minus(aheadMicros.load(ordering: .relaxed))
    guard step.magnitude >= UInt64(Self.stepMicrosMin) else { return 0 }
    aheadMicros.store(ahead, ordering: .relaxed)
    return step
  }
}

import CLinux

/// The clocks of this machine, each for one purpose.
public enum Clock {
  private static let steady = SteadyClock(
    SteadyClock.Source(systemMicros: systemMicros, bootNanos: boottimeNanos))

  /// For durations. Nanoseconds; stands still while the machine is suspended.
  public static func monotonicNanos() -> Int64 { throng_clock_nanoseconds(CLOCK_MONOTONIC) }

  /// For deadlines agreed with others. Nanoseconds; goes on while the machine is suspended.
  public static func boottimeNanos() -> Int64 { throng_clock_nanoseconds(CLOCK_BOOTTIME) }

  /// For timestamps that are kept, compared and subtracted. Microseconds since the Unix epoch;
  /// does not jump when the system's clock is set.
  public static func wallMicros() -> Int64 { steady.micros() }

  /// Lets `wallMicros` jump to what the system's clock was set to.
  ///
  /// - Returns: by how many microseconds; 0 when the system's clock was not set.
  public static func followSystem() -> Int64 { steady.follow() }

  /// For times that are read beside those of other programs, and for nothing else: it may jump.
  /// Microseconds since the Unix epoch.
  public static func systemMicros() -> Int64 { throng_clock_nanoseconds(CLOCK_REALTIME) / 1_000 }
}

import CLinux

/// The clocks of this machine, each for one purpose.
public enum Clock {
  /// For durations. Nanoseconds; stands still while the machine is suspended.
  public static func monotonicNanos() -> Int64 { throng_clock_nanoseconds(CLOCK_MONOTONIC) }

  /// For deadlines agreed with others. Nanoseconds; goes on while the machine is suspended.
  public static func boottimeNanos() -> Int64 { throng_clock_nanoseconds(CLOCK_BOOTTIME) }

  /// For timestamps that people read. Microseconds since the Unix epoch; may jump.
  public static func wallMicros() -> Int64 { throng_clock_nanoseconds(CLOCK_REALTIME) / 1_000 }
}

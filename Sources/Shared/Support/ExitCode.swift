/// Exit codes of all programs; `--help` lists those that a program uses.
public enum ExitCode {
  public static let success: Int32 = 0
  /// Something failed that has no code of its own; standard error says what.
  public static let failure: Int32 = 1
  /// A limit of the test was breached (as k6).
  public static let limitBreached: Int32 = 99
  /// The script's `setup` took too long (as k6).
  public static let setupTimeout: Int32 = 100
  /// The script's `teardown` took too long (as k6).
  public static let teardownTimeout: Int32 = 101
  /// Flags, a script or a configuration are wrong (as k6).
  public static let badConfiguration: Int32 = 104
  /// Stopped by the user (as k6).
  public static let stoppedByUser: Int32 = 105
  /// The script threw while it was loaded, or in `setup` or `teardown` (as k6).
  public static let scriptException: Int32 = 107
  /// The script ended the test (as k6).
  public static let scriptAborted: Int32 = 108
  /// Agent and coordinator have no protocol version in common.
  public static let versionMismatch: Int32 = 106
}

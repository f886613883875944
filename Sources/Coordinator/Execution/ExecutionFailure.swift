/// How the reasons of failures begin that whoever starts a test tells apart.
public enum ExecutionFailure {
  /// The script has called `exec.test.abort()`.
  public static let scriptAborted = "The script ended the test"
  /// `setup` took longer than `setupTimeout`.
  public static let setupTimeout = "The script's setup did not end in time"
  /// `setup` has thrown.
  public static let setupThrew = "The script's setup failed"
  /// `teardown` took longer than `teardownTimeout`.
  public static let teardownTimeout = "The script's teardown did not end in time"
  /// `teardown` has thrown.
  public static let teardownThrew = "The script's teardown failed"
}

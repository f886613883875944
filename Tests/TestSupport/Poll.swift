import Glibc
import Shared

/// For what nobody announces: REST answers of a running test, for one.
public enum Poll {
  /// Asks `condition` every 20 ms until it holds.
  ///
  /// - Throws: `TestFailure` naming `what` when it does not within `seconds`.
  public static func until(
    _ what: String, seconds: Double = 30, _ condition: () throws -> Bool
  ) throws {
    let deadline = Clock.monotonicNanos() + Int64(seconds * 1e9)
    while try !condition() {
      guard Clock.monotonicNanos() < deadline else {
        throw TestFailure("\(what): not within \(seconds) s")
      }
      // Asking without a break would take the core from what is waited for.
      _ = poll(nil, 0, 20)
    }
  }
}

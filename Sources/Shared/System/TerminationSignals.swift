import Foundation
import Glibc

/// How services end: SIGTERM or SIGINT, which must have been blocked by `SignalSource.block`.
public enum TerminationSignals {
  /// Returns at the first signal, feeding the service manager's watchdog meanwhile; another
  /// signal then ends the process at once.
  ///
  /// - Parameter isHealthy: asked before each feeding; a process that is stuck is not fed, and
  ///   the service manager starts it anew.
  public static func wait(isHealthy: () -> Bool = { true }) {
    let watchdog = ServiceManager.watchdogNanos
    while true {
      var signals = set()
      var timeout = timespec()
      timeout.tv_sec = Int((watchdog ?? 3_600_000_000_000) / 1_000_000_000)
      timeout.tv_nsec = Int((watchdog ?? 0) % 1_000_000_000)
      if sigtimedwait(&signals, nil, &timeout) > 0 { break }
      if watchdog != nil, isHealthy() { ServiceManager.notify("WATCHDOG=1") }
    }
    Thread {
      var signals = set()
      var number: Int32 = 0
      sigwait(&signals, &number)
      _exit(ExitCode.failure)
    }.start()
  }

  private static func set() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    return set
  }
}

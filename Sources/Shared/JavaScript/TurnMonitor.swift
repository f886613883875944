import CJavaScriptCore
import Foundation
import Glibc
import Synchronization

/// Watches, from a thread of its own, for turns that neither looks nor garbage collections end:
/// an endless chain of promises that leaves no garbage. It interrupts the script's thread by a
/// signal until that meets compiled code of the script, where it is safe to order the end.
///
/// `@unchecked Sendable`: `engines` is locked; an engine is reached only while it is in there.
final class TurnMonitor: @unchecked Sendable {
  static let shared = TurnMonitor()

  private struct Entry {
    /// Not retained: an engine takes itself out before it goes.
    var engine: Unmanaged<JavaScriptEngine>
    var thread: pthread_t
    /// When to interrupt, beyond the engine's own allowance.
    var afterNanos: Int64
  }

  /// Microseconds between two looks at engines, and between two signals.
  private static let lookMicros: UInt32 = 100_000
  private static let signalMicros: UInt32 = 100
  private let lock = NSLock()
  private var engines: [Entry] = []
  private var isRunning = false

  /// To be called on the engine's thread.
  func add(_ engine: JavaScriptEngine) {
    let after = Int64(engine.allowance.turnMs) * 1_500_000
    lock.withLock {
      engines.append(
        Entry(engine: .passUnretained(engine), thread: pthread_self(), afterNanos: after))
      guard !isRunning else { return }
      isRunning = true
      _ = throng_js_handle_signal(interrupted)
      let thread = Thread { [self] in watch() }
      thread.name = "turn-monitor"
      thread.start()
    }
  }

  func remove(_ engine: JavaScriptEngine) {
    lock.withLock { engines.removeAll { $0.engine.toOpaque() == Self.address(engine) } }
  }

  private static func address(_ engine: JavaScriptEngine) -> UnsafeMutableRawPointer {
    Unmanaged.passUnretained(engine).toOpaque()
  }

  private func watch() {
    while true {
      let isAnyOverdue = lock.withLock {
        let now = Clock.monotonicNanos()
        var found = false
        for entry in engines {
          let began = entry.engine.takeUnretainedValue().turnStart.load(ordering: .relaxed)
          guard began > 0, now - began > entry.afterNanos else { continue }
          found = true
          _ = throng_js_interrupt(entry.thread, entry.engine.toOpaque())
        }
        return found
      }
      usleep(isAnyOverdue ? Self.signalMicros : Self.lookMicros)
    }
  }
}

private func interrupted(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
) {
  guard let info, let context, throng_js_in_compiled_code(context),
    let data = throng_js_signal_data(info)
  else { return }
  Unmanaged<JavaScriptEngine>.fromOpaque(data).takeUnretainedValue().interrupted()
}

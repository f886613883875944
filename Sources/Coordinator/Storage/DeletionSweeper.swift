import Foundation
import Shared
import Synchronization

/// The thread that removes what is left of deleted executions, those of earlier processes too. It
/// rests as long as it works, so that whoever else writes has the disk for half of the time.
///
/// Its priority is the usual one: it holds the writer while it works, and others would wait for a
/// thread that gets no time.
public final class DeletionSweeper: Sendable {
  /// After a failure, which is most often a full disk.
  private static let retrySecs = 5.0
  private static let restNanosMin: Int64 = 1_000_000

  private let store: Store
  private let log = Logger("store")
  private let wakeup = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let started = Atomic(false)
  private let stopping = Atomic(false)

  public init(store: Store) { self.store = store }

  /// Begins; to be called once.
  public func start() {
    started.store(true, ordering: .relaxed)
    store.onDeletion { [wakeup] in wakeup.signal() }
    let thread = Thread { self.run() }
    thread.name = "deletions"
    thread.start()
  }

  /// Ends with the step that is being done. What is left then is removed after the next start.
  public func stop() {
    stopping.store(true, ordering: .releasing)
    guard started.load(ordering: .relaxed) else { return }
    wakeup.signal()
    ended.wait()
    // For whoever stops it once more.
    ended.signal()
  }

  private func run() {
    var sweep = DeletionSweep(store)
    while !stopping.load(ordering: .acquiring) {
      let began = Clock.monotonicNanos()
      do {
        guard try sweep.step() else {
          wakeup.wait()
          continue
        }
        let rest = max(Self.restNanosMin, Clock.monotonicNanos() - began)
        _ = wakeup.wait(timeout: .now() + .nanoseconds(Int(rest)))
      } catch {
        log.warning("cannot remove deleted executions yet", ["error": "\(error)"])
        sweep = DeletionSweep(store)
        _ = wakeup.wait(timeout: .now() + Self.retrySecs)
      }
    }
    ended.signal()
  }
}

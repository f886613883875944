import Foundation
import Shared
import Synchronization

/// Lines that wait for their commit, and the rule by which they are grouped: a group is taken at
/// once when the last one was a while ago, otherwise once the delay has passed or it has grown
/// large. So a quiet link is acknowledged at once, and a busy one costs few commits.
final class IngestQueue: Sendable {
  enum Item: Sendable {
    case line([UInt8])
    /// Called once everything before it is decided.
    case barrier(@Sendable () -> Void)
  }

  enum Work {
    case items([Item])
    /// Nothing waits: time for what can be done whenever.
    case spareTime
    case stopped
  }

  private struct State {
    var items: [Item] = []
    var bytes = 0
    var barriers = 0
    var stopping = false
    var hasSpareWork = false
    /// When the last group was taken, and before when none is, monotonic nanoseconds.
    var takenAt = Int64.min / 2
    var retryAt = Int64.min / 2
    /// What the taker is to be woken for.
    var sleeper = Sleeper.awake

    var isUrgent: Bool { stopping || barriers > 0 || bytes >= Limits.commitBytesMax }
  }

  private enum Sleeper { case awake, untilUrgent, untilAnything }

  private enum Decision {
    case work(Work)
    case sleep(nanos: Int64?)
  }

  private let state = Mutex(State())
  private let wakeup = DispatchSemaphore(value: 0)

  /// Adds an item. From any thread.
  ///
  /// - Returns: bytes that wait now.
  @discardableResult
  func append(_ item: Item) -> Int {
    let (bytes, wakes) = state.withLock { state in
      state.items.append(item)
      switch item {
      case .line(let line): state.bytes += line.count
      case .barrier: state.barriers += 1
      }
      return (state.bytes, Self.wakes(&state))
    }
    if wakes { wakeup.signal() }
    return bytes
  }

  /// Says that there is something to do in spare time.
  func offerSpareWork(_ hasSpareWork: Bool) {
    let wakes = state.withLock { state in
      state.hasSpareWork = hasSpareWork
      return Self.wakes(&state)
    }
    if wakes { wakeup.signal() }
  }

  /// Ends `next()` once everything has been taken.
  func stop() {
    let wakes = state.withLock { state in
      state.stopping = true
      return Self.wakes(&state)
    }
    if wakes { wakeup.signal() }
  }

  /// What waits.
  var depth: (lines: Int, bytes: Int) {
    state.withLock { ($0.items.count - $0.barriers, $0.bytes) }
  }

  var isStopping: Bool { state.withLock { $0.stopping } }

  private static func wakes(_ state: inout State) -> Bool {
    switch state.sleeper {
    case .awake: return false
    case .untilUrgent where !state.isUrgent: return false
    case .untilUrgent, .untilAnything:
      state.sleeper = .awake
      return true
    }
  }

  /// Puts a group back in front after a failure, to be tried again after a delay.
  func putBack(_ items: [Item], retryAfterNanos: Int64) {
    state.withLock { state in
      state.items = items + state.items
      for item in items {
        switch item {
        case .line(let line): state.bytes += line.count
        case .barrier: state.barriers += 1
        }
      }
      state.retryAt = Clock.monotonicNanos() + retryAfterNanos
    }
  }

  /// Waits for something to do. For one thread only.
  func next() -> Work {
    while true {
      switch state.withLock({ Self.decide(&$0, now: Clock.monotonicNanos()) }) {
      case .work(let work): return work
      case .sleep(let nanos?): _ = wakeup.wait(timeout: .now() + .nanoseconds(Int(nanos)))
      case .sleep(nil): wakeup.wait()
      }
    }
  }

  private static func decide(_ state: inout State, now: Int64) -> Decision {
    state.sleeper = .awake
    guard !state.items.isEmpty else {
      if state.stopping { return .work(.stopped) }
      if state.hasSpareWork { return .work(.spareTime) }
      state.sleeper = .untilAnything
      return .sleep(nanos: nil)
    }
    let groupAt = state.isUrgent ? now : state.takenAt + Int64(Limits.commitDelayMsMax) * 1_000_000
    let due = max(groupAt, state.retryAt)
    if now < due {
      // While a failure is waited out, nothing is urgent.
      state.sleeper = now < state.retryAt ? .awake : .untilUrgent
      return .sleep(nanos: due - now)
    }
    let items = state.items
    state.items = []
    state.bytes = 0
    state.barriers = 0
    state.takenAt = now
    return .work(.items(items))
  }
}

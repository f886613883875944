import Shared
import Synchronization

/// Whether this process has memory left for more work: the control thread tells, engine threads
/// ask before whatever takes some.
final class MemoryGate: Sendable {
  enum State: UInt8, Sendable {
    case open = 0
    /// No iteration begins any more; those that run go on.
    case pausing = 1
    /// Iterations that take more end: the kernel would end all of them.
    case critical = 2
  }

  /// Bytes that the process may have in memory.
  let bytesMax: Int64
  private let stored = Atomic<UInt8>(0)
  /// Bytes that the control thread has last found in memory.
  private let seen = Atomic<Int64>(0)

  init(bytesMax: Int64 = .max) { self.bytesMax = bytesMax }

  @inline(__always)
  var state: State { State(rawValue: stored.load(ordering: .relaxed)) ?? .open }

  func set(_ state: State) { stored.store(state.rawValue, ordering: .relaxed) }

  /// What the control thread has found.
  func set(_ state: State, resident: Int64) {
    set(state)
    seen.store(resident, ordering: .relaxed)
  }

  /// Whether an iteration may begin. Where much is used, this looks for itself: thousands may
  /// begin between two looks of the control thread, which learns of it from the state.
  func mayBegin() -> Bool {
    guard state == .open else { return false }
    guard seen.load(ordering: .relaxed) > bytesMax / 2 else { return true }
    guard ProcessMemory.residentBytes() >= bytesMax else { return true }
    set(.pausing)
    return false
  }

  /// For people.
  var shortage: String {
    "the agent is short of memory: it may use \(bytesMax >> 20) MiB (--memory-max)"
  }
}

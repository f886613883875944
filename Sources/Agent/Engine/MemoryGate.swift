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

  init(bytesMax: Int64 = .max) { self.bytesMax = bytesMax }

  @inline(__always)
  var state: State { State(rawValue: stored.load(ordering: .relaxed)) ?? .open }

  func set(_ state: State) { stored.store(state.rawValue, ordering: .relaxed) }

  /// For people.
  var shortage: String {
    "the agent is short of memory: it may use \(bytesMax >> 20) MiB (--memory-max)"
  }
}

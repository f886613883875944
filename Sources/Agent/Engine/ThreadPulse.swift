import Synchronization

/// Signs of life of an engine thread, for other threads to look at.
final class ThreadPulse: Sendable {
  private let beats = Atomic<Int>(0)
  private let isWaiting = Atomic<Bool>(true)

  /// What was seen at a moment.
  struct Reading: Equatable, Sendable {
    /// Pieces of work begun; none of them takes long.
    var beats: Int
    /// Whether there is nothing to do.
    var isWaiting: Bool
  }

  /// A piece of work begins. Cheap: for every client that goes on.
  @inline(__always)
  func beat() { beats.wrappingAdd(1, ordering: .relaxed) }

  func waits() { isWaiting.store(true, ordering: .relaxed) }

  func works() {
    beat()
    isWaiting.store(false, ordering: .relaxed)
  }

  var reading: Reading {
    Reading(
      beats: beats.load(ordering: .relaxed), isWaiting: isWaiting.load(ordering: .relaxed))
  }
}

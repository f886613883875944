import Synchronization

/// What all engine threads count of one run, for its scripts to read.
final class RunCounts: Sendable {
  private let activeUsers = Atomic<Int>(0)
  private let finished = Atomic<Int64>(0)

  /// Users that have started and not ended.
  var active: Int { activeUsers.load(ordering: .relaxed) }
  var iterations: Int64 { finished.load(ordering: .relaxed) }

  func changeActive(by difference: Int) {
    activeUsers.wrappingAdd(difference, ordering: .relaxed)
  }

  func iterationFinished() { finished.wrappingAdd(1, ordering: .relaxed) }
}

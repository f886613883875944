import Shared
import Synchronization

/// Aggregates in memory: those of executions that are going on, and a few of finished ones that
/// were asked for lately. From any thread.
final class LiveAggregates: Sendable {
  /// One execution's; reading waits while a batch is added, and the other way round.
  private final class Holder: Sendable {
    let aggregator: Mutex<IntervalAggregator>
    init(_ aggregator: IntervalAggregator) { self.aggregator = Mutex(aggregator) }
  }

  private struct State {
    var live: [ExecutionID: Holder] = [:]
    /// The latest used last.
    var finished: [(execution: ExecutionID, holder: Holder)] = []
  }

  private static let finishedMax = 8
  private let state = Mutex(State())

  /// Changes the aggregates of an execution, which begin empty.
  func update(_ execution: ExecutionID, _ body: (inout IntervalAggregator) -> Void) {
    let holder = state.withLock { state in
      if let holder = state.live[execution] { return holder }
      let holder = Holder(IntervalAggregator(execution: execution))
      state.live[execution] = holder
      return holder
    }
    holder.aggregator.withLock { body(&$0) }
  }

  /// Puts aggregates that were computed elsewhere in place.
  func put(_ aggregator: IntervalAggregator, isFinished: Bool) {
    let holder = Holder(aggregator)
    let execution = aggregator.execution
    state.withLock { state in
      guard isFinished else {
        state.live[execution] = holder
        return
      }
      state.live[execution] = nil
      state.finished.removeAll { $0.execution == execution }
      state.finished.append((execution, holder))
      if state.finished.count > Self.finishedMax { state.finished.removeFirst() }
    }
  }

  /// Reads the aggregates of an execution; nil when they are not in memory. `body` must not call
  /// back here.
  func read<Result>(
    _ execution: ExecutionID, _ body: (IntervalAggregator) throws -> Result
  ) rethrows -> Result? {
    guard let holder = holder(of: execution) else { return nil }
    // The result leaves the lock on the thread that made it.
    nonisolated(unsafe) var result: Result?
    try holder.aggregator.withLock { result = try body($0) }
    return result
  }

  private func holder(of execution: ExecutionID) -> Holder? {
    state.withLock { state in
      if let holder = state.live[execution] { return holder }
      guard let index = state.finished.firstIndex(where: { $0.execution == execution }) else {
        return nil
      }
      let entry = state.finished.remove(at: index)
      state.finished.append(entry)
      return entry.holder
    }
  }

  func forget(_ execution: ExecutionID) {
    state.withLock { state in
      state.live[execution] = nil
      state.finished.removeAll { $0.execution == execution }
    }
  }
}

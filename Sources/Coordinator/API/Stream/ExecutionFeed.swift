import Foundation
import Shared
import Synchronization

/// Reads an execution for all streams that show it, once per change, and wakes them.
final class ExecutionFeed: Sendable {
  /// Between two readings for the sake of records and logs.
  private static let recordsNanos: Int64 = 50_000_000
  /// Between two readings of results.
  private static let resultsNanos: Int64 = 1_000_000_000
  private static let logsKept = 1_000
  private static let logsRead = 500

  private struct State {
    var present: ExecutionPresent?
    var isDeleted = false
    var wakers: [ObjectIdentifier: StreamWaker] = [:]
    /// When results were read last, and anything, of the monotonic clock.
    var resultsReadAt = Int64.min / 2
    var readAt = Int64.min / 2
    /// When the next reading is to be, if one is.
    var dueAt: Int64?
    /// Whether results have changed since they were read.
    var resultsChanged = true
    var watch: ChangeBoard.Watch?
  }

  let execution: ExecutionID
  private let store: Store
  private let ingester: Ingester
  private let queue: DispatchQueue
  private let state = Mutex(State())
  /// The intervals that streams show at the moment, as JSON.
  private let rendered = Mutex<[(mark: IntervalMark, json: [UInt8])]>([])
  private static let renderedMax = 8

  /// - Parameter queue: serial.
  init(_ execution: ExecutionID, store: Store, ingester: Ingester, queue: DispatchQueue) {
    self.execution = execution
    self.store = store
    self.ingester = ingester
    self.queue = queue
    let watch = store.changes.watch(execution) { [weak self] in self?.changed($0) }
    state.withLock { $0.watch = watch }
    changed([.records, .results, .logs])
  }

  /// Nil until it was read for the first time.
  var present: ExecutionPresent? { state.withLock { $0.present } }

  var isDeleted: Bool { state.withLock { $0.isDeleted } }

  func add(_ waker: StreamWaker) {
    state.withLock { $0.wakers[ObjectIdentifier(waker)] = waker }
  }

  func remove(_ waker: StreamWaker) {
    state.withLock { $0.wakers[ObjectIdentifier(waker)] = nil }
  }

  // MARK: reading

  private func changed(_ kinds: ChangeBoard.Kinds) {
    let now = Clock.monotonicNanos()
    state.withLock { state in
      if kinds.contains(.results) { state.resultsChanged = true }
      let dueAt =
        kinds == .results
        ? state.resultsReadAt + Self.resultsNanos : state.readAt + Self.recordsNanos
      schedule(max(now, dueAt), &state)
    }
  }

  private func schedule(_ dueAt: Int64, _ state: inout State) {
    if let earlier = state.dueAt, earlier <= dueAt { return }
    state.dueAt = dueAt
    let delay = Int(max(0, dueAt - Clock.monotonicNanos()))
    queue.asyncAfter(deadline: .now() + .nanoseconds(delay)) { [weak self] in self?.read(dueAt) }
  }

  private func read(_ dueAt: Int64) {
    let now = Clock.monotonicNanos()
    let (earlier, readsResults) = state.withLock { state -> (ExecutionPresent??, Bool) in
      // A later one took its place.
      guard state.dueAt == dueAt else { return (nil, false) }
      state.dueAt = nil
      state.readAt = now
      let isDue = state.resultsChanged && now >= state.resultsReadAt + Self.resultsNanos
      if isDue {
        state.resultsReadAt = now
        state.resultsChanged = false
      }
      return (.some(state.present), isDue)
    }
    guard let earlier else { return }
    do {
      settle(try read(after: earlier, results: readsResults))
    } catch {
      Logger("coordinator.api").error(
        "cannot read an execution for its streams",
        ["execution": "\(execution)", "error": "\(error)"])
      state.withLock { state in
        state.resultsChanged = state.resultsChanged || readsResults
        schedule(now + Self.resultsNanos, &state)
      }
    }
  }

  /// - Returns: nil when it was deleted; and whether it is completed.
  private func read(
    after earlier: ExecutionPresent?, results: Bool
  ) throws -> (present: ExecutionPresent, isCompleted: Bool)? {
    var includes = ExecutionIncludes(summary: false)
    includes.script = false
    let read = try store.read { db -> (ExecutionDetails, [LogRecord])? in
      guard let record = try ExecutionStore.find(execution, in: db) else { return nil }
      let logs =
        if let earlier {
          try LogStore.list(
            of: execution, after: earlier.logs.last?.id ?? earlier.logsSince,
            limit: Self.logsRead, in: db)
        } else {
          try LogStore.list(
            of: execution, ascending: false, Page(limit: Self.logsRead), in: db
          ).reversed() as [LogRecord]
        }
      return (try ExecutionDetails(record, includes, in: db), logs)
    }
    guard let (details, logs) = read else { return nil }
    var present = earlier.map { ExecutionPresent(details, after: $0) } ?? ExecutionPresent(details)
    if earlier == nil, logs.count == Self.logsRead, let first = logs.first {
      present.logsSince = first.id - 1
    }
    present.add(logs, keeping: Self.logsKept)
    if logs.count == Self.logsRead { try readLogs(into: &present) }
    if results { present.intervals = try ingester.snapshot(execution) { $0.marks } }
    let record = details.record
    if results || record.completed || record.limits != present.limitStates {
      try readLimits(of: details, into: &present)
    }
    return (present, details.record.completed)
  }

  private func readLogs(into present: inout ExecutionPresent) throws {
    while true {
      let after = present.logs.last?.id ?? present.logsSince
      let logs = try store.read {
        try LogStore.list(of: execution, after: after, limit: Self.logsRead, in: $0)
      }
      present.add(logs, keeping: Self.logsKept)
      if logs.count < Self.logsRead { return }
    }
  }

  private func readLimits(
    of details: ExecutionDetails, into present: inout ExecutionPresent
  ) throws {
    let record = details.record
    guard !record.limits.isEmpty else { return }
    let measured = try ingester.snapshot(execution) { aggregator in
      JSONWriter.shownMeasured(record, details, Readings(aggregator, of: record))
    }
    present.setLimits(of: record, measured: measured)
  }

  private func settle(_ read: (present: ExecutionPresent, isCompleted: Bool)?) {
    let wakers = state.withLock { state in
      if let read {
        var present = read.present
        // Results that come with the end wait until it is their time.
        present.isOver = read.isCompleted && !state.resultsChanged
        if state.resultsChanged {
          schedule(
            max(Clock.monotonicNanos(), state.resultsReadAt + Self.resultsNanos), &state)
        }
        state.present = present
      } else {
        state.isDeleted = true
      }
      return Array(state.wakers.values)
    }
    for waker in wakers { waker.wake() }
  }

  // MARK: for streams

  /// Log entries that come after `id`, none when there are no more.
  func logs(after id: Int64, in present: ExecutionPresent) throws -> [ExecutionPresent.LogLine] {
    guard id < present.logsSince else {
      let first = present.logs.partitioningIndex { $0.id > id }
      return Array(present.logs[first...])
    }
    let records = try store.read {
      try LogStore.list(of: execution, after: id, limit: Self.logsRead, in: $0)
    }
    return records.map { record in
      var json = JSONWriter()
      json.log(record)
      return ExecutionPresent.LogLine(id: record.id, json: json.bytes)
    }
  }

  /// An interval as it was at its mark; nil when it has changed since, and comes up later.
  func interval(_ mark: IntervalMark) throws -> [UInt8]? {
    if let known = rendered.withLock({ $0.first { $0.mark == mark } }) { return known.json }
    let record = try store.read { try ExecutionStore.find(execution, in: $0) }
    let aggregate = try ingester.snapshot(execution) { aggregator -> Aggregate? in
      guard aggregator.isCurrent(mark) else { return nil }
      return aggregator.merged(interval: mark.startMs)
    }
    guard let record, let aggregate else { return nil }
    var json = JSONWriter()
    json.summary(aggregate, atMs: record.createdAtMs)
    rendered.withLock { rendered in
      rendered.append((mark, json.bytes))
      if rendered.count > Self.renderedMax { rendered.removeFirst() }
    }
    return json.bytes
  }
}

extension Array {
  /// The first index from which on `isAfter` holds, in an array that is sorted so.
  func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = isAfter(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
    }
    return range.lowerBound
  }
}

import Shared

/// Executions that an earlier process of this coordinator left unfinished.
enum UnfinishedExecutions {
  /// Ends each as failed: its committed results are kept and summed up, and its log says why.
  static func settle(in store: Store, ingester: Ingester) throws {
    for var record in try store.read({ db in try ExecutionStore.unfinished(in: db) }) {
      var setAside = record.unreadable.map { "Its \($0) cannot be read and was set aside" }
      setAside += try sumUp(record.id, ingester)
      let now = max(Clock.wallMicros() / 1_000, try latestMs(record, store, ingester))
      let reason = "The coordinator was restarted while the test ran"
      record.running = false
      record.completed = true
      record.summaryCalculated = true
      record.finishedAtMs = record.finishedAtMs ?? now
      record.updatedAtMs = now
      record.failure = ([reason] + setAside.prefix(1)).joined(separator: ". ")
      let verdicts = try conclude(&record, in: store, ingester: ingester)
      try store.write { db in
        _ = try ExecutionStore.update(record, in: db)
        for var region in try ExecutionRegionStore.list(of: record.id, in: db) {
          region.running = false
          region.completed = true
          region.finishedAtMs = region.finishedAtMs ?? now
          _ = try ExecutionRegionStore.update(region, in: db)
        }
        for var chunk in try ChunkStore.list(of: record.id, in: db) {
          chunk.running = false
          chunk.completed = true
          chunk.finishedAtMs = chunk.finishedAtMs ?? now
          _ = try ChunkStore.update(chunk, in: db)
        }
        for (level, message) in [("Error", reason + ". Results up to then are kept")]
          + setAside.prefix(setAsideNamedMax).map({ ("Error", $0) })
          + verdicts.map({ ($0.isNews ? "Error" : "Info", $0.message) })
          + [("Info", "Test completed")]
        {
          _ = try LogStore.insert(
            LogRecord(
              id: 0, execution: record.id, createdAtMs: now, updatedAtMs: now, loggedAtMs: now,
              level: level, message: message, isSystem: true), in: db)
        }
      }
    }
  }

  /// The latest time that is stored of an execution: its end is none before it, even if the
  /// system's clock was set back before this process began.
  private static func latestMs(
    _ record: ExecutionRecord, _ store: Store, _ ingester: Ingester
  ) throws -> Int64 {
    var times = [record.updatedAtMs]
    try store.read { db in
      for region in try ExecutionRegionStore.list(of: record.id, in: db) {
        times += [region.updatedAtMs, region.startedAtMs ?? 0]
      }
      for chunk in try ChunkStore.list(of: record.id, in: db) {
        times += [chunk.updatedAtMs, chunk.startedAtMs ?? 0]
      }
    }
    // Results that cannot be read were set aside and tell no time.
    times.append((try? ingester.snapshot(record.id) { $0.merged().updatedAtMs }) ?? 0)
    return times.max() ?? 0
  }

  /// What was set aside is named one by one up to so many: the rest is of the same kind.
  private static let setAsideNamedMax = 100

  /// Sums up what can be read; an execution that cannot be read at all does not keep the others,
  /// nor the coordinator, from going on.
  private static func sumUp(_ execution: ExecutionID, _ ingester: Ingester) throws -> [String] {
    do {
      let setAside = try ingester.rebuild(execution)
      try ingester.finish(execution)
      return setAside
    } catch  where Ingester.isDamage(error) {
      Logger("executions").error(
        "set aside what cannot be read",
        ["execution": "\(execution)", "error": "\(error)"])
      return ["Stored results cannot be read and were set aside: \(error)"]
    }
  }

  /// Judges the limits by what results there are.
  private static func conclude(
    _ record: inout ExecutionRecord, in store: Store, ingester: Ingester
  ) throws -> [LimitEvaluator.Verdict] {
    do {
      return try judge(&record, in: store, ingester: ingester)
    } catch  where Ingester.isDamage(error) {
      // It has been named already.
      return []
    }
  }

  private static func judge(
    _ record: inout ExecutionRecord, in store: Store, ingester: Ingester
  ) throws -> [LimitEvaluator.Verdict] {
    guard !record.limits.isEmpty else { return [] }
    let id = record.id
    var (regions, began): ([String: ExecutionRegionID], [Int64]) = ([:], [])
    try store.read { db in
      for region in try ExecutionRegionStore.list(of: id, in: db) {
        if let name = try RegionStore.find(region.region, in: db)?.name {
          regions[name] = region.id
        }
        if let startedAtMs = region.startedAtMs { began.append(startedAtMs) }
      }
    }
    let readings = try ingester.snapshot(id) {
      LimitReadings($0, for: record.limits.map(\.limit), regions: regions)
    }
    // What ran after the last result is not known.
    let updatedAtMs = try ingester.snapshot(id) { $0.merged().updatedAtMs }
    let ranMs = max(1, updatedAtMs.minus(began.min() ?? updatedAtMs))
    var evaluator = LimitEvaluator(record.limits)
    let verdicts = evaluator.conclude(readings, elapsedSecs: Double(ranMs) / 1_000)
    record.limits = evaluator.states
    record.limitBreached = evaluator.isBreached
    return verdicts
  }
}

import Shared

/// Executions that an earlier process of this coordinator left unfinished.
enum UnfinishedExecutions {
  /// Ends each as failed: its committed results are kept and summed up, and its log says why.
  static func settle(in store: Store, ingester: Ingester) throws {
    for var record in try store.read({ db in try ExecutionStore.unfinished(in: db) }) {
      try ingester.rebuild(record.id)
      try ingester.finish(record.id)
      let now = Clock.wallMicros() / 1_000
      let reason = "The coordinator was restarted while the test ran"
      record.running = false
      record.completed = true
      record.summaryCalculated = true
      record.finishedAtMs = record.finishedAtMs ?? now
      record.updatedAtMs = now
      record.failure = reason
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

  /// Judges the limits by what results there are.
  private static func conclude(
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
    let ranMs = max(1, updatedAtMs - (began.min() ?? updatedAtMs))
    var evaluator = LimitEvaluator(record.limits)
    let verdicts = evaluator.conclude(readings, elapsedSecs: Double(ranMs) / 1_000)
    record.limits = evaluator.states
    record.limitBreached = evaluator.isBreached
    return verdicts
  }
}

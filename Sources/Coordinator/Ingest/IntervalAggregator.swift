import Shared

/// Puts the rows of one execution together by region, resource and 10-second interval, by the
/// start of the request or iteration. Everything coarser is a sum of these.
///
/// Pure; `add` allocates per batch and per new cell, never per row.
public struct IntervalAggregator: Sendable {
  /// Intervals that stay open behind the latest one: requests that take longer are rare, and late
  /// rows cost no more than a second packing.
  private static let openIntervals: Int64 = 6

  struct ResourceGroup: Hashable, Sendable {
    var region: ExecutionRegionID
    var resource: NameID
  }

  struct Place: Hashable, Sendable {
    var region: ExecutionRegionID
    var chunk: ChunkID
  }

  public let execution: ExecutionID
  var requests = IntervalTable<ResourceGroup, RequestTotals>()
  var runs = IntervalTable<ExecutionRegionID, RunTotals>()
  var custom = IntervalTable<CustomGroup, CustomTotals>()
  /// The most clients that were active at once, by interval and chunk.
  var active: [Int64: [Place: Int]] = [:]
  /// The latest word of each chunk on its clients. Of interest while it runs, so not stored.
  private(set) var latest: [Place: (atMicros: Int64, clients: Int)] = [:]
  var checkSpans: [CheckGroup: CheckSpan] = [:]
  /// Text of the names that occurred.
  var texts: [NameID: String] = [:]
  /// When each interval changed last, by its start; milliseconds since the Unix epoch.
  private(set) var touchedAtMs: [Int64: Int64] = [:]
  private var latestIntervalMs: Int64 = .min

  public init(execution: ExecutionID) { self.execution = execution }

  /// Start of the interval that a time belongs to. Both since the Unix epoch.
  public static func intervalStartMs(micros: Int64) -> Int64 {
    let length = Limits.intervalMs * 1_000
    var intervals = micros / length
    if micros % length < 0 { intervals -= 1 }
    return intervals * Limits.intervalMs
  }

  /// Adds all rows of a batch.
  ///
  /// - Parameters:
  ///   - names: ids of the batch's strings, one for each.
  ///   - atMs: when the batch was committed, milliseconds since the Unix epoch.
  public mutating func add(
    _ batch: ResultBatch, names: [NameID], region: ExecutionRegionID, chunk: ChunkID, atMs: Int64
  ) {
    precondition(names.count == batch.strings.count, "every string of a batch has an id")
    for (name, text) in zip(names, batch.strings) where texts[name] == nil { texts[name] = text }
    addRequests(batch.requests, names, region, atMs)
    addIterations(batch.iterations, region, atMs)
    for row in batch.checks {
      let interval = Self.intervalStartMs(micros: Self.micros(ms: row.intervalStartMs))
      let slot = runSlot(region, interval, atMs)
      runs.open[slot].addCheck(names[Int(row.name)], passes: row.passes, fails: row.fails)
    }
    addChecks(batch.assertions, names, region, atMs)
    for sample in batch.samples { add(sample, region, chunk, atMs) }
    for row in batch.drops {
      let interval = Self.intervalStartMs(micros: Self.micros(ms: row.intervalStartMs))
      runs.open[runSlot(region, interval, atMs)].add(row)
    }
    packOldIntervals()
  }

  /// 0 for a time that nobody can mean.
  private static func micros(ms: Int64) -> Int64 {
    let (micros, overflow) = ms.multipliedReportingOverflow(by: 1_000)
    return overflow ? 0 : micros
  }

  /// A cell that was looked up before: rows of a batch mostly share a few.
  private struct CachedSlot {
    var intervalStartMs = Int64.min
    var slot = 0
  }

  private mutating func addRequests(
    _ rows: [RequestRow], _ names: [NameID], _ region: ExecutionRegionID, _ atMs: Int64
  ) {
    // Two places per resource, for even and odd intervals: a batch often spans two neighbours.
    var cache = [CachedSlot](repeating: CachedSlot(), count: names.count * 2)
    for row in rows {
      let interval = Self.intervalStartMs(micros: row.startedAtMicros)
      let place = Int(row.resource) * 2 + Int(truncatingIfNeeded: interval / Limits.intervalMs & 1)
      if cache[place].intervalStartMs != interval {
        let resource = names[Int(row.resource)]
        let group = ResourceGroup(region: region, resource: resource)
        let slot = requests.slot(for: .init(group: group, intervalStartMs: interval))
        cache[place] = CachedSlot(intervalStartMs: interval, slot: slot)
        requests.open[slot].touch(atMs: atMs)
        touch(interval, atMs: atMs)
        latestIntervalMs = max(latestIntervalMs, interval)
      }
      requests.open[cache[place].slot].add(
        row, method: names[Int(row.method)],
        contentType: row.contentType < 0 ? nil : names[Int(row.contentType)])
    }
  }

  private mutating func addIterations(
    _ rows: [IterationRow], _ region: ExecutionRegionID, _ atMs: Int64
  ) {
    var cached = CachedSlot()
    for row in rows {
      let interval = Self.intervalStartMs(micros: row.startedAtMicros)
      if cached.intervalStartMs != interval {
        cached = CachedSlot(intervalStartMs: interval, slot: runSlot(region, interval, atMs))
      }
      runs.open[cached.slot].add(row)
    }
  }

  private mutating func add(
    _ sample: AgentSample, _ region: ExecutionRegionID, _ chunk: ChunkID, _ atMs: Int64
  ) {
    let interval = Self.intervalStartMs(micros: sample.atMicros)
    runs.open[runSlot(region, interval, atMs)].add(sample)
    let clients = max(0, min(sample.activeClients, Limits.clientsPerExecutionMax))
    let place = Place(region: region, chunk: chunk)
    if clients > active[interval]?[place] ?? -1 { active[interval, default: [:]][place] = clients }
    if sample.atMicros >= latest[place]?.atMicros ?? .min {
      latest[place] = (sample.atMicros, clients)
    }
  }

  mutating func runSlot(
    _ region: ExecutionRegionID, _ interval: Int64, _ atMs: Int64
  ) -> Int {
    latestIntervalMs = max(latestIntervalMs, interval)
    let slot = runs.slot(for: .init(group: region, intervalStartMs: interval))
    runs.open[slot].touch(atMs: atMs)
    touch(interval, atMs: atMs)
    return slot
  }

  mutating func touch(_ interval: Int64, atMs: Int64) {
    touchedAtMs[interval] = max(touchedAtMs[interval] ?? atMs, atMs)
  }

  /// Rows of this interval have come.
  mutating func saw(interval: Int64) { latestIntervalMs = max(latestIntervalMs, interval) }

  mutating func packOldIntervals() {
    guard latestIntervalMs > .min else { return }
    let bound = latestIntervalMs.minus(Self.openIntervals * Limits.intervalMs)
    requests.pack(before: bound)
    runs.pack(before: bound)
    custom.pack(before: bound)
  }

  /// Packs everything: nothing more is expected.
  mutating func packAll() {
    requests.pack(before: .max)
    runs.pack(before: .max)
    custom.pack(before: .max)
  }
}

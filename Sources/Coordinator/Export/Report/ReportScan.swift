import Shared

/// The course of an execution over time: one pass over its intervals, put into as many buckets
/// as charts can show.
struct ReportScan {
  /// One point of a chart.
  struct Bucket {
    var count: Int64 = 0
    var failures: Int64 = 0
    var errors = ErrorCounts()
    /// The highest p50, p95 and p99 of the bucket's intervals, milliseconds: a peak must not be
    /// lost in a long test.
    var percentiles: [Double]?
    var clients: Int?

    fileprivate mutating func add(_ cell: IntervalCell, _ latency: LatencyMetric) {
      count += cell.count
      failures += cell.failures
      errors.merge(
        ErrorCounts(errors: cell.errors, statuses: cell.statuses, failures: cell.failures))
      let histogram = cell.latency(latency)
      guard histogram.count > 0 else { return }
      let values = histogram.percentiles([0.5, 0.95, 0.99]).map { $0 / 1_000 }
      percentiles = percentiles.map { zip($0, values).map { max($0, $1) } } ?? values
    }
  }

  /// When a kind of error occurred, starts of intervals in milliseconds since the Unix epoch.
  struct Occurrence: Equatable {
    var firstMs: Int64
    var lastMs: Int64
  }

  let timeline: ReportTimeline
  private(set) var overall: [Bucket]
  private(set) var resources: [NameID: [Bucket]] = [:]
  let resourceTimeline: ReportTimeline
  private(set) var occurrences: [ErrorKind: Occurrence] = [:]
  /// All intervals that hold something, ascending.
  let intervals: [Int64]
  /// Only every so many intervals are in the charts; 1 for all of them.
  let every: Int64

  /// Points that stand a point's width apart.
  private static let bucketsMax = 440
  private static let resourceBucketsMax = 200
  /// Cells that are unpacked for charts, about 2 µs each.
  static let cellsMax = 3_000_000

  /// - Parameters:
  ///   - charted: resources that get charts of their own.
  ///   - cellsMax: cells that may be looked at.
  init(
    _ aggregator: IntervalAggregator, region: ExecutionRegionID?, charted: Set<NameID>,
    latency: LatencyMetric, zone: ReportZone, cellsMax: Int = cellsMax
  ) {
    intervals = aggregator.intervals(region: region)
    let cells = aggregator.requests.packed.values.reduce(0) { $0 + $1.count }
    every = Int64(cells / cellsMax + 1)
    timeline = ReportTimeline(
      intervals: intervals, intervalMs: Limits.intervalMs, bucketsMax: Self.bucketsMax,
      every: every, zone: zone)
    resourceTimeline = ReportTimeline(
      intervals: intervals, intervalMs: Limits.intervalMs, bucketsMax: Self.resourceBucketsMax,
      every: every, zone: zone)
    overall = [Bucket](repeating: Bucket(), count: timeline.count)
    for resource in charted {
      resources[resource] = [Bucket](repeating: Bucket(), count: resourceTimeline.count)
    }
    for start in intervals {
      addClients(aggregator.active[start] ?? [:], region, at: start)
      guard timeline.takes(start, every: every) else { continue }
      var whole = IntervalCell()
      var parts: [NameID: IntervalCell] = [:]
      aggregator.requests.forEach(
        interval: start, where: { region == nil || $0.region == region }
      ) { group, totals in
        whole.add(totals, latency)
        if charted.contains(group.resource) {
          parts[group.resource, default: IntervalCell()].add(totals, latency)
        }
      }
      add(whole, parts, latency, at: start)
    }
  }

  private mutating func addClients(
    _ places: [IntervalAggregator.Place: Int], _ region: ExecutionRegionID?, at start: Int64
  ) {
    guard !places.isEmpty, let index = timeline.index(of: start) else { return }
    let clients = places.reduce(0) {
      region == nil || $1.key.region == region ? $0 + $1.value : $0
    }
    overall[index].clients = max(overall[index].clients ?? 0, clients)
  }

  private mutating func add(
    _ whole: IntervalCell, _ parts: [NameID: IntervalCell], _ latency: LatencyMetric,
    at start: Int64
  ) {
    if let index = timeline.index(of: start) { overall[index].add(whole, latency) }
    let errors = ErrorCounts(
      errors: whole.errors, statuses: whole.statuses, failures: whole.failures)
    for kind in errors.counts.keys {
      occurrences[kind, default: Occurrence(firstMs: start, lastMs: start)].lastMs = start
    }
    guard let index = resourceTimeline.index(of: start) else { return }
    for (resource, cell) in parts { resources[resource]?[index].add(cell, latency) }
  }

  /// Times within the test for which there is nothing at all, neither results nor a word of an
  /// agent: starts and ends in milliseconds since the Unix epoch.
  var gaps: [(fromMs: Int64, toMs: Int64)] {
    zip(intervals, intervals.dropFirst()).compactMap { before, next in
      let from = before + Limits.intervalMs
      return next > from ? (from, next) : nil
    }
  }
}

import Shared

/// A check of one region.
struct CheckGroup: Hashable, Sendable {
  var region: ExecutionRegionID
  var name: NameID
}

/// What checks of one batch come to, by name.
private struct CheckTally {
  /// Of the interval that is counted, by the names' places.
  private var passes: [Int64]
  private var fails: [Int64]
  /// Names with counts: of many names, a batch may have few checks in each interval.
  private var counted: [Int] = []
  private(set) var spans: [CheckSpan?]

  init(names: Int) {
    passes = Array(repeating: 0, count: names)
    fails = passes
    spans = Array(repeating: nil, count: names)
  }

  mutating func add(_ row: CheckRow) {
    let name = Int(row.name)
    if passes[name] + fails[name] == 0 { counted.append(name) }
    if row.passed { passes[name] += 1 } else { fails[name] += 1 }
    spans[name, default: CheckSpan()].add(row)
  }

  mutating func take(_ body: (_ name: Int, _ passes: Int64, _ fails: Int64) -> Void) {
    for name in counted {
      body(name, passes[name], fails[name])
      (passes[name], fails[name]) = (0, 0)
    }
    counted.removeAll(keepingCapacity: true)
  }
}

extension [CheckSpan?] {
  fileprivate subscript(index: Int, default empty: CheckSpan) -> CheckSpan {
    get { self[index] ?? empty }
    set { self[index] = newValue }
  }
}

extension IntervalAggregator {
  mutating func addChecks(
    _ rows: [CheckRow], _ names: [NameID], _ region: ExecutionRegionID, _ atMs: Int64
  ) {
    guard let first = rows.first else { return }
    var tally = CheckTally(names: names.count)
    var interval = Self.intervalStartMs(micros: first.atMicros)
    for row in rows {
      let start = Self.intervalStartMs(micros: row.atMicros)
      if start != interval {
        take(&tally, interval, names, region, atMs)
        interval = start
      }
      tally.add(row)
    }
    take(&tally, interval, names, region, atMs)
    for (name, span) in zip(names, tally.spans) {
      if let span {
        checkSpans[CheckGroup(region: region, name: name), default: .init()].merge(span)
      }
    }
  }

  private mutating func take(
    _ tally: inout CheckTally, _ interval: Int64, _ names: [NameID], _ region: ExecutionRegionID,
    _ atMs: Int64
  ) {
    let slot = runSlot(region, interval, atMs)
    tally.take { name, passes, fails in
      runs.open[slot].addCheck(names[name], passes: passes, fails: fails)
    }
  }

  /// Every check of each region, by name and region.
  func checks(region: ExecutionRegionID? = nil) -> [CheckOverview] {
    var counts: [CheckGroup: (passes: Int64, fails: Int64)] = [:]
    runs.forEach(interval: nil, where: { region == nil || $0 == region }) { region, totals in
      for entry in totals.checkPasses.entries {
        let group = CheckGroup(region: region, name: NameID(entry.key))
        counts[group, default: (0, 0)].passes.add(entry.count)
      }
      for entry in totals.checkFails.entries {
        let group = CheckGroup(region: region, name: NameID(entry.key))
        counts[group, default: (0, 0)].fails.add(entry.count)
      }
    }
    // What agents only counted has no time but that of all the rest.
    let starts = runs.allKeys.map(\.intervalStartMs)
    let around = (first: (starts.min() ?? 0).times(1_000), last: (starts.max() ?? 0).times(1_000))
    return counts.map { group, count in
      CheckOverview(
        path: CheckPath(text(of: group.name) ?? "\(group.name)"), region: group.region,
        passes: count.passes, fails: count.fails, span: checkSpans[group], around: around)
    }.sorted { ($0.path.text, $0.region.rawValue) < ($1.path.text, $1.region.rawValue) }
  }

  func encodeChecks(to writer: inout VarIntWriter) {
    writer.unsigned(UInt64(checkSpans.count))
    for (group, span) in checkSpans {
      writer.signed(group.region.rawValue)
      writer.signed(group.name.rawValue)
      span.encode(to: &writer)
    }
  }

  mutating func decodeChecks(from reader: inout VarIntReader) throws(VarIntError) {
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let group = CheckGroup(region: region, name: NameID(try reader.signed()))
      checkSpans[group] = try CheckSpan(from: &reader)
    }
  }
}

extension Int64 {
  fileprivate mutating func add(_ other: Int64) { self = plus(other) }
}

import Shared

extension IntervalAggregator {
  /// The aggregate over a region, a resource and an interval, or over all where nil. Empty when
  /// there is nothing.
  public func merged(
    region: ExecutionRegionID? = nil, resource: NameID? = nil, interval: Int64? = nil
  ) -> Aggregate {
    var aggregate = Aggregate(
      scope: AggregateScope(
        execution: execution, region: region, resource: resource, intervalStartMs: interval))
    requests.forEach(
      interval: interval,
      where: {
        (region == nil || $0.region == region) && (resource == nil || $0.resource == resource)
      },
      { _, totals in aggregate.requests.merge(totals) })
    aggregate.methods = named(aggregate.requests.methods)
    aggregate.contentTypes = named(aggregate.requests.contentTypes)
    aggregate.custom = mergedCustom(region: region, resource: resource, interval: interval)
    guard resource == nil else { return aggregate }

    runs.forEach(
      interval: interval, where: { region == nil || $0 == region },
      { _, totals in aggregate.runs.merge(totals) })
    aggregate.checks = checks(aggregate.runs)
    aggregate.maxConcurrentClients = maxConcurrentClients(region, interval)
    return aggregate
  }

  /// Starts of the intervals that hold something, ascending, milliseconds since the Unix epoch.
  public func intervals(region: ExecutionRegionID? = nil, resource: NameID? = nil) -> [Int64] {
    var starts: Set<Int64> = []
    for key in requests.allKeys
    where (region == nil || key.group.region == region)
      && (resource == nil || key.group.resource == resource)
    {
      starts.insert(key.intervalStartMs)
    }
    if resource == nil {
      for key in runs.allKeys where region == nil || key.group == region {
        starts.insert(key.intervalStartMs)
      }
    }
    for (_, start) in customKeys(region: region, resource: resource) { starts.insert(start) }
    return starts.sorted()
  }

  /// Resources that have results, the first seen first.
  public func resources(region: ExecutionRegionID? = nil) -> [NameID] {
    var resources: Set<NameID> = []
    for group in requests.packedSums.keys where region == nil || group.region == region {
      resources.insert(group.resource)
    }
    for key in requests.openKeys where region == nil || key.group.region == region {
      resources.insert(key.group.resource)
    }
    for (resource, _) in customKeys(region: region, resource: nil) {
      if let resource { resources.insert(resource) }
    }
    return resources.sorted()
  }

  /// Text of a name that occurred in this execution.
  public func text(of name: NameID) -> String? { texts[name] }

  func named(_ counts: KeyCounts) -> [(key: String, count: Int64)] {
    counts.entries.map { (key: texts[NameID($0.key)] ?? String($0.key), count: $0.count) }
  }

  private func checks(_ totals: RunTotals) -> [CheckTotals] {
    var checks: [Int64: CheckTotals] = [:]
    for entry in totals.checkPasses.entries {
      let name = texts[NameID(entry.key)] ?? String(entry.key)
      checks[entry.key] = CheckTotals(name: name, passes: entry.count, fails: 0)
    }
    for entry in totals.checkFails.entries { checks[entry.key]?.fails = entry.count }
    return checks.values.sorted { $0.name < $1.name }
  }

  /// Agents tell every second, but hold up to ten samples back when there are no results to go
  /// with them.
  private static let sampleMicrosMax: Int64 = 12_000_000

  /// Clients that run now, as far as agents have told. The latest interval alone would not do:
  /// in its first second nobody has told anything yet.
  public func activeClients(region: ExecutionRegionID? = nil) -> Int {
    guard let newest = latest.values.map(\.atMicros).max() else {
      return intervals(region: region).suffix(2).map { maxConcurrentClients(region, $0) }
        .last { $0 > 0 } ?? 0
    }
    let (bound, overflow) = newest.subtractingReportingOverflow(Self.sampleMicrosMax)
    return latest.reduce(0) { sum, entry in
      let isWanted = region == nil || entry.key.region == region
      let isRecent = overflow || entry.value.atMicros >= bound
      return isWanted && isRecent ? sum.plus(entry.value.clients) : sum
    }
  }

  private func maxConcurrentClients(_ region: ExecutionRegionID?, _ interval: Int64?) -> Int {
    func sum(_ places: [Place: Int]) -> Int {
      places.reduce(0) { region == nil || $1.key.region == region ? $0.plus($1.value) : $0 }
    }
    if let interval { return sum(active[interval] ?? [:]) }
    return active.values.map(sum).max() ?? 0
  }
}

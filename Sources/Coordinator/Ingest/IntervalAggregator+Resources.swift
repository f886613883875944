import Shared

/// Aggregates of many resources, one after the other.
extension IntervalAggregator {
  /// Where the totals of each resource are. Valid until the next change.
  struct ResourceIndex: Sendable {
    fileprivate var region: ExecutionRegionID?
    fileprivate var requests: IntervalTable<ResourceGroup, RequestTotals>.Index<NameID>
    fileprivate var custom: IntervalTable<CustomGroup, CustomTotals>.Index<NameID>
  }

  /// - Parameters:
  ///   - region: nil for all.
  ///   - hasIntervals: whether the intervals of resources will be asked for.
  func resourceIndex(region: ExecutionRegionID?, hasIntervals: Bool) -> ResourceIndex {
    ResourceIndex(
      region: region,
      requests: requests.index(hasIntervals: hasIntervals) {
        region == nil || $0.region == region ? $0.resource : nil
      },
      custom: custom.index(hasIntervals: hasIntervals) {
        region == nil || $0.region == region ? $0.resource : nil
      })
  }

  /// The same as `merged` of that region, resource and interval.
  func merged(
    resource: NameID, interval: Int64? = nil, by index: ResourceIndex
  ) -> Aggregate {
    var aggregate = Aggregate(
      scope: AggregateScope(
        execution: execution, region: index.region, resource: resource,
        intervalStartMs: interval))
    requests.forEach(interval: interval, of: resource, by: index.requests) {
      aggregate.requests.merge($0)
    }
    custom.forEach(interval: interval, of: resource, by: index.custom) {
      aggregate.custom.merge($0)
    }
    aggregate.methods = named(aggregate.requests.methods)
    aggregate.contentTypes = named(aggregate.requests.contentTypes)
    return aggregate
  }

  /// The same as `intervals` of that region and resource.
  func intervals(resource: NameID, by index: ResourceIndex) -> [Int64] {
    Set(
      requests.intervals(of: resource, by: index.requests)
        + custom.intervals(of: resource, by: index.custom)
    ).sorted()
  }
}

import Shared

/// Which part of an execution readings are of.
struct ReadingScope {
  var region: ExecutionRegionID?
  var resource: NameID?
  /// Clients that were configured for it; 0 where clients do not belong to it.
  var clients = 0
}

/// The aggregates of one execution, as of one moment, and how they are shown.
struct Readings {
  let aggregator: IntervalAggregator
  let execution: ExecutionRecord
  private let names: [NameID: NameRecord]

  /// - Parameter names: of the resources, as far as they will be asked for.
  init(
    _ aggregator: IntervalAggregator, of execution: ExecutionRecord,
    names: [NameID: NameRecord] = [:]
  ) {
    self.aggregator = aggregator
    self.execution = execution
    self.names = names
  }

  func aggregate(_ scope: ReadingScope, interval: Int64? = nil) -> Aggregate {
    aggregator.merged(region: scope.region, resource: scope.resource, interval: interval)
  }

  /// Starts of the intervals with results, ascending.
  func intervals(_ scope: ReadingScope) -> [Int64] {
    aggregator.intervals(region: scope.region, resource: scope.resource)
  }

  func resources(_ scope: ReadingScope) -> [NameRecord] {
    aggregator.resources(region: scope.region).map { id in
      // Names are interned before results that refer to them are counted.
      names[id]
        ?? NameRecord(
          id: id, createdAtMs: execution.createdAtMs, name: aggregator.text(of: id) ?? "")
    }
  }

  func writeSummary(_ scope: ReadingScope, to json: inout JSONWriter) {
    json.summary(
      aggregate(scope), configuredClients: scope.clients, activeClients: activeClients(scope),
      atMs: execution.createdAtMs)
  }

  func writeInterval(_ start: Int64, _ scope: ReadingScope, to json: inout JSONWriter) {
    json.summary(aggregate(scope, interval: start), atMs: execution.createdAtMs)
  }

  /// Where the totals of the resources are that will be written.
  ///
  /// - Parameter intervals: those that are wanted of each, if any are.
  func index(
    _ scope: ReadingScope, intervals: IntervalWindow?
  ) -> IntervalAggregator.ResourceIndex {
    aggregator.resourceIndex(region: scope.region, hasIntervals: intervals != nil)
  }

  /// A resource with its summary and those of its intervals that are wanted, if any are.
  func writeResource(
    _ name: NameRecord, by index: IntervalAggregator.ResourceIndex, intervals: IntervalWindow?,
    to json: inout JSONWriter
  ) {
    json.beginObject()
    json.key("resource")
    json.resource(name)
    if let intervals {
      let starts = aggregator.intervals(resource: name.id, by: index)
      json.key("intervals")
      json.array(intervals.of(starts)) { json, start in
        json.summary(
          aggregator.merged(resource: name.id, interval: start, by: index),
          atMs: execution.createdAtMs)
      }
    }
    json.key("summary")
    json.summary(aggregator.merged(resource: name.id, by: index), atMs: execution.createdAtMs)
    json.endObject()
  }

  private func activeClients(_ scope: ReadingScope) -> Int {
    guard execution.running, scope.clients > 0 else { return 0 }
    return aggregator.activeClients(region: scope.region)
  }
}

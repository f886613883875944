import Shared

/// What metrics come to while a test runs: as far as its results are committed.
extension Ingester: MetricSource {
  public func metric(
    of execution: ExecutionID, namespace: String, name: String, resource: String?
  ) throws -> JSONValue? {
    try snapshot(execution) { $0.metric(namespace: namespace, name: name, resource: resource) }
  }
}

extension IntervalAggregator {
  /// The value of a metric over all regions and intervals: a number for a Counter, the statistics
  /// or the counts by key of the others. Nil when nothing of it was recorded.
  ///
  /// - Parameter resource: nil for all resources.
  func metric(namespace: String, name: String, resource: String?) -> JSONValue? {
    var id: NameID?
    if let resource {
      // What was not requested yet has no name.
      guard let found = resources().first(where: { text(of: $0) == resource }) else { return nil }
      id = found
    }
    let known = MetricDefinition.all.first { $0.namespace == namespace && $0.name == name }
    if let known { return merged(resource: id).metric(known)?.json }
    guard let definition = customMetric(namespace: namespace, name: name) else { return nil }
    var aggregate = Aggregate(scope: AggregateScope(execution: execution, resource: id))
    aggregate.custom = mergedCustom(region: nil, resource: id, interval: nil)
    return aggregate.metric(definition)?.json
  }
}

extension MetricValue {
  /// The value alone, as the API shows it.
  var json: JSONValue {
    switch content {
    case .counter(let value): Self.number(value)
    case .keys(let counts):
      .object(JSONObject(counts.map { (key: $0.key, value: .int($0.count)) }))
    case .distribution(let distribution):
      .object(
        JSONObject(
          [(key: "count", value: .int(distribution.count))]
            + distribution.statistics.map { (key: $0.name, value: Self.number($0.value)) }))
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .int($0) } ?? .double(value)
  }
}

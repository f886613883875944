import Shared

/// Aggregates and their metrics as the API shows them.
extension JSONWriter {
  /// A summary, or an interval when the aggregate is of one.
  ///
  /// - Parameters:
  ///   - configuredClients: clients of the scope; 0 where clients do not belong to it.
  ///   - activeClients: those that run now.
  mutating func summary(
    _ aggregate: Aggregate, configuredClients: Int = 0, activeClients: Int = 0,
    atMs: Int64
  ) {
    let scope = aggregate.scope
    beginObject()
    // Before the first result there is no time of its own.
    let created = aggregate.createdAtMs > 0 ? aggregate.createdAtMs : atMs
    let updated = aggregate.updatedAtMs > 0 ? aggregate.updatedAtMs : created
    identity(aggregate.id, createdAtMs: created, updatedAtMs: updated)
    member("executionId", scope.execution)
    if let region = scope.region { member("executionRegionId", region) }
    if let resource = scope.resource { member("resourceId", resource) }
    member("intervalStart", scope.intervalStartMs ?? 0)
    member("iterationsExecuted", aggregate.iterations)
    if aggregate.droppedIterations > 0 {
      member("droppedIterations", aggregate.droppedIterations)
    }
    member("count", aggregate.count)
    member("concurrentClients", configuredClients)
    member("actualConcurrentClients", activeClients)
    member("maxConcurrentClients", aggregate.maxConcurrentClients)
    key("metrics")
    array(aggregate.metrics()) { $0.metric($1) }
    if !aggregate.checks.isEmpty {
      key("checks")
      array(aggregate.checks) { json, check in
        json.beginObject()
        json.member("name", check.name)
        json.member("passes", check.passes)
        json.member("fails", check.fails)
        json.endObject()
      }
    }
    endObject()
  }

  /// - Parameter namespace: whether to say that a metric is of the system's namespace; of another
  ///   it always is said.
  mutating func metric(_ metric: MetricValue, namespace: Bool = false) {
    let definition = metric.definition
    beginObject()
    if namespace || definition.namespace != MetricDefinition.systemNamespace {
      member("namespace", definition.namespace)
    }
    member("metricDef", definition.name)
    member("metricType", definition.type.rawValue)
    switch metric.content {
    case .counter(let value): member("metricValue", value)
    case .keys(let counts):
      key("metricValueMap")
      beginObject()
      for entry in counts { member(entry.key, entry.count) }
      endObject()
    case .distribution(let distribution):
      key("metricValueMap")
      beginObject()
      member("count", distribution.count)
      for statistic in distribution.statistics { member(statistic.name, statistic.value) }
      endObject()
    }
    member("metricUnits", definition.units)
    endObject()
  }

  /// A resource: an interned string with its id.
  mutating func resource(_ name: NameRecord) {
    beginObject()
    identity(name.id.rawValue, createdAtMs: name.createdAtMs, updatedAtMs: name.createdAtMs)
    member("resource", name.name)
    endObject()
  }
}

import Shared

/// Summaries, intervals and resources, for all of an execution or for a part.
extension API {
  func getSummary(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let (readings, scope) = try readings(context)
    var json = JSONWriter()
    readings.writeSummary(scope, to: &json)
    return .json(json)
  }

  func getMetric(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let namespace = query.string("ns") ?? MetricDefinition.systemNamespace
    let name = query.string("name") ?? ""
    // Given twice it is told already.
    if name.isEmpty, !query.errors.contains(where: { $0.field == "name" }) {
      query.fail("name", "is required")
    }
    try query.finish()
    let (readings, scope) = try readings(context)
    let known = MetricDefinition.all.first { $0.namespace == namespace && $0.name == name }
    let custom = readings.aggregator.customMetric(namespace: namespace, name: name)
    guard let definition = known ?? custom else {
      throw Problem(.notFound, "no metric '\(name.prefix(100))' in '\(namespace.prefix(100))'")
    }
    var json = JSONWriter()
    json.metric(
      readings.aggregate(scope).metric(definition) ?? .nothing(definition), namespace: true)
    return .json(json)
  }

  func listIntervals(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let window = IntervalWindow(&query)
    let page = query.page()
    try query.finish()
    let (readings, scope) = try readings(context)
    let wanted = window.of(readings.intervals(scope))
      .dropFirst(page.offset).prefix(page.limit ?? .max)
    // One at a time: a long test has thousands.
    return .stream(
      "application/json",
      .jsonArray(Array(wanted)) { readings.writeInterval($1, scope, to: &$0) })
  }

  func listResources(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let window = IntervalWindow(&query)
    // Whoever says which ones wants some.
    let intervals = query.bool("intervals", default: window.isGiven) ? window : nil
    let page = query.page()
    try query.finish()
    let (readings, scope) = try readings(context, names: true)
    let wanted = readings.resources(scope).dropFirst(page.offset).prefix(page.limit ?? .max)
    let index = readings.index(scope, intervals: intervals)
    return .stream(
      "application/json",
      .jsonArray(Array(wanted)) {
        readings.writeResource($1, by: index, intervals: intervals, to: &$0)
      })
  }

  func getResource(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let window = IntervalWindow(&query)
    let intervals = query.bool("intervals", default: true) ? window : nil
    try query.finish()
    let (readings, scope) = try readings(context, names: true)
    guard let name = readings.resources(scope).first(where: { $0.id == scope.resource }) else {
      throw Problem(.notFound, "no such resource in this execution")
    }
    var json = JSONWriter()
    readings.writeResource(
      name, by: readings.index(scope, intervals: intervals), intervals: intervals, to: &json)
    return .json(json)
  }

  /// Aggregates of the execution in the path, and the part of it that the path names.
  private func readings(
    _ context: RouteContext, names: Bool = false
  ) throws -> (Readings, ReadingScope) {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let readings = try readings(of: target.execution, names: names)
    if let resource = target.resource,
      !readings.aggregator.resources(region: target.region?.id).contains(resource)
    {
      throw Problem(.notFound, "no such resource in this execution")
    }
    return (readings, target.scope)
  }

  /// - Parameter names: whether resources will be shown.
  func readings(of execution: ExecutionRecord, names: Bool) throws -> Readings {
    let aggregator = try ingester.snapshot(execution.id) { $0 }
    guard names else { return Readings(aggregator, of: execution) }
    let records = try store.read { try NameStore.find(aggregator.resources(), in: $0) }
    return Readings(aggregator, of: execution, names: records)
  }
}

extension MetricValue {
  /// What is shown of a metric that nothing was recorded for.
  static func nothing(_ definition: MetricDefinition) -> MetricValue {
    switch definition.type {
    case .counter: MetricValue(definition, .counter(0))
    case .histogram: MetricValue(definition, .keys([]))
    case .timing, .metered:
      MetricValue(definition, .distribution(Distribution(LatencyHistogram(), scale: 1)))
    }
  }
}

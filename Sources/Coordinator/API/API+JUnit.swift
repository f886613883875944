import Shared

/// Executions as test cases.
extension API {
  static func addJUnit(to router: inout Router<Handler>) {
    router.add("GET", pattern: "executions/:id/junit.xml") { try $0.downloadJUnit($1) }
  }

  func downloadJUnit(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let (execution, properties) = try store.read { db in
      let target = try ExecutionTarget(context, in: db)
      return (target.execution, try Self.properties(of: target.execution, in: db))
    }
    let filter = SuiteResultStore.Filter(execution: execution.id)
    let origins = try origins(of: execution.id)
    let totals = try readings(of: execution, names: false).aggregate(ReadingScope())
    var report = JUnitReport(
      execution,
      properties: properties + [
        ("requests", "\(totals.count)"), ("failedRequests", "\(totals.failures)"),
        ("iterations", "\(totals.iterations)"),
      ], nowMs: now())
    report.add(
      try summaries(filter), errors: Dictionary(grouping: try errors(filter), by: \.key),
      region: { origins.name(of: $0) })
    return .stream(
      "application/xml", filename: "execution-\(execution.id)-junit.xml",
      BodyStream(JUnitXML.pieces(report)))
  }

  private static func properties(
    of execution: ExecutionRecord, in db: Database
  ) throws -> [(name: String, value: String)] {
    let configuration = try TestConfigurationStore.find(execution.configuration, in: db)
    let script = try ScriptStore.find(execution.script, in: db)
    var properties: [(name: String, value: String)] = [
      ("executionId", "\(execution.id)"), ("testConfId", "\(execution.configuration)"),
    ]
    if let configuration { properties.append(("testConf", configuration.name)) }
    if let script { properties.append(("script", script.name)) }
    let regions = try ExecutionRegionStore.list(of: execution.id, in: db).compactMap {
      try RegionStore.find($0.region, in: db)?.name
    }
    properties += [
      ("regions", regions.joined(separator: "; ")),
      ("concurrentClients", "\(execution.concurrentClients)"),
      ("throngVersion", throngVersion),
    ]
    return properties
  }
}

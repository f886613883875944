import Shared

/// Raw results.
extension API {
  func listResults(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    var source = ResultTextSource(
      try resultReader(context, target),
      ResultsJSON(execution, regions: try regionNames(of: execution)))
    return .stream("application/json", BodyStream(isBulk: true) { try source.next() })
  }

  /// One row per result, one column per metric.
  func downloadResults(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    var source = ResultTextSource(
      try resultReader(context, target),
      ResultsCSV(execution, regions: try regionNames(of: execution)))
    return .stream(
      "text/csv; charset=utf-8; header=present", filename: "execution-\(execution)-results.csv",
      BodyStream(isBulk: true) { try source.next() })
  }

  private func resultReader(
    _ context: RouteContext, _ target: ExecutionTarget
  ) throws -> ResultReader {
    var query = context.query
    let page = query.page()
    try query.finish()
    try assertResource(of: target)
    return ResultReader(
      store: store, execution: target.execution.id, region: target.region?.id,
      resource: target.resource, page: page)
  }

  /// Throws if the resource that a path names has nothing in the part of the execution.
  func assertResource(of target: ExecutionTarget) throws {
    guard let resource = target.resource else { return }
    let isKnown = try ingester.snapshot(target.execution.id) {
      $0.resources(region: target.region?.id).contains(resource)
    }
    guard isKnown else { throw Problem(.notFound, "no such resource in this execution") }
  }

  func regionName(of region: ExecutionRegionID) throws -> String? {
    try store.read { db in
      try ExecutionRegionStore.find(region, in: db).flatMap {
        try RegionStore.find($0.region, in: db)?.name
      }
    }
  }

  private func regionNames(of execution: ExecutionID) throws -> [ExecutionRegionID: String] {
    try store.read { db in
      var names: [ExecutionRegionID: String] = [:]
      for region in try ExecutionRegionStore.list(of: execution, in: db) {
        names[region.id] = try RegionStore.find(region.region, in: db)?.name
      }
      return names
    }
  }
}

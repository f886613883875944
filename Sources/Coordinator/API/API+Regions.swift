import Shared

extension API {
  func listRegions(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let regions = try store.read { try RegionStore.list(page, in: $0) }
    var json = JSONWriter()
    json.array(regions) { $0.region($1) }
    return .json(json)
  }

  func getRegion(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: RegionID = try context.id("id", "region")
    let region = try store.read { try RegionStore.find(id, in: $0) }
    return .json(Self.json(try Self.found(region, "region", id)))
  }

  /// Adds a region; 409 when there is one of that name.
  func createRegion(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let body = try RegionBody(context.body())
    let region = try store.write { db in
      guard try RegionStore.find(name: body.name, in: db) == nil else {
        throw Problem(.conflict, "there is a region named '\(body.name)' already")
      }
      return try RegionStore.insert(body.record(atMs: now()), in: db)
    }
    return .created(Self.json(region), location: "/regions/\(region.id)")
  }

  private static func json(_ region: RegionRecord) -> JSONWriter {
    var json = JSONWriter()
    json.region(region)
    return json
  }
}

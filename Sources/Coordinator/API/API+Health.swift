import Shared

extension API {
  /// 200 as long as the store can be read.
  func health(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    do {
      _ = try store.read { try RegionStore.list(Page(limit: 1), in: $0) }
    } catch {
      Logger("coordinator.api").error("store unreadable", ["error": "\(error)"])
      throw Problem(.unavailable, "the store cannot be read")
    }
    var json = JSONWriter()
    json.beginObject()
    json.member("status", "ok")
    json.member("version", throngVersion)
    json.endObject()
    return .json(json)
  }
}

import Shared

/// The API's description of itself.
extension API {
  static func addSpecification(to router: inout Router<Handler>) {
    router.add("GET", pattern: "openapi.json") { try $0.getSpecification($1) }
  }

  func getSpecification(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    return HTTPResponse(
      status: 200, headers: [(name: "Content-Type", value: "application/json")],
      body: .bytes(Specification.document))
  }
}

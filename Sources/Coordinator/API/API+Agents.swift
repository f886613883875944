import Shared

extension API {
  func listAgents(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let agents = try control.agents().dropFirst(page.offset).prefix(page.limit ?? .max)
    var json = JSONWriter()
    json.array(agents) { $0.agent($1) }
    return .json(json)
  }

  func getAgent(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: AgentID = try context.id("id", "agent")
    let agent = try control.agents().first { $0.record.id == id }
    var json = JSONWriter()
    json.agent(try Self.found(agent, "agent", id))
    return .json(json)
  }
}

import Shared

/// The execution that a path names, and the part of it.
struct ExecutionTarget {
  let execution: ExecutionRecord
  let region: ExecutionRegionRecord?
  let resource: NameID?

  /// - Throws: 404 when the path names something that is not there.
  init(_ context: RouteContext, in db: Database) throws {
    let id: ExecutionID = try context.id("id", "execution")
    execution = try API.found(try ExecutionStore.find(id, in: db), "execution", id)
    region = try Self.region(context, of: id, in: db)
    resource = try Self.resource(context, in: db)
  }

  var scope: ReadingScope {
    let clients = region?.concurrentClients ?? execution.concurrentClients
    return ReadingScope(
      region: region?.id, resource: resource, clients: resource == nil ? clients : 0)
  }

  private static func region(
    _ context: RouteContext, of execution: ExecutionID, in db: Database
  ) throws -> ExecutionRegionRecord? {
    guard context.parameters["region"] != nil else { return nil }
    let id: ExecutionRegionID = try context.id("region", "execution region")
    guard let record = try ExecutionRegionStore.find(id, in: db), record.execution == execution
    else { throw Problem(.notFound, "no region \(id) in execution \(execution)") }
    return record
  }

  /// A resource by its id, or by its name.
  private static func resource(_ context: RouteContext, in db: Database) throws -> NameID? {
    guard let text = context.parameters["resource"] else { return nil }
    if let number = Int64(text), number > 0 { return NameID(number) }
    guard let id = try NameStore.find(name: text, in: db) else {
      throw Problem(.notFound, "no such resource in this execution")
    }
    return id
  }
}

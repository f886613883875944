import Shared

extension API {
  /// Executions of one configuration, or of all; newest first.
  func listExecutions(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let includes = ExecutionIncludes(list: &query)
    let range = ExecutionRange(&query, nowMs: now())
    try query.finish()
    var filter = ExecutionStore.Filter(fromMs: range.fromMs, toMs: range.toMs)
    if context.parameters["conf"] != nil {
      filter.configuration = try existingConfiguration(context)
    }
    let chosen = filter
    let store = store
    // The text of each script comes along, so pages are small here.
    var source = PagedSource(range.page, pageSize: 15, id: { $0.id.rawValue }) { page in
      try store.read { try ExecutionStore.list(chosen, page, in: $0) }
    }
    return .stream(
      "application/json",
      .jsonArray(batches: { try source.next() }, piece: 1) { json, record in
        try write(record, includes, to: &json)
      })
  }

  func getExecution(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let includes = ExecutionIncludes(single: &query)
    try query.finish()
    let id: ExecutionID = try context.id("id", "execution")
    return .json(try json(id, includes))
  }

  /// Creates an execution, which begins at once unless it is to be started by hand.
  func createExecution(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let configuration = try existingConfiguration(context)
    try context.rejectBody()
    return try created(control.create(configuration))
  }

  func created(_ id: ExecutionID) throws -> HTTPResponse {
    .created(try json(id, .withoutResults), location: "/executions/\(id)")
  }

  func startExecution(_ context: RouteContext) throws -> HTTPResponse {
    try change(context) {
      try context.rejectBody()
      try control.start($0)
    }
  }

  func stopExecution(_ context: RouteContext) throws -> HTTPResponse {
    try change(context) {
      try context.rejectBody()
      try control.stop($0)
    }
  }

  func extendExecution(_ context: RouteContext) throws -> HTTPResponse {
    let id = try existingExecution(context)
    let goal = try ExtensionBody(context.body()).goal
    return try change(context) { _ in try control.extend(id, to: goal) }
  }

  /// Sends an event to every virtual user that runs. Answers the event's number.
  func sendEvent(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id = try existingExecution(context)
    let body = try EventBody(context.body())
    let event = try control.sendEvent(id, name: body.name, contents: body.contents)
    var json = JSONWriter()
    json.beginObject()
    json.member("eventId", event)
    json.endObject()
    return .json(json)
  }

  /// Answers the deleted execution.
  func deleteExecution(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id = try existingExecution(context)
    let json = try json(id, .withoutResults)
    try control.delete(id)
    store.changes.changed(id, .records)
    return .json(json)
  }

  private func change(
    _ context: RouteContext, _ body: (ExecutionID) throws -> Void
  ) throws -> HTTPResponse {
    try context.rejectParameters()
    let id = try existingExecution(context)
    try body(id)
    return .json(try json(id, .withoutResults))
  }

  private func existingExecution(_ context: RouteContext) throws -> ExecutionID {
    let id: ExecutionID = try context.id("id", "execution")
    guard try store.read({ try ExecutionStore.exists(id, in: $0) }) else {
      throw Problem(.notFound, "no execution \(id)")
    }
    return id
  }

  private func existingConfiguration(_ context: RouteContext) throws -> TestConfigurationID {
    let id: TestConfigurationID = try context.id("conf", "test configuration")
    let record = try store.read { try TestConfigurationStore.find(id, in: $0) }
    return try Self.found(record, "test configuration", id).id
  }

  private func json(_ id: ExecutionID, _ includes: ExecutionIncludes) throws -> JSONWriter {
    let record = try store.read { try ExecutionStore.find(id, in: $0) }
    var json = JSONWriter()
    try write(try Self.found(record, "execution", id), includes, to: &json)
    return json
  }

  private func write(
    _ record: ExecutionRecord, _ includes: ExecutionIncludes, to json: inout JSONWriter
  ) throws {
    let details = try store.read { try ExecutionDetails(record, includes, in: $0) }
    let wantsResults = includes.summary || includes.intervals || includes.resources
    let readings =
      wantsResults ? try readings(of: record, names: includes.resources) : nil
    json.execution(details, includes, readings)
  }
}

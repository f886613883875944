import Shared

extension API {
  func listScripts(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let scripts = try store.read { try ScriptStore.list(page, in: $0) }
    var json = JSONWriter()
    json.array(scripts) { $0.script($1) }
    return .json(json)
  }

  func createScript(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let body = try ScriptBody(context.body())
    let at = now()
    let script = try store.write { db in
      try ScriptStore.insert(body.record(id: ScriptID(0), createdAtMs: at, updatedAtMs: at), in: db)
    }
    return .created(Self.json(script), location: "/scripts/\(script.id)")
  }

  func getScript(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: ScriptID = try context.id("id", "script")
    let script = try store.read { try ScriptStore.find(id, in: $0) }
    return .json(Self.json(try Self.found(script, "script", id)))
  }

  func updateScript(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: ScriptID = try context.id("id", "script")
    let at = now()
    _ = try Self.found(try store.read { try ScriptStore.find(id, in: $0) }, "script", id)
    // Nobody else may have to wait until it is compiled.
    let body = try ScriptBody(context.body())
    let script = try store.write { db in
      let old = try Self.found(try ScriptStore.find(id, in: db), "script", id)
      let script = body.record(id: id, createdAtMs: old.createdAtMs, updatedAtMs: at)
      _ = try ScriptStore.update(script, in: db)
      return script
    }
    return .json(Self.json(script))
  }

  /// Answers the deleted script.
  func deleteScript(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: ScriptID = try context.id("id", "script")
    let script = try store.write { db in
      let script = try Self.found(try ScriptStore.find(id, in: db), "script", id)
      if try ScriptStore.isUsed(id, in: db) {
        throw Problem(
          .conflict, "script \(id) is used by test configurations or executions")
      }
      _ = try ScriptStore.delete(id, in: db)
      return script
    }
    return .json(Self.json(script))
  }

  private static func json(_ script: ScriptRecord) -> JSONWriter {
    var json = JSONWriter()
    json.script(script, content: true)
    return json
  }

  /// The thing, or 404 when it is nil.
  static func found<Thing, Entity>(
    _ thing: Thing?, _ what: String, _ id: Identifier<Entity>
  ) throws -> Thing {
    guard let thing else { throw Problem(.notFound, "no \(what) \(id)") }
    return thing
  }
}

import Shared

extension API {
  func listConfigurations(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let configurations = try store.read { try TestConfigurationStore.list(page, in: $0) }
    var json = JSONWriter()
    json.array(configurations) { $0.configuration($1) }
    return .json(json)
  }

  func createConfiguration(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let configuration = try insertConfiguration(configurationBody(context))
    return .created(
      Self.json(configuration), location: "/test-confs/\(configuration.id)")
  }

  /// Stores a new configuration, and its script when it came along.
  private func insertConfiguration(
    _ body: TestConfigurationBody
  ) throws -> TestConfigurationRecord {
    let at = now()
    return try store.write { db in
      let record = try body.record(
        id: TestConfigurationID(0), createdAtMs: at, updatedAtMs: at, in: db)
      return try TestConfigurationStore.insert(record, in: db)
    }
  }

  func getConfiguration(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: TestConfigurationID = try context.id("id", "test configuration")
    let configuration = try store.read { try TestConfigurationStore.find(id, in: $0) }
    return .json(Self.json(try Self.found(configuration, "test configuration", id)))
  }

  /// Replaces a configuration; executions keep what they were created with.
  func updateConfiguration(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: TestConfigurationID = try context.id("id", "test configuration")
    let at = now()
    let body = try configurationBody(context)
    let configuration = try store.write { db in
      let old = try Self.found(
        try TestConfigurationStore.find(id, in: db), "test configuration", id)
      let record = try body.record(
        id: id, createdAtMs: old.createdAtMs, updatedAtMs: at, replacing: old, in: db)
      _ = try TestConfigurationStore.update(record, in: db)
      return record
    }
    return .json(Self.json(configuration))
  }

  /// Answers the deleted configuration.
  func deleteConfiguration(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: TestConfigurationID = try context.id("id", "test configuration")
    let (configuration, baselines) = try store.write { db in
      let record = try Self.found(
        try TestConfigurationStore.find(id, in: db), "test configuration", id)
      let executions = try ExecutionStore.list(
        ExecutionStore.Filter(configuration: id), Page(limit: 1), in: db)
      guard executions.isEmpty else {
        throw Problem(.conflict, "test configuration \(id) has executions; delete them first")
      }
      let baselines = try BaselineStore.list(of: id, in: db)
      _ = try TestConfigurationStore.delete(id, in: db)
      return (record, baselines)
    }
    BaselineFiles(store).remove(baselines.map(\.id))
    return .json(Self.json(configuration))
  }

  /// Script, configuration and execution in one call. Answers the execution.
  func startAtOnce(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let body = try configurationBody(context, standardName: "Test")
    let configuration = try insertConfiguration(body)
    do {
      return try created(control.create(configuration.id))
    } catch {
      try remove(configuration, withScript: body.hasOwnScript)
      throw error
    }
  }

  /// What was made for a test that was refused goes with it.
  private func remove(_ configuration: TestConfigurationRecord, withScript: Bool) throws {
    try store.write { db in
      let executions = try ExecutionStore.list(
        ExecutionStore.Filter(configuration: configuration.id), Page(limit: 1), in: db)
      guard executions.isEmpty else { return }
      _ = try TestConfigurationStore.delete(configuration.id, in: db)
      if withScript, try !ScriptStore.isUsed(configuration.script, in: db) {
        _ = try ScriptStore.delete(configuration.script, in: db)
      }
    }
  }

  private static func json(_ configuration: TestConfigurationRecord) -> JSONWriter {
    var json = JSONWriter()
    json.configuration(configuration)
    return json
  }
}

import Shared

/// Images that output files are to look like.
extension API {
  static func addDataStores(to router: inout Router<Handler>) {
    router.add("GET", pattern: "data-stores") { try $0.listDataStores($1) }
    router.add("GET", pattern: "data-stores/:id") { try $0.getDataStore($1) }
    router.add("DELETE", pattern: "data-stores/:id") { try $0.deleteDataStore($1) }
    router.add("GET", pattern: "data-stores/:id/download") {
      try $0.dataStoreContent($1, .attachment)
    }
    router.add("GET", pattern: "data-stores/:id/view") { try $0.dataStoreContent($1, .inline) }
    router.add("POST", pattern: "output-files/:id/accept-baseline") {
      try $0.acceptBaseline($1)
    }
  }

  private func listDataStores(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    let configuration = query.int64("testConf").map { TestConfigurationID($0) }
    try query.finish()
    let base = Self.base(of: context.request)
    var source = PagedSource(page, id: { (record: BaselineRecord) in record.id.rawValue }) {
      page in try store.read { try BaselineStore.list(of: configuration, page, in: $0) }
    }
    return .stream(
      "application/json",
      .jsonArray(batches: { try source.next() }, piece: 100) { $0.dataStore($1, base: base) })
  }

  private func getDataStore(_ context: RouteContext) throws -> HTTPResponse {
    .json(json(try baseline(context), context.request))
  }

  private func dataStoreContent(
    _ context: RouteContext, _ disposition: FileAnswer.Disposition
  ) throws -> HTTPResponse {
    try answer(for: try baseline(context)).response(to: context.request, disposition)
  }

  /// Answers the deleted one. Where it was the current one, the next image of its name takes its
  /// place.
  private func deleteDataStore(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: BaselineID = try context.id("id", "data store")
    let record = try store.write { db in
      let record = try Self.found(try BaselineStore.find(id, in: db), "data store", id)
      try BaselineStore.delete(id, in: db)
      return record
    }
    BaselineFiles(store).remove([id])
    return .json(json(record, context.request))
  }

  /// From now on, files of this one's kind are to look like it. Answers the new data store, or the
  /// one that it is already.
  private func acceptBaseline(_ context: RouteContext) throws -> HTTPResponse {
    let file = try completeFile(context)
    let at = now()
    let files = BaselineFiles(store)
    let (record, isNew, unused) = try store.write { db in
      let (name, configuration) = try Self.comparable(file, in: db)
      let current = try BaselineStore.current(name, of: configuration, in: db)
      if let current, current.file == file.id { return (current, false, [BaselineID]()) }
      let record = try files.makeBaseline(
        file, named: name, of: configuration, isFirst: current == nil, atMs: at, in: store, db)
      return (record, true, try BaselineStore.deleteUnused(in: db))
    }
    files.remove(unused)
    let json = json(record, context.request)
    return isNew ? .created(json, location: "/data-stores/\(record.id)") : .json(json)
  }

  /// What a file is compared with by name, and where.
  private static func comparable(
    _ file: OutputFileRecord, in db: Database
  ) throws -> (name: String, configuration: TestConfigurationID) {
    guard let comparison = try ComparisonStore.find(file.id, in: db),
      let execution = try ExecutionStore.find(file.execution, in: db)
    else {
      throw Problem(
        .conflict, "output file \(file.id) was not written to be compared with anything")
    }
    guard comparison.isDone else {
      throw Problem(.conflict, "output file \(file.id) is yet to be compared; try again")
    }
    if let problem = comparison.problem, comparison.percent == nil {
      throw Problem(.conflict, "output file \(file.id) could not be compared: \(problem)")
    }
    return (comparison.name, execution.configuration)
  }

  /// The data store that a path names.
  func baseline(_ context: RouteContext) throws -> BaselineRecord {
    try context.rejectParameters()
    let id: BaselineID = try context.id("id", "data store")
    return try Self.found(
      try store.read { try BaselineStore.find(id, in: $0) }, "data store", id)
  }

  func answer(for baseline: BaselineRecord) -> FileAnswer {
    FileAnswer(
      path: BaselineFiles(store).path(baseline.id), name: baseline.name,
      type: baseline.contentType, charset: baseline.charset, size: baseline.size,
      tag: "\"d\(baseline.id)-\(baseline.createdAtMs)\"")
  }

  private func json(_ record: BaselineRecord, _ request: HTTPRequest) -> JSONWriter {
    var json = JSONWriter()
    json.dataStore(record, base: Self.base(of: request))
    return json
  }
}

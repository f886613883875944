import Shared

/// CSV tables for scripts.
extension API {
  func listDataTables(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    try query.finish()
    let tables = try store.read { try DataTableStore.list(page, in: $0) }
    var json = JSONWriter()
    json.array(tables) { $0.dataTable($1) }
    return .json(json)
  }

  func getDataTable(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: DataTableID = try context.id("id", "data table")
    let table = try store.read { try DataTableStore.find(id, in: $0) }
    return .json(Self.json(try Self.found(table, "data table", id)))
  }

  /// Where the body of a request goes that is too long for memory; nil for all others.
  public func sink(for request: HTTPRequest) -> (any BodySink)? {
    guard request.method == "POST", request.path == ["data-tables"], request.isCSV else {
      return nil
    }
    return TableUpload(tables)
  }

  /// Takes a table: CSV under `?name=`, or JSON with its text as `content`.
  func createDataTable(_ context: RouteContext) throws -> HTTPResponse {
    let (name, upload, errors) =
      context.request.isCSV ? try readCSV(context) : try readJSON(context)
    let all = errors + upload.finish()
    guard all.isEmpty else { throw Problem.invalid(all) }
    let table = try upload.store(name, atMs: now(), in: store)
    return .created(Self.json(table), location: "/data-tables/\(table.id)")
  }

  private func readCSV(
    _ context: RouteContext
  ) throws -> (name: String, upload: TableUpload, errors: [FieldError]) {
    if context.request.bodyIsTooLarge {
      throw Problem(.bodyTooLarge, "a data table may have at most \(Limits.tableBytesMax) bytes")
    }
    var query = context.query
    let name = query.string("name") ?? ""
    if !(1...Limits.sharedNameLengthMax).contains(name.unicodeScalars.count) {
      query.fail("name", "must have 1 to \(Limits.sharedNameLengthMax) characters")
    }
    query.rejectOthers()
    if let upload = context.request.sink as? TableUpload { return (name, upload, query.errors) }
    let upload = TableUpload(tables)
    context.request.body.withUnsafeBytes { upload.take($0) }
    return (name, upload, query.errors)
  }

  private func readJSON(
    _ context: RouteContext
  ) throws -> (name: String, upload: TableUpload, errors: [FieldError]) {
    // Clients say "form" or nothing of whatever they send, unless they are told otherwise.
    guard !context.query.has("name") else {
      throw Problem(
        .unsupportedMediaType, "a table under ?name= must come as text/csv, or else as JSON")
    }
    try context.rejectParameters()
    var reader = FieldReader(try context.body())
    let name = reader.string("name", required: true, maxLength: Limits.sharedNameLengthMax)
    let content = reader.string(
      "content", required: true, maxLength: Limits.requestBodyBytesMax)
    reader.finish()
    guard var content else { throw Problem.invalid(reader.errors) }
    let upload = TableUpload(tables)
    content.withUTF8 { upload.take(UnsafeRawBufferPointer($0)) }
    return (name ?? "", upload, reader.errors)
  }

  /// Answers the deleted table. Executions that run go on reading it.
  func deleteDataTable(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    let id: DataTableID = try context.id("id", "data table")
    let table = try store.write { db in
      let table = try Self.found(try DataTableStore.find(id, in: db), "data table", id)
      _ = try DataTableStore.delete(id, in: db)
      return table
    }
    tables.remove(id)
    return .json(Self.json(table))
  }

  private var tables: DataTableFiles { DataTableFiles(store) }

  private static func json(_ table: DataTableRecord) -> JSONWriter {
    var json = JSONWriter()
    json.dataTable(table)
    return json
  }
}

extension HTTPRequest {
  fileprivate var isCSV: Bool {
    let type = header("Content-Type")?.prefix { $0 != ";" }.lowercased()
    return type?.filter { $0 != " " && $0 != "\t" } == "text/csv"
  }
}

extension JSONWriter {
  mutating func dataTable(_ table: DataTableRecord) {
    beginObject()
    identity(table.id.rawValue, createdAtMs: table.createdAtMs, updatedAtMs: table.updatedAtMs)
    member("name", table.name)
    key("columns")
    array(table.columns) { $0.string($1) }
    member("rows", table.rows)
    member("length", table.bytes)
    endObject()
  }
}

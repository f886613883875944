import Shared

/// Files that scripts wrote.
extension API {
  func listOutputFiles(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    var query = context.query
    let selection = OutputFileSelection(&query, of: target.execution.id)
    try query.finish()
    let origins = try origins(of: target.execution.id)
    let wanted = try files(selection, of: target.execution.id, origins)
    let base = Self.base(of: context.request)
    let comparisons = try store.read { try FileComparisons(of: target.execution.id, in: $0) }
    return .stream(
      "application/json",
      .jsonArray(wanted) { $0.outputFile($1, origins, comparisons, base: base) })
  }

  func files(
    _ selection: OutputFileSelection, of execution: ExecutionID, _ origins: RunOrigins
  ) throws -> [OutputFileRecord] {
    try selection.files(origins, in: store) {
      var filter = SuiteResultStore.Filter(execution: execution)
      filter.failedOnly = true
      return try assertions(filter, .all)
    }
  }

  /// Scheme and host as the client named them, so that URLs of answers can be followed.
  static func base(of request: HTTPRequest) -> String {
    guard let host = request.header("Host"), !host.isEmpty, host.utf8.count <= 255 else {
      return ""
    }
    let isPlain = host.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: ".-:[]_".utf8.contains(byte)
      }
    }
    return isPlain ? "http://\(host)" : ""
  }

  func downloadOutputFile(_ context: RouteContext) throws -> HTTPResponse {
    try outputFile(context, .attachment)
  }

  func viewOutputFile(_ context: RouteContext) throws -> HTTPResponse {
    try outputFile(context, .inline)
  }

  private func outputFile(
    _ context: RouteContext, _ disposition: FileAnswer.Disposition
  ) throws -> HTTPResponse {
    try answer(for: try completeFile(context)).response(to: context.request, disposition)
  }

  /// The output file that a path names.
  func completeFile(_ context: RouteContext) throws -> OutputFileRecord {
    try context.rejectParameters()
    // The entity does not matter: files have no type of ids.
    let id: Identifier<Never> = try context.id("id", "output file")
    let record = try store.read { try OutputFileStore.find(id.rawValue, in: $0) }
    return try Self.found(record.flatMap { $0.isComplete ? $0 : nil }, "output file", id)
  }

  func answer(for file: OutputFileRecord) -> FileAnswer {
    FileAnswer(
      path: store.outputFiles.path(of: file.id, execution: file.execution),
      name: file.metadata.name, type: file.metadata.contentType, charset: file.metadata.charset,
      size: file.size, tag: "\"f\(file.id)-\(file.createdAtMs)\"")
  }
}

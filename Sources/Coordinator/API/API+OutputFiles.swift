import Shared

/// Files that scripts wrote.
extension API {
  func listOutputFiles(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    var query = context.query
    let selection = OutputFileSelection(&query, of: target.execution.id)
    try query.finish()
    let origins = try origins(of: target.execution.id)
    let wanted = try selection.files(origins, in: store)
    let base = Self.base(of: context.request)
    return .stream(
      "application/json", .jsonArray(wanted) { $0.outputFile($1, origins, base: base) })
  }

  /// Scheme and host as the client named them, so that URLs of answers can be followed.
  private static func base(of request: HTTPRequest) -> String {
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
    try outputFile(context, disposition: "attachment")
  }

  func viewOutputFile(_ context: RouteContext) throws -> HTTPResponse {
    try outputFile(context, disposition: "inline")
  }

  private func outputFile(
    _ context: RouteContext, disposition: String
  ) throws -> HTTPResponse {
    try context.rejectParameters()
    // The entity does not matter: files have no type of ids.
    let id: Identifier<Never> = try context.id("id", "output file")
    let record = try store.read { try OutputFileStore.find(id.rawValue, in: $0) }
    let file = try Self.found(record.flatMap { $0.isComplete ? $0 : nil }, "output file", id)
    let reader = try OutputFileReader(
      path: store.outputFiles.path(of: file.id, execution: file.execution))
    var response = HTTPResponse.stream(
      Self.safeType(file.metadata.contentType), BodyStream { try reader.next() })
    response.headers += [
      (name: "Content-Disposition", value: Self.disposition(disposition, file.metadata.name)),
      // Whatever a script wrote: it must not run as a page of this server.
      (name: "X-Content-Type-Options", value: "nosniff"),
      (name: "Content-Security-Policy", value: "sandbox; default-src 'none'"),
    ]
    return response
  }

  /// A media type that is safe to put into a header.
  private static func safeType(_ type: String) -> String {
    let sides = type.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain =
      sides.count == 2 && sides.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isToken) }
    return isPlain ? type : "application/octet-stream"
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$&-^_.+".utf8.contains(byte)
    }
  }

  /// The name twice (RFC 6266): for old readers in ASCII, for others in UTF-8.
  private static func disposition(_ kind: String, _ name: String) -> String {
    var plain = ""
    for scalar in name.unicodeScalars {
      let isSafe = scalar.isASCII && scalar != "\"" && scalar != "\\" && scalar.value >= 0x20
      plain.unicodeScalars.append(isSafe ? scalar : "_")
    }
    var encoded = ""
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    for byte in name.utf8 {
      if isToken(byte) {
        encoded.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        encoded += "%"
        encoded.unicodeScalars.append(digits[Int(byte >> 4)])
        encoded.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
  }
}

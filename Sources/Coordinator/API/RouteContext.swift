import Shared

/// What a handler knows of the request it answers.
struct RouteContext {
  let request: HTTPRequest
  let parameters: [String: String]

  /// Reader of the URL's parameters.
  var query: QueryReader { QueryReader(request.query ?? []) }

  /// Throws if there is any parameter, for routes that take none.
  func rejectParameters() throws {
    var query = query
    try query.finish()
  }

  /// An id of the path. What cannot be an id is as little to be found as an id that nothing has.
  func id<Entity>(_ name: String, _ what: String) throws -> Identifier<Entity> {
    let text = parameters[name] ?? ""
    guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int64(text) else {
      throw Problem(.notFound, "no \(what) '\(Self.shortened(text))'")
    }
    return Identifier(number)
  }

  /// The body as a JSON object.
  func body() throws -> JSONObject {
    if request.bodyIsTooLarge {
      throw Problem(
        .bodyTooLarge, "a body may have at most \(Limits.requestBodyBytesMax) bytes")
    }
    try checkMediaType()
    guard case .object(let object) = try JSONValue.parse(untrusted: request.body) else {
      throw Problem.invalid([FieldError(field: "", message: "the body must be a JSON object")])
    }
    return object
  }

  /// Throws if the body asks for anything, for routes that take none: what is asked for must not
  /// be ignored in silence. An empty object asks for nothing.
  func rejectBody() throws {
    guard !request.body.isEmpty || request.bodyIsTooLarge else { return }
    var fields = FieldReader(try body())
    fields.finish()
    try fields.check()
  }

  /// A form is no JSON, although `curl -d` calls everything one: pages of other sites may send
  /// forms without being asked.
  private func checkMediaType() throws {
    guard let header = request.header("Content-Type") else { return }
    let type = header.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    if type != "application/json", !type.hasSuffix("+json") {
      throw Problem(
        .unsupportedMediaType,
        "the body must be application/json, not \(Self.shortened(header))")
    }
  }

  /// Texts from outside are repeated only so far.
  private static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= 100 ? text : String(text.prefix(100)) + "…"
  }
}

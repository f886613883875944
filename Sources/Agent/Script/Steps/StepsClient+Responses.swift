import Shared

/// What a response means to the script.
extension StepsClient {
  /// Extracts first, so that checks may refer to what was extracted.
  mutating func evaluate(
    _ request: CompiledRequest, _ response: borrowing ScriptResponse, _ sink: some CheckSink
  ) {
    var body = ResponseBody()
    for extraction in request.extractions {
      // Without a response the variable loses its value too: a stale one would be a lie.
      variables[extraction.slot] = extract(extraction.source, response, &body, sink)
    }
    for check in request.checks {
      sink.check(check.index, passed: passes(check.kind, response, &body))
    }
  }

  private mutating func extract(
    _ source: CompiledExtraction.Source, _ response: borrowing ScriptResponse,
    _ body: inout ResponseBody, _ sink: some CheckSink
  ) -> JSONValue? {
    guard response.error == .none else { return nil }
    switch source {
    case .json(let path): return body.json(response.body).flatMap { path.first(in: $0) }
    case .header(let name): return Self.header(name, response.headers).map { .string($0) }
    case .regex(let regex):
      switch regex.firstMatch(in: body.regexText(response.body)) {
      case .found(let text): return .string(text)
      case .nothing: return nil
      case .givenUp(let reason):
        failed = true
        sink.searchGivenUp(reason)
        return nil
      }
    }
  }

  private mutating func passes(
    _ check: CompiledCheck.Kind, _ response: borrowing ScriptResponse, _ body: inout ResponseBody
  ) -> Bool {
    // A failed request has fulfilled nothing, not even being quick or lacking a header.
    guard response.error == .none else { return false }
    switch check {
    case .status(let codes): return codes.contains(response.status)
    case .maxMicros(let micros): return response.totalMicros <= micros
    case .bodyContains(let template):
      var problem: String?
      let text = text(template, &problem)
      return problem == nil && ByteSearch.contains(response.body, Array(text.utf8))
    case .json(let path, let test):
      guard let json = body.json(response.body) else { return false }
      return passes(test, path.first(in: json))
    case .header(let name, let test):
      return passes(test, Self.header(name, response.headers).map { .string($0) })
    }
  }

  private mutating func passes(_ test: CompiledCheck.Test, _ value: JSONValue?) -> Bool {
    if case .exists(let exists) = test { return (value != nil) == exists }
    guard let value else { return false }
    switch test {
    case .exists: return true
    case .equalsValue(let expected): return value.equalsJSON(expected)
    case .equals(let template):
      guard let expected = self.value(template) else { return false }
      return value.equalsLoosely(expected)
    case .contains(let template):
      var problem: String?
      let text = text(template, &problem)
      if problem != nil { return false }
      if case .array(let elements) = value {
        return elements.contains { $0.templateText == text }
      }
      return ByteSearch.contains(Array(value.templateText.utf8), Array(text.utf8))
    }
  }

  private static func header(
    _ name: String, _ headers: borrowing [(name: String, value: String)]
  ) -> String? {
    for index in headers.indices where equalNames(headers[index].name, name) {
      return headers[index].value
    }
    return nil
  }

  /// Header names are ASCII and compare without case.
  private static func equalNames(_ left: String, _ right: String) -> Bool {
    func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    return left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
  }
}

/// Forms of a body, each made at most once per response and only when asked for.
struct ResponseBody {
  private enum Parsed {
    case unread
    case invalid
    case value(JSONValue)
  }

  private var parsed = Parsed.unread
  private var regexText: RegexText?

  /// The body as JSON, or nil when it is none.
  mutating func json(_ bytes: [UInt8]) -> JSONValue? {
    switch parsed {
    case .value(let value): return value
    case .invalid: return nil
    case .unread:
      let value = try? JSONValue.parse(bytes)
      parsed = value.map { .value($0) } ?? .invalid
      return value
    }
  }

  /// The body as regular expressions search it.
  mutating func regexText(_ bytes: [UInt8]) -> RegexText {
    if let regexText { return regexText }
    let text = RegexText(bytes)
    regexText = text
    return text
  }
}

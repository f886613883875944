extension StepsParser {
  /// Reads the members of a request step: `request`, `extract`, `check`.
  mutating func parseRequest(_ step: inout FieldReader) -> RequestStep? {
    let extractions = parseExtractions(&step)
    let checks = parseChecks(&step)
    guard let object = step.object("request", required: true) else { return nil }
    var reader = FieldReader(object, path: step.path(of: "request"))
    let method = parseMethod(&reader)
    let url = parseURL(&reader)
    let name = parseTemplate("name", &reader, maxLength: 1_000)
    if let name, name.parts.isEmpty { reader.fail("name", "must not be empty") }
    var headers = parseHeaders(&reader)
    let body = parseBody(&reader)
    let timeoutMs = reader.int("timeoutMs", range: 1...Limits.stepsSleepMsMax)
    if let type = body?.contentType,
      !headers.contains(where: { $0.name.lowercased() == "content-type" })
    {
      headers.append(HeaderTemplate(name: "Content-Type", value: Template(text: type)))
    }
    finish(&reader)
    guard let url else { return nil }
    return RequestStep(
      method: method, url: url, name: name, headers: headers, body: body, timeoutMs: timeoutMs,
      extractions: extractions, checks: checks)
  }

  private mutating func parseMethod(_ reader: inout FieldReader) -> String {
    guard let method = reader.string("method", maxLength: 32) else { return "GET" }
    if !HTTPToken.isToken(method) { reader.fail("method", "must be a method name such as GET") }
    return method
  }

  private mutating func parseURL(_ reader: inout FieldReader) -> Template? {
    guard let url = parseTemplate("url", &reader, required: true) else { return nil }
    guard case .text(let start) = url.parts.first else { return url }
    if start.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
      reader.fail("url", "must not contain spaces or control characters")
    }
    let scheme = ["http://", "https://"].first { start.lowercased().hasPrefix($0) }
    if let scheme {
      let host = start.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
      if host.isEmpty, url.parts.count == 1 || start.count > scheme.count {
        reader.fail("url", "must name a host")
      }
    } else if url.parts.count == 1 || !"https://".hasPrefix(start.lowercased()) {
      reader.fail("url", "must be an http:// or https:// URL")
    }
    return url
  }

  private mutating func parseHeaders(_ reader: inout FieldReader) -> [HeaderTemplate] {
    guard let object = reader.object("headers") else { return [] }
    let headers = parseFields(object, reader.path(of: "headers"))
    for header in headers {
      let field = "\(reader.path(of: "headers")).\(header.name)"
      if !HTTPToken.isToken(header.name) { fail(field, "is not a header name") }
      if header.value.source.unicodeScalars.contains(where: Self.isControl) {
        fail(field, "must not contain control characters")
      }
    }
    return headers
  }

  /// Reads an object of templates.
  private mutating func parseFields(_ object: JSONObject, _ path: String) -> [HeaderTemplate] {
    if object.members.count > Limits.stepsFieldsPerRequestMax {
      fail(path, "must have at most \(Limits.stepsFieldsPerRequestMax) members")
      return []
    }
    var reader = FieldReader(object, path: path)
    var fields: [HeaderTemplate] = []
    for (name, _) in object.members {
      if let value = parseTemplate(name, &reader) {
        fields.append(HeaderTemplate(name: name, value: value))
      }
    }
    finish(&reader)
    return fields
  }

  private mutating func parseBody(_ reader: inout FieldReader) -> BodyTemplate? {
    if reader.has("body"), reader.has("form") {
      reader.fail("form", "cannot be given together with body")
      _ = reader.value("body")
    }
    if let form = reader.object("form") {
      return .form(parseFields(form, reader.path(of: "form")))
    }
    switch reader.value("body") {
    case nil: return nil
    case .some(.string):
      return parseTemplate("body", &reader, maxLength: Limits.requestBodyBytesMax)
        .map { .text($0) }
    case .some(let json):
      var writer = JSONWriter()
      var parts: [BodyTemplate.JSONPart] = []
      appendJSON(json, field: reader.path(of: "body"), &writer, &parts)
      if !writer.bytes.isEmpty { parts.append(.bytes(writer.bytes)) }
      return .json(parts)
    }
  }

  /// Writes JSON whose strings may be templates; each template becomes a part of its own.
  private mutating func appendJSON(
    _ json: JSONValue, field: String, _ writer: inout JSONWriter,
    _ parts: inout [BodyTemplate.JSONPart]
  ) {
    switch json {
    case .string(let text):
      guard let template = parseTemplate(text, field: field) else { return }
      if let plain = template.plainText { return writer.string(plain) }
      // Nothing as a value makes the writer place the comma that the template needs before it.
      writer.raw([])
      parts.append(.bytes(writer.bytes))
      writer.bytes.removeAll()
      parts.append(.value(template))
    case .array(let elements):
      writer.beginArray()
      for (index, element) in elements.enumerated() {
        appendJSON(element, field: "\(field)[\(index)]", &writer, &parts)
      }
      writer.endArray()
    case .object(let object):
      writer.beginObject()
      for (name, value) in object.members {
        writer.key(name)
        appendJSON(value, field: "\(field).\(name)", &writer, &parts)
      }
      writer.endObject()
    default: writer.value(json)
    }
  }

  private static func isControl(_ scalar: UnicodeScalar) -> Bool {
    scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F
  }
}

extension BodyTemplate {
  /// What is sent as `Content-Type` unless the script names one; for texts as `fetch` does it.
  fileprivate var contentType: String {
    switch self {
    case .text: "text/plain;charset=UTF-8"
    case .json: "application/json"
    case .form: "application/x-www-form-urlencoded"
    }
  }
}

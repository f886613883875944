import Shared

/// Filling templates.
extension StepsClient {
  /// The value that a source has now, or nil.
  mutating func value(_ source: ValueSource) -> JSONValue? {
    switch source {
    case .constant(let value): value
    case .missing: nil
    case .client(let field): value(field)
    case .slot(let slot, let path, _): variables[slot].flatMap { path.first(in: $0) }
    case .random(let min, let max): .int(Int64.random(in: min...max, using: &random))
    case .uuid: .string(random.uuid())
    }
  }

  private func value(_ field: ClientField) -> JSONValue {
    switch field {
    case .id, .index: .int(Int64(identity.client))
    case .regionalIndex: .int(Int64(identity.regionalIndex))
    case .iteration: .int(Int64(iteration))
    case .region: .string(identity.region)
    case .execution: .int(identity.execution)
    case .chunk: .int(identity.chunk)
    }
  }

  /// The value of a template; one that mixes text and places is a string.
  mutating func value(_ template: CompiledTemplate) -> JSONValue? {
    switch template {
    case .constant(let text): return .string(text)
    case .value(let source): return value(source)
    case .mixed:
      var problem: String?
      let text = text(template, &problem)
      return problem == nil ? .string(text) : nil
    }
  }

  /// The text of a template. A value that is missing sets `problem` and leaves a hole.
  mutating func text(_ template: CompiledTemplate, _ problem: inout String?) -> String {
    switch template {
    case .constant(let text): return text
    case .value(let source): return text(source, &problem)
    case .mixed(let parts):
      var text = ""
      for part in parts {
        switch part {
        case .text(let plain): text += plain
        case .value(let source): text += self.text(source, &problem)
        }
      }
      return text
    }
  }

  private mutating func text(_ source: ValueSource, _ problem: inout String?) -> String {
    if let value = value(source) { return value.templateText }
    note(source, &problem)
    return ""
  }

  private func note(_ source: ValueSource, _ problem: inout String?) {
    guard problem == nil else { return }
    switch source {
    case .missing(let name), .slot(_, _, let name): problem = "\(name) has no value"
    default: problem = "a template has no value"
    }
  }

  /// Fills a request; what cannot be filled makes it one with a problem.
  mutating func render(_ request: CompiledRequest) -> ScriptRequest {
    var problem: String?
    let name = request.name.map { text($0, &problem) }
    let url = text(request.url, &problem)
    var headers: [(name: String, value: String)] = []
    headers.reserveCapacity(request.headers.count)
    for header in request.headers {
      headers.append((name: header.name, value: text(header.value, &problem)))
    }
    let body = request.body.map { render($0, &problem) }
    return ScriptRequest(
      method: request.method, url: url, name: name, headers: headers, body: body,
      timeoutMs: request.timeoutMs, needsBody: request.needsBody,
      needsHeaders: request.needsHeaders,
      problem: problem.map { RequestProblem($0) } ?? RequestRules.problem(headers: headers))
  }

  private mutating func render(_ body: CompiledBody, _ problem: inout String?) -> [UInt8] {
    switch body {
    case .constant(let bytes): return bytes
    case .text(let template): return Array(text(template, &problem).utf8)
    case .form(let fields):
      var pairs: [(name: String, value: String)] = []
      for field in fields { pairs.append((name: field.name, value: text(field.value, &problem))) }
      return FormEncoding.encode(pairs)
    case .json(let parts):
      var bytes: [UInt8] = []
      for part in parts {
        switch part {
        case .bytes(let constant): bytes += constant
        case .value(.value(let source)):
          if let value = value(source) { bytes += value.encoded() } else { note(source, &problem) }
        case .value(let template): bytes += JSONValue.string(text(template, &problem)).encoded()
        }
      }
      return bytes
    }
  }
}

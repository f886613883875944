import Shared

/// A request step ready to run.
///
/// A class, so that handing it around on the hot path costs a reference and no copy.
final class CompiledRequest: Sendable {
  /// The request itself when nothing in it changes.
  let constant: ScriptRequest?
  let method: String
  let url: CompiledTemplate
  let name: CompiledTemplate?
  let headers: [(name: String, value: CompiledTemplate)]
  let body: CompiledBody?
  let timeoutMs: Int?
  let extractions: [CompiledExtraction]
  let checks: [CompiledCheck]
  let needsBody: Bool
  let needsHeaders: Bool

  init(
    step: RequestStep, url: CompiledTemplate, name: CompiledTemplate?,
    headers: [(name: String, value: CompiledTemplate)], body: CompiledBody?,
    extractions: [CompiledExtraction], checks: [CompiledCheck]
  ) {
    method = step.method
    self.url = url
    self.name = name
    self.headers = headers
    self.body = body
    timeoutMs = step.timeoutMs
    self.extractions = extractions
    self.checks = checks
    needsBody =
      extractions.contains { $0.source.readsBody } || checks.contains { $0.kind.readsBody }
    needsHeaders =
      extractions.contains { !$0.source.readsBody } || checks.contains { $0.kind.readsHeaders }
    constant = Self.constantRequest(
      step, url, name, headers, body, needsBody: needsBody, needsHeaders: needsHeaders)
  }

  private static func constantRequest(
    _ step: RequestStep, _ url: CompiledTemplate, _ name: CompiledTemplate?,
    _ headers: [(name: String, value: CompiledTemplate)], _ body: CompiledBody?,
    needsBody: Bool, needsHeaders: Bool
  ) -> ScriptRequest? {
    guard let url = url.constantText, name == nil || name?.constantText != nil else { return nil }
    var fields: [(name: String, value: String)] = []
    for header in headers {
      guard let value = header.value.constantText else { return nil }
      fields.append((name: header.name, value: value))
    }
    var bytes: [UInt8]?
    if let body {
      guard case .constant(let constant) = body else { return nil }
      bytes = constant
    }
    return ScriptRequest(
      method: step.method, url: url, name: name?.constantText, headers: fields, body: bytes,
      timeoutMs: step.timeoutMs, needsBody: needsBody, needsHeaders: needsHeaders,
      problem: RequestRules.problem(headers: fields), isConstant: true)
  }
}

enum CompiledBody: Sendable {
  case constant([UInt8])
  case text(CompiledTemplate)
  case json([JSONPart])
  case form([(name: String, value: CompiledTemplate)])

  enum JSONPart: Sendable {
    case bytes([UInt8])
    case value(CompiledTemplate)
  }
}

struct CompiledExtraction: Sendable {
  enum Source: Sendable {
    case json(JSONPath)
    case header(String)
    case regex(CompiledRegex)

    var readsBody: Bool {
      if case .header = self { false } else { true }
    }
  }

  var slot: Int
  var source: Source
}

struct CompiledCheck: Sendable {
  enum Kind: Sendable {
    case status([Int])
    case json(JSONPath, Test)
    case header(String, Test)
    case bodyContains(CompiledTemplate)
    case maxMicros(Int64)

    var readsBody: Bool {
      switch self {
      case .json, .bodyContains: true
      default: false
      }
    }

    var readsHeaders: Bool {
      if case .header = self { true } else { false }
    }
  }

  enum Test: Sendable {
    case exists(Bool)
    case equalsValue(JSONValue)
    case equals(CompiledTemplate)
    case contains(CompiledTemplate)
  }

  /// Into `StepsProgram.checkNames`.
  var index: Int
  var kind: Kind
}

/// What headers must fulfil beyond what is checked at upload, because templates fill them.
enum RequestRules {
  /// Why a request with these headers cannot be sent, or nil.
  static func problem(headers: [(name: String, value: String)]) -> RequestProblem? {
    // A line break would let a value add headers of its own.
    for header in headers {
      let isBad = header.value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
      if isBad { return RequestProblem("header \(header.name) has a control character in it") }
    }
    return nil
  }
}

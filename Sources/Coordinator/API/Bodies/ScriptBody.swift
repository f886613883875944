import Shared

/// A script as a client sends it.
struct ScriptBody {
  var name: String
  var kind: ScriptPayload.Kind
  var content: String

  init(_ object: JSONObject) throws(ValidationError) {
    var reader = FieldReader(object)
    let body = Self.read(&reader, standardName: nil)
    reader.finish()
    try reader.check()
    guard let body else { throw ValidationError("", "is not a script") }
    self = body
  }

  private init(name: String, kind: ScriptPayload.Kind, content: String) {
    self.name = name
    self.kind = kind
    self.content = content
  }

  /// Reads a script; nil when an error was noted.
  ///
  /// - Parameter standardName: taken when there is no name; nil demands one.
  static func read(_ reader: inout FieldReader, standardName: String?) -> ScriptBody? {
    // What GET answers may be sent back with changes.
    for name in ["id", "createdAt", "updatedAt", "length", "hasInit", "hasTeardown"] {
      _ = reader.value(name)
    }
    let name = reader.string("name", required: standardName == nil, maxLength: 200)
    let kind = readKind(&reader)
    for name in ["init", "teardown"] where reader.has(name) {
      reader.fail(name, "is for Code scripts, which this version does not run yet")
    }
    guard let content = readContent(&reader, kind), let name = name ?? standardName else {
      return nil
    }
    return ScriptBody(name: name, kind: kind ?? .steps, content: content)
  }

  private static func readKind(_ reader: inout FieldReader) -> ScriptPayload.Kind? {
    guard let text = reader.string("scriptType") else {
      return reader.has("scriptType") ? nil : .steps
    }
    switch ScriptPayload.Kind(rawValue: text) {
    case .steps: return .steps
    case .code:
      reader.fail("scriptType", "Code scripts are not supported by this version; use Steps")
    case nil: reader.fail("scriptType", "must be Steps")
    }
    return nil
  }

  /// The text of the content, which may come as the JSON value itself, too.
  private static func readContent(
    _ reader: inout FieldReader, _ kind: ScriptPayload.Kind?
  ) -> String? {
    guard let value = reader.value("content", required: true) else { return nil }
    let text: String
    switch value {
    case .string(let string): text = string
    case .object: text = value.text
    default:
      reader.fail("content", "must be a string or an object")
      return nil
    }
    guard kind == .steps else { return nil }
    do {
      _ = try StepsScript.parse(text: text)
      return text
    } catch {
      let path = reader.path(of: "content")
      reader.absorb(
        error.errors.map { found in
          let field = found.field.isEmpty ? path : "\(path).\(found.field)"
          return FieldError(field: field, message: found.message)
        })
      return nil
    }
  }

  func record(id: ScriptID, createdAtMs: Int64, updatedAtMs: Int64) -> ScriptRecord {
    ScriptRecord(
      id: id, createdAtMs: createdAtMs, updatedAtMs: updatedAtMs, name: name, kind: kind,
      content: content)
  }
}

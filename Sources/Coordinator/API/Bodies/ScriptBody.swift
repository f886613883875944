import Shared

/// A script as a client sends it.
struct ScriptBody {
  var name: String
  var kind: ScriptPayload.Kind
  var content: String
  /// What a `Code` script can open.
  var files: [String: [UInt8]] = [:]

  init(_ object: JSONObject) throws(ValidationError) {
    var reader = FieldReader(object)
    let body = Self.read(&reader, standardName: nil)
    reader.finish()
    try reader.check()
    guard let body else { throw ValidationError("", "is not a script") }
    self = body
  }

  private init(
    name: String, kind: ScriptPayload.Kind, content: String, files: [String: [UInt8]]
  ) {
    self.name = name
    self.kind = kind
    self.content = content
    self.files = files
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
      reader.fail(name, "is not taken: let a Code script export setup and teardown")
    }
    let files = ScriptFiles.read(&reader)
    if kind == .steps, files?.isEmpty == false {
      reader.fail("files", "are for Code scripts; Steps scripts open none")
    }
    guard let content = readContent(&reader, kind, name: name ?? standardName ?? ""),
      let name = name ?? standardName, let files
    else { return nil }
    return ScriptBody(name: name, kind: kind ?? .steps, content: content, files: files)
  }

  private static func readKind(_ reader: inout FieldReader) -> ScriptPayload.Kind? {
    guard let text = reader.string("scriptType") else {
      return reader.has("scriptType") ? nil : .steps
    }
    let kind = ScriptPayload.Kind(rawValue: text)
    if kind == nil { reader.fail("scriptType", "must be Steps or Code") }
    return kind
  }

  /// The text of the content, which may come as the JSON value itself, too.
  private static func readContent(
    _ reader: inout FieldReader, _ kind: ScriptPayload.Kind?, name: String
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
    guard let kind else { return nil }
    guard kind == .steps else { return checkCode(text, name, &reader) }
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

  /// The source when it compiles.
  private static func checkCode(
    _ source: String, _ name: String, _ reader: inout FieldReader
  ) -> String? {
    do {
      _ = try ScriptCompiler.shared.compile(source, file: ScriptRecord.fileName(of: name))
      return source
    } catch {
      reader.absorb(error.fieldErrors(at: reader.path(of: "content")))
      return nil
    }
  }

  func record(id: ScriptID, createdAtMs: Int64, updatedAtMs: Int64) -> ScriptRecord {
    ScriptRecord(
      id: id, createdAtMs: createdAtMs, updatedAtMs: updatedAtMs, name: name, kind: kind,
      content: content, files: ScriptFiles.stored(files))
  }
}

extension ScriptError {
  /// One error for each problem, with its place and excerpt.
  func fieldErrors(at field: String) -> [FieldError] {
    problems.map { problem in
      FieldError(field: field, message: ScriptError(file: file, problems: [problem]).description)
    }
  }
}

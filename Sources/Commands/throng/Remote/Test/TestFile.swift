import Shared

/// What `throng test create` and `throng start` are given: a script, or a whole configuration.
enum TestFile {
  case script(RunScript)
  case configuration(JSONObject)

  /// - Parameters:
  ///   - target: a path, `-` for standard input, or a URL to get.
  ///   - params: what a JavaScript script finds in `params` and `__ENV`.
  /// - Throws: `UsageError` naming what is wrong.
  init(_ target: String, params: JSONObject) throws(UsageError) {
    if RunScript.isURL(target) {
      self = .script(try RunScript(target, params: params))
      return
    }
    if target.hasSuffix(".ts") {
      throw RunScript.typeScript(target)
    }
    let text = try InputFile.read(target)
    let name = target == "-" ? "standard input" : target
    var isCode = RunScript.isCode(target)
    if !isCode {
      do {
        let value = try JSONValue.parse(text: text)
        if let object = value.objectValue, Self.isConfiguration(object) {
          self = .configuration(object)
          return
        }
      } catch {
        // Standard input has no name that tells.
        guard target == "-" else {
          throw InputFile.notJSON(error, text, name)
        }
        isCode = true
      }
    }
    self = .script(try RunScript(text: text, name, isCode: isCode, params: params))
  }

  private static func isConfiguration(_ object: JSONObject) -> Bool {
    ["script", "scriptId", "regions"].contains { object[$0] != nil }
  }
}

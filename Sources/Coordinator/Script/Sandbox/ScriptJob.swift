import Foundation
import Shared

/// What is to be done with a compiled script, in a form in which another process can be told.
struct ScriptJob: Codable, Sendable {
  private var code: CodePayload
  private var files: [String: Data]
  /// What the script finds in `params`, `env` and `__ENV`: a JSON object.
  var params: String
  /// What it finds in `__ENV` beside them.
  var environment: [String: String]
  /// What `handleSummary` is called with, as JSON; nil to say what the script exports.
  var summaryData: String?

  init(
    _ code: CodePayload, params: JSONObject, environment: [String: String],
    summaryData: String? = nil
  ) {
    self.code = code
    // As base64 they are a third of what a list of numbers is.
    self.code.files = [:]
    files = code.files.mapValues { Data($0) }
    self.params = JSONValue.object(params).text
    self.environment = environment
    self.summaryData = summaryData
  }

  var payload: CodePayload {
    var payload = code
    payload.files = files.mapValues { [UInt8]($0) }
    return payload
  }

  /// What errors call the script.
  var fileName: String { code.fileName }
}

/// What came of it.
enum ScriptOutcome: Codable, Sendable {
  /// A JSON text.
  case text(String)
  case failed(ScriptError)
}

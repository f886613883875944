import Shared

/// An entry of an execution's log in the form of `logs.txt`.
struct LogView {
  let json: JSONValue

  var isSystem: Bool { json.at("isSystem")?.isTrue ?? false }
  var level: String { json.at("level")?.stringValue ?? "" }

  /// `2016-03-10T18:57:37.069Z INFO Execution started`; line breaks are escaped, and all else that
  /// steers a terminal.
  var line: String {
    let message = (json.at("msg")?.plain ?? "")
      .replacing("\n", with: "\\n").replacing("\r", with: "\\r")
    return TerminalText.escaped(
      "\(json.at("loggedAt")?.plain ?? "") \(level.uppercased()) \(message)")
  }

  var tone: TextStyle.Tone? {
    switch level {
    case "Fatal", "Error": .bad
    case "Warning": .warning
    case "Debug", "Trace": .dim
    default: nil
    }
  }
}

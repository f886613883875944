import Shared

/// An answer that is an error: a problem document of the API, or what something in between sent.
struct RemoteProblem: Error, CustomStringConvertible, Equatable {
  var status: Int
  /// What is wrong, a line each.
  var lines: [String]

  /// - Parameters:
  ///   - url: the server's, for answers that are no coordinator's.
  ///   - body: the beginning of it.
  init(status: Int, body: [UInt8], url: String) {
    self.status = status
    let document = try? JSONValue.parse(body)
    lines = (document?.at("errors")?.arrayValue ?? []).compactMap { error in
      guard let message = error.at("message")?.stringValue else { return nil }
      let field = error.at("field")?.stringValue ?? ""
      return field.isEmpty ? message : "\(field): \(message)"
    }
    if lines.isEmpty, let detail = document?.at("detail")?.stringValue { lines = [detail] }
    if lines.isEmpty {
      lines = ["\(url) answered with status \(status), but not as a coordinator does"]
    }
    // A message may quote a script, over several lines; none may steer the terminal.
    lines = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { TextWidth.harmless(String($0)) }
  }

  var description: String { lines.joined(separator: "\n") }

  /// Whether other input would have been taken.
  var isBadInput: Bool { [400, 413, 415, 422].contains(status) }
}

/// Why a request cannot be sent.
struct RequestProblem: Error, Equatable, Sendable, CustomStringConvertible {
  let text: String
  /// k6's number for it (k6 documentation, "Error codes").
  let code: Int

  var description: String { text }

  init(_ text: String, code: Int = 1_000) {
    self.text = text
    self.code = code
  }

  /// Of a text that is no URL, not even one that cannot be requested.
  static func invalidURL(_ text: String) -> RequestProblem {
    RequestProblem("invalid URL: \(text)", code: 1_020)
  }
}

/// What a script threw, or why it does not parse.
public struct JavaScriptError: Error, Sendable, Equatable, CustomStringConvertible {
  /// `TypeError`, `SyntaxError`, …; empty when something else than an `Error` was thrown.
  public var name: String
  public var message: String
  /// Where it was thrown, as far as it is known. Lines and columns count from 1.
  public var file: String?
  public var line: Int?
  public var column: Int?
  /// A line per call, innermost first; empty when unknown.
  public var stack: String

  public init(
    name: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil,
    stack: String = ""
  ) {
    self.name = name
    self.message = message
    self.file = file
    self.line = line
    self.column = column
    self.stack = stack
  }

  public var description: String {
    var text = name.isEmpty ? message : "\(name): \(message)"
    if let file, let line {
      text += " (\(file):\(line)" + (column.map { ":\($0)" } ?? "") + ")"
    }
    return text
  }
}

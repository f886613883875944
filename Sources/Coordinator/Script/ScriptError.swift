import Shared

/// Why a script cannot run: all that was found, in the order of its lines.
public struct ScriptError: Error, Codable, Sendable, Equatable, CustomStringConvertible {
  public struct Problem: Codable, Sendable, Equatable {
    public var message: String
    /// From 1; nil when the script as a whole is meant.
    public var line: Int?
    /// From 1, in UTF-16 units.
    public var column: Int?
    /// The line, and below it a caret under the column; empty without a place.
    public var excerpt: String

    public init(_ message: String, line: Int? = nil, column: Int? = nil, source: String = "") {
      self.message = message
      self.line = line
      self.column = column
      excerpt = line.map { SourceExcerpt.text(of: source, line: $0, column: column ?? 1) } ?? ""
    }
  }

  /// What errors call the script.
  public var file: String
  /// At least one.
  public var problems: [Problem]
  /// Whether it was thrown while the script was loaded.
  public var isException: Bool

  public init(file: String, problems: [Problem], isException: Bool = false) {
    self.file = file
    self.isException = isException
    self.problems = problems
  }

  public var message: String { problems.first?.message ?? "" }
  public var line: Int? { problems.first?.line }
  public var column: Int? { problems.first?.column }
  public var excerpt: String { problems.first?.excerpt ?? "" }

  /// `file:line:column: message` and the excerpt, for each problem.
  public var description: String {
    problems.map { problem in
      var text = file
      if let line = problem.line { text += ":\(line)" }
      if let column = problem.column { text += ":\(column)" }
      text += ": \(problem.message)"
      return problem.excerpt.isEmpty ? text : "\(text)\n\(problem.excerpt)"
    }.joined(separator: "\n")
  }
}

/// Finds the place of an error in what a script's author wrote. Pure.
public struct ScriptPosition: Sendable {
  /// Innermost calls that a log entry shows.
  private static let framesMax = 10

  /// UTF-16 units in front of the script's first line.
  public var firstLineOffset = 0
  private let fileName: String
  private let source: String
  /// Insertions by line, in the order of columns.
  private var insertions: [Int: [(column: Int, length: Int)]] = [:]

  public init(_ code: CodePayload) {
    fileName = code.fileName
    source = code.original ?? code.source
    for insertion in code.insertions where insertion.count == 3 {
      insertions[insertion[0], default: []].append((insertion[1], insertion[2]))
    }
  }

  /// A call on a stack, at its place in the original.
  public struct Frame: Equatable, Sendable {
    public var function: String
    public var line: Int
    public var column: Int
  }

  /// A line or column as a script may have set it on an error; nil for what is none. Sources have
  /// fewer than 2³¹ of either.
  public static func number(_ value: Double) -> Int? { Int32(exactly: value).map { Int($0) } }

  /// The script's own calls on a stack as JavaScriptCore writes it: `name@file:line:column`.
  public func frames(of stack: String) -> [Frame] {
    stack.split(separator: "\n").compactMap { text in
      let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard let place = parts.last, place.hasPrefix(fileName + ":") else { return nil }
      let numbers = place.split(separator: ":")
      guard numbers.count >= 3, let line = Int32(numbers[numbers.count - 2]),
        let column = Int32(numbers[numbers.count - 1])
      else { return nil }
      let name = parts.count == 2 ? String(parts[0]) : ""
      // The module's own code is no function to its author.
      return Frame(
        function: name == "load" ? "" : name, line: Int(line),
        column: original(Int(line), Int(column)))
    }
  }

  /// The column in the original; the line is the same. Both from 1, in UTF-16 units.
  public func original(_ line: Int, _ column: Int) -> Int {
    let generated = line == 1 ? column.minus(firstLineOffset) : column
    var original = generated
    for insertion in insertions[line] ?? [] where insertion.column <= generated {
      let length =
        insertion.length > 0
        ? min(insertion.length, generated.minus(insertion.column)) : insertion.length
      original = original.minus(length)
    }
    return max(1, original)
  }

  /// Message, place and excerpt, a line for the first two.
  public func describe(_ error: JavaScriptError) -> String {
    let title = error.name.isEmpty ? error.message : "\(error.name): \(error.message)"
    guard let place = place(of: error) else { return title }
    let excerpt = SourceExcerpt.text(of: source, line: place.line, column: place.column)
    return "\(title) at \(fileName):\(place.line):\(place.column)"
      + (excerpt.isEmpty ? "" : "\n\(excerpt)")
  }

  /// Where in the original; nil when the error is not of the script.
  public func place(of error: JavaScriptError) -> (line: Int, column: Int)? {
    if let frame = frames(of: error.stack).first { return (frame.line, frame.column) }
    guard error.file == fileName, let line = error.line else { return nil }
    return (line, error.column.map { original(line, $0) } ?? 1)
  }

  /// A stack for people: the script's own calls, in its author's coordinates.
  public func readable(stack: String) -> String {
    frames(of: stack).prefix(Self.framesMax).map { frame in
      let place = "\(fileName):\(frame.line):\(frame.column)"
      return frame.function.isEmpty ? "at \(place)" : "at \(frame.function) (\(place))"
    }.joined(separator: "\n")
  }
}

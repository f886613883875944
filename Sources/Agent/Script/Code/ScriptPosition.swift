import Shared

/// Finds the place of an error in what the script's author wrote. Pure.
struct ScriptPosition {
  /// UTF-16 units in front of the script's first line.
  var firstLineOffset = 0
  /// Innermost calls that a log entry shows.
  private static let framesMax = 10
  private let fileName: String
  private let lines: [Substring]
  /// Inserted texts by line: column and length, in the order of columns.
  private var insertions: [Int: [(column: Int, length: Int)]] = [:]

  init(_ code: CodePayload) {
    fileName = code.fileName
    lines = (code.original ?? code.source).split(
      separator: "\n", omittingEmptySubsequences: false)
    for insertion in code.insertions where insertion.count == 3 {
      insertions[insertion[0], default: []].append((insertion[1], insertion[2]))
    }
  }

  /// One line of a stack, in the original's coordinates; nil for what is not of the script.
  struct Frame: Equatable {
    var function: String
    var line: Int
    var column: Int
  }

  /// The script's own frames of a stack as JavaScriptCore writes it: `name@file:line:column`.
  func frames(of stack: String) -> [Frame] {
    stack.split(separator: "\n").compactMap { text in
      let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard let place = parts.last else { return nil }
      let numbers = place.split(separator: ":")
      guard numbers.count >= 3, let line = Int(numbers[numbers.count - 2]),
        let column = Int(numbers[numbers.count - 1]),
        place.hasPrefix(fileName + ":")
      else { return nil }
      let name = parts.count == 2 ? String(parts[0]) : ""
      return Frame(
        function: name == "load" ? "" : name, line: line, column: original(line, column))
    }
  }

  /// The column in the original.
  func original(_ line: Int, _ column: Int) -> Int {
    var column = line == 1 ? column - firstLineOffset : column
    var removed = 0
    for insertion in insertions[line] ?? [] {
      // Columns of insertions count in the generated text.
      guard insertion.column < column + removed else { break }
      let inside = min(insertion.length, column + removed - insertion.column)
      removed += inside
      column -= inside
    }
    return max(1, column)
  }

  /// The line with a caret under the column; empty when there is no such line.
  func excerpt(_ line: Int, _ column: Int) -> String {
    guard lines.indices.contains(line - 1) else { return "" }
    let text = String(lines[line - 1].prefix(200)).replacing("\t", with: " ")
    guard !text.isEmpty else { return "" }
    let indent = String(repeating: " ", count: min(max(0, column - 1), 200))
    return "\(line) | \(text)\n\(String(repeating: " ", count: "\(line)".count)) | \(indent)^"
  }

  /// Message, place and excerpt.
  func describe(_ error: JavaScriptError) -> String {
    let title = error.name.isEmpty ? error.message : "\(error.name): \(error.message)"
    let found = frames(of: error.stack).first
    var place: (line: Int, column: Int)?
    if let found {
      place = (found.line, found.column)
    } else if error.file == fileName, let line = error.line {
      place = (line, error.column.map { original(line, $0) } ?? 1)
    }
    guard let place else { return title }
    let excerpt = excerpt(place.line, place.column)
    return "\(title) at \(fileName):\(place.line):\(place.column)"
      + (excerpt.isEmpty ? "" : "\n\(excerpt)")
  }

  /// A stack for people: the script's frames, in its own coordinates.
  func readable(stack: String) -> String {
    frames(of: stack).prefix(Self.framesMax).map { frame in
      let place = "\(fileName):\(frame.line):\(frame.column)"
      return frame.function.isEmpty ? "at \(place)" : "at \(frame.function) (\(place))"
    }.joined(separator: "\n")
  }
}

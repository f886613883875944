/// Finds functions and how long they are, by the indentation that the formatter guarantees.
enum FunctionScanner {
  struct Function: Equatable {
    /// 1-based.
    var line: Int
    var name: String
    /// From the declaration to the closing brace.
    var length: Int
  }

  private static let modifiers: Set<Substring> = [
    "public", "private", "fileprivate", "internal", "package", "open", "static", "class", "final",
    "override", "mutating", "nonmutating", "required", "convenience", "nonisolated", "consuming",
    "borrowing", "indirect", "@inlinable", "@inline(__always)", "@discardableResult",
    "@usableFromInline",
  ]

  /// `code` is a formatted file without comments and string contents.
  static func functions(in code: [String]) -> [Function] {
    var found: [Function] = []
    for (index, line) in code.enumerated() {
      guard let name = declaredName(line) else { continue }
      let indent = line.prefix { $0 == " " }.count
      if let end = end(of: code, from: index, indent: indent) {
        found.append(Function(line: index + 1, name: name, length: end - index + 1))
      }
    }
    return found
  }

  private static func declaredName(_ line: String) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(where: { !modifiers.contains($0) }) else { return nil }
    let word = words[index]
    if word == "func" {
      return words.dropFirst(index + 1).first.map { String($0.prefix { $0 != "(" && $0 != "<" }) }
    }
    for keyword in ["init", "deinit", "subscript"] {
      let rest = word.dropFirst(keyword.count)
      guard word.hasPrefix(keyword) else { continue }
      if rest.isEmpty || "(?<".contains(rest.first ?? " ") { return keyword }
    }
    return nil
  }

  /// The closing brace's index, or nil for a requirement or a body on the declaration's line.
  private static func end(of code: [String], from start: Int, indent: Int) -> Int? {
    for index in code.indices.dropFirst(start + 1) {
      let line = code[index]
      let here = line.prefix { $0 == " " }.count
      guard here < line.count, here <= indent else { continue }
      guard here == indent else { return nil }
      let rest = line.dropFirst(here)
      if rest.hasPrefix("}") { return index }
      // The rest of a signature over several lines: `) throws {`, `{`, `where …`.
      if !rest.hasPrefix(")") && !rest.hasPrefix("{") && !rest.hasPrefix("where ") { return nil }
    }
    return nil
  }
}

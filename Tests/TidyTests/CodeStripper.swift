/// Takes comments and the contents of string literals out of Swift source, keeping line breaks.
///
/// Interpolations count as content: what stands in them is too short to break a rule.
enum CodeStripper {
  private enum Mode: Equatable {
    case code
    case lineComment
    case blockComment(depth: Int)
    case string(hashes: Int, multiline: Bool)
  }

  static func code(of text: String) -> String {
    let source = Array(text.unicodeScalars)
    var output = String.UnicodeScalarView()
    var mode = Mode.code
    var index = 0

    func stands(_ word: String, at position: Int) -> Bool {
      let scalars = Array(word.unicodeScalars)
      return position + scalars.count <= source.count
        && Array(source[position..<position + scalars.count]) == scalars
    }

    while index < source.count {
      let scalar = source[index]
      switch mode {
      case .code:
        if stands("//", at: index) {
          mode = .lineComment
        } else if stands("/*", at: index) {
          mode = .blockComment(depth: 1)
          index += 1
        } else if let opening = opening(source, at: index) {
          mode = .string(hashes: opening.hashes, multiline: opening.multiline)
          index += opening.length - 1
          output.append("\"")
        } else {
          output.append(scalar)
        }
      case .lineComment:
        if scalar == "\n" {
          mode = .code
          output.append(scalar)
        }
      case .blockComment(let depth):
        if stands("*/", at: index) {
          mode = depth == 1 ? .code : .blockComment(depth: depth - 1)
          index += 1
        } else if stands("/*", at: index) {
          mode = .blockComment(depth: depth + 1)
          index += 1
        } else if scalar == "\n" {
          output.append(scalar)
        }
      case .string(let hashes, let multiline):
        let pounds = String(repeating: "#", count: hashes)
        if stands("\\" + pounds, at: index) {
          index += hashes + 1
        } else if stands((multiline ? "\"\"\"" : "\"") + pounds, at: index) {
          index += (multiline ? 3 : 1) + hashes - 1
          mode = .code
          output.append("\"")
        } else if scalar == "\n" {
          output.append(scalar)
          if !multiline { mode = .code }
        }
      }
      index += 1
    }
    return String(output)
  }

  private static func opening(
    _ source: [Unicode.Scalar], at start: Int
  ) -> (hashes: Int, multiline: Bool, length: Int)? {
    var index = start
    while index < source.count, source[index] == "#" { index += 1 }
    let hashes = index - start
    guard index < source.count, source[index] == "\"" else { return nil }
    let multiline =
      index + 2 < source.count && source[index + 1] == "\"" && source[index + 2] == "\""
    // `""` is an empty string, not the beginning of a long one.
    return (hashes, multiline, hashes + (multiline ? 3 : 1))
  }
}

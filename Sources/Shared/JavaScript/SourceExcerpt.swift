/// A line of a script with a mark below a column of it.
public enum SourceExcerpt {
  /// Characters shown before and behind the column of a long line.
  private static let reach = 60

  /// Two lines of text; empty when there is no such line.
  ///
  /// - Parameters:
  ///   - line: from 1.
  ///   - column: from 1, in UTF-16 units.
  public static func text(of source: String, line: Int, column: Int) -> String {
    guard let found = self.line(line, of: source) else { return "" }
    let units = Array(found.utf16)
    let before = String(decoding: units.prefix(max(0, column.minus(1))), as: UTF16.self)
    let behind = String(decoding: units.dropFirst(max(0, column.minus(1))), as: UTF16.self)
    let isCutBefore = before.count > reach
    let start = (isCutBefore ? "…" : "") + String(before.suffix(reach))
    let end = String(behind.prefix(reach)) + (behind.count > reach ? "…" : "")
    // Tabs stay tabs, so that the mark stands below its character.
    let indent = String(start.map { $0 == "\t" ? "\t" : " " })
    return "\(start)\(end)\n\(indent)^"
  }

  /// A line as JavaScript counts them.
  private static func line(_ number: Int, of source: String) -> String? {
    var current = 1
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar = "\n"
    for scalar in source.unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "\n" where previous == "\r": continue
      case "\n", "\r", "\u{2028}", "\u{2029}":
        if current == number { return String(text) }
        current += 1
      default:
        // What invisible mark a file may begin with is not part of its first line.
        if current == number, !(scalar == "\u{FEFF}" && text.isEmpty) { text.append(scalar) }
      }
    }
    return current == number ? String(text) : nil
  }
}

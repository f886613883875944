import CLinux
import Glibc
import Shared

/// How wide texts are on a terminal, and what of them may get there.
enum TextWidth {
  /// The locale by which characters are measured, whatever the user's is.
  private static let locale: Void = {
    if let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) { uselocale(locale) }
  }()

  /// Columns that `text` takes.
  static func of(_ text: String) -> Int {
    // ASCII, which is nearly everything, is as wide as it is long.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    _ = locale
    var width = 0
    var flags = 0
    for scalar in character.unicodeScalars {
      // What follows says that it is a picture, which takes two.
      if scalar.value == 0xFE0F { return 2 }
      if (0x1F1E6...0x1F1FF).contains(scalar.value) { flags += 1 }
      width = max(width, Int(throng_character_width(scalar.value)))
    }
    return flags == 2 ? 2 : width
  }

  /// The text in one line, with nothing that steers a terminal: names and logs are others' texts.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: TerminalText.steers) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" || scalar == "\r" {
        result.append(" ")
      } else {
        result.append(TerminalText.steers(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(result)
  }

  /// The text in at most `columns`, its end replaced by an ellipsis where it is longer.
  static func cut(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    return prefix(text[...], columns - 1) + "…"
  }

  /// The same with the ellipsis in the middle: URLs differ in their ends.
  static func cutMiddle(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    guard columns > 4 else { return cut(text, to: columns) }
    let head = prefix(text[...], columns / 2)
    let tail = prefix(String(text.reversed())[...], columns - 1 - of(head))
    return head + "…" + String(tail.reversed())
  }

  private static func prefix(_ text: Substring, _ columns: Int) -> String {
    var result = ""
    var width = 0
    for character in text {
      width += of(character)
      if width > columns { break }
      result.append(character)
    }
    return result
  }

  /// The text with spaces up to `columns`.
  static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let gap = String(repeating: " ", count: max(0, columns - of(text)))
    return right ? gap + text : text + gap
  }
}

/// Texts of others where a terminal may show them: names, logs, what scripts print.
public enum TerminalText {
  /// Whether a terminal acts on it instead of showing it: controls of ASCII and Latin-1, line
  /// separators, and what turns the direction of the text around it.
  public static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F,
      0xFFF9...0xFFFB:
      true
    default: false
    }
  }

  /// The text in one line; what steers a terminal is written as `\u{1b}`.
  public static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steers) else { return text }
    return escaped(text, keeps: { _ in false })
  }

  /// The same with its lines and tabs as they are.
  public static func escapedLines(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steers) else { return text }
    return escaped(text, keeps: { $0 == "\n" || $0 == "\t" })
  }

  /// The same JSON without anything that steers a terminal. JSON itself escapes the controls of
  /// ASCII; the others can stand in its texts only.
  public static func escapedJSON(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: isEscapedInJSON) else { return json }
    var clean = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if isEscapedInJSON(scalar) {
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        clean.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
      } else {
        clean.append(scalar)
      }
    }
    return String(clean)
  }

  /// Spaces between the values stay.
  private static func isEscapedInJSON(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x7F && steers(scalar)
  }

  /// What a script made for a terminal: as `escapedLines` has it, but for its colours, which do
  /// nothing else to a terminal.
  ///
  /// - Parameter colours: whether they are kept; otherwise they are left out.
  public static func printed(_ text: String, colours: Bool) -> String {
    guard text.unicodeScalars.contains(where: steers) else { return text }
    var shown = ""
    var rest = text.unicodeScalars[...]
    while let escape = rest.firstIndex(of: "\u{1B}") {
      shown += escapedLines(String(rest[..<escape]))
      if let end = endOfColour(rest, from: escape) {
        if colours { shown += String(rest[escape..<end]) }
        rest = rest[end...]
      } else {
        shown += "\\u{1b}"
        rest = rest[rest.index(after: escape)...]
      }
    }
    return shown + escapedLines(String(rest))
  }

  private static func escaped(
    _ text: String, keeps: (Unicode.Scalar) -> Bool
  ) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if steers(scalar), !keeps(scalar) {
        clean.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        clean.append(scalar)
      }
    }
    return String(clean)
  }

  /// Where `ESC [ 1 ; 31 m` ends, nil when it is another sequence.
  private static func endOfColour(
    _ text: Substring.UnicodeScalarView, from escape: String.Index
  ) -> String.Index? {
    let rest = text[escape...].dropFirst()
    guard rest.first == "[" else { return nil }
    let end = rest.dropFirst().prefix(32).first { !("0"..."9").contains($0) && $0 != ";" }
    guard end == "m", let index = rest.firstIndex(of: "m") else { return nil }
    return text.index(after: index)
  }
}

/// A place in a text, for the small parsers of the script language.
struct TextScanner {
  let scalars: [UnicodeScalar]
  var offset = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var next: UnicodeScalar? { offset < scalars.count ? scalars[offset] : nil }

  var isAtEnd: Bool { offset == scalars.count }

  func startsWith(_ prefix: String) -> Bool {
    scalars[offset...].starts(with: prefix.unicodeScalars)
  }

  /// Consumes the prefix if it is next.
  mutating func take(_ prefix: String) -> Bool {
    guard startsWith(prefix) else { return false }
    offset += prefix.unicodeScalars.count
    return true
  }

  mutating func skipSpace() {
    while let next, next == " " || next == "\t" || next == "\n" || next == "\r" { offset += 1 }
  }

  /// Consumes the longest run of scalars that fit; empty if there is none.
  mutating func takeWhile(_ fits: (UnicodeScalar) -> Bool) -> String {
    let start = offset
    while let next, fits(next) { offset += 1 }
    return text(start..<offset)
  }

  func text(_ range: Range<Int>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[range])
    return text
  }

  func error(_ message: String) -> StepsSyntaxError { StepsSyntaxError(message, offset: offset) }

  func unexpected(_ wanted: String) -> StepsSyntaxError {
    guard let next else { return error("unexpected end, expected \(wanted)") }
    return error("unexpected '\(Character(next))', expected \(wanted)")
  }

  /// Consumes a letter or `_` and the letters, digits and `_` after it.
  mutating func takeName() throws(StepsSyntaxError) -> String {
    guard let next, Self.startsName(next) else { throw unexpected("a name") }
    return takeWhile(Self.continuesName)
  }

  /// Consumes an optional minus and digits.
  mutating func takeInteger() throws(StepsSyntaxError) -> Int64 {
    let start = offset
    let sign = take("-") ? "-" : ""
    let digits = takeWhile { ("0"..."9").contains($0) }
    guard !digits.isEmpty else { throw unexpected("an integer") }
    guard let value = Int64(sign + digits) else {
      throw StepsSyntaxError("integer out of range", offset: start)
    }
    return value
  }

  /// Consumes a text in single or double quotes; a backslash keeps the scalar after it.
  mutating func takeQuoted() throws(StepsSyntaxError) -> String {
    let start = offset
    guard let quote = next, quote == "'" || quote == "\"" else { throw unexpected("a quote") }
    offset += 1
    var text = ""
    while let scalar = next {
      offset += 1
      if scalar == quote { return text }
      if scalar == "\\", let escaped = next {
        offset += 1
        text.unicodeScalars.append(escaped)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    throw StepsSyntaxError("quote without end", offset: start)
  }

  static func startsName(_ scalar: UnicodeScalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  static func continuesName(_ scalar: UnicodeScalar) -> Bool {
    startsName(scalar) || ("0"..."9").contains(scalar)
  }
}

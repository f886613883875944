import Shared

/// Hides the values of headers that let their holder in. Pure.
enum HeaderMask {
  /// Schemes that may be shown; of what looks different, everything may be the secret.
  private static let schemes: Set<String> = ["basic", "bearer", "digest", "negotiate", "ntlm"]
  /// What names of headers end with whose values are hidden in texts.
  private static let names = ["authorization", "cookie"].map { Array($0.utf8) }

  /// The value as it may be shown.
  ///
  /// - Parameter name: of the header, in whatever case.
  static func value(_ value: String, of name: String) -> String {
    switch name.lowercased() {
    case "authorization", "proxy-authorization": credentials(value)
    case "cookie":
      value.split(separator: ";", omittingEmptySubsequences: false).map(cookie)
        .joined(separator: ";")
    case "set-cookie": setCookie(value)
    default: value
    }
  }

  private static func credentials(_ value: String) -> String {
    let words = value.split(separator: " ", maxSplits: 1)
    guard words.count == 2, schemes.contains(words[0].lowercased()) else {
      return TraceSettings.mask
    }
    return "\(words[0]) \(TraceSettings.mask)"
  }

  /// The cookie's name stays, its attributes, too.
  private static func setCookie(_ value: String) -> String {
    let end = value.firstIndex(of: ";") ?? value.endIndex
    return cookie(value[..<end]) + value[end...]
  }

  private static func cookie(_ pair: Substring) -> String {
    guard let equals = pair.firstIndex(of: "=") else { return TraceSettings.mask }
    return pair[...equals] + TraceSettings.mask
  }

  // MARK: texts

  /// A text of a script without the values of such headers: what follows their name and a colon or
  /// an equals sign, up to the end of the string or the list that it stands in, or of the line.
  static func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard names.contains(where: { find($0, in: bytes, from: 0) != nil }) else { return text }
    var result: [UInt8] = []
    var place = 0
    while let start = nextValue(in: bytes, from: place) {
      result += bytes[place..<start]
      result += TraceSettings.mask.utf8
      place = valueEnd(in: bytes, from: start)
    }
    return String(decoding: result + bytes[place...], as: UTF8.self)
  }

  /// Where the next value of such a header begins, behind the quote or bracket that opens it.
  private static func nextValue(in bytes: [UInt8], from start: Int) -> Int? {
    var from = start
    while let end = names.compactMap({ find($0, in: bytes, from: from) }).min() {
      var place = skip("\"'`\\ ", in: bytes, from: end)
      from = end
      guard place < bytes.count, isOneOf(":=", bytes[place]) else { continue }
      let isQuotedName = place > end && bytes[place - 1] != UInt8(ascii: " ")
      place = skip("\\", in: bytes, from: skip("[ ", in: bytes, from: place + 1))
      let isQuoted = place < bytes.count && isOneOf("\"'`", bytes[place])
      if isQuoted { place += 1 }
      // In JSON, what is no string is null, a number and the like.
      if place < bytes.count, isQuoted || !isQuotedName { return place }
    }
    return nil
  }

  private static func valueEnd(in bytes: [UInt8], from start: Int) -> Int {
    // What opened the value closes it; without that, the line does.
    guard isOneOf("\"'`", bytes[start - 1]) else {
      return bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }
    let opened = backslashes(in: bytes, before: start - 1)
    let isInList = start - opened > 1 && bytes[start - opened - 2] == UInt8(ascii: "[")
    var end = start
    while end < bytes.count {
      if isInList, bytes[end] == UInt8(ascii: "]") { break }
      if !isInList, bytes[end] == bytes[start - 1] {
        // A quote within the value is escaped once more than those around it.
        let escapes = backslashes(in: bytes, before: end)
        if escapes <= opened { return max(start, end - escapes) }
      }
      end += 1
    }
    return end
  }

  private static func backslashes(in bytes: [UInt8], before end: Int) -> Int {
    bytes[..<end].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
  }

  private static func skip(_ characters: StaticString, in bytes: [UInt8], from start: Int) -> Int {
    var place = start
    while place < bytes.count, isOneOf(characters, bytes[place]) { place += 1 }
    return place
  }

  /// The index after the next occurrence of a name, in whatever case.
  private static func find(_ name: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var place = start
    while place <= bytes.count - name.count {
      var length = 0
      while length < name.count, bytes[place + length] | 0x20 == name[length] { length += 1 }
      // `HTTP_COOKIE` and the like are no headers.
      let isWhole = place == 0 || !isPartOfWord(bytes[place - 1])
      if length == name.count, isWhole { return place + length }
      place += 1
    }
    return nil
  }

  private static func isPartOfWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || byte == 95 || (97...122).contains(byte | 0x20)
  }

  private static func isOneOf(_ characters: StaticString, _ byte: UInt8) -> Bool {
    UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
      .contains(byte)
  }
}

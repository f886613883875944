extension JSONParser {
  /// Reads a string whose opening quote is next.
  mutating func parseString() throws(JSONParseError) -> String {
    let start = offset
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        let text = try text(bytes[(start + 1)..<offset], from: start + 1)
        offset += 1
        try takeText(bytes: text.utf8.count)
        return text
      }
      if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start + 1) }
      guard byte >= 0x20 else { throw error("unescaped control character in a string") }
      offset += 1
    }
    throw error("unexpected end in a string")
  }

  /// Short texts stand where they are referred to.
  private mutating func takeText(bytes: Int) throws(JSONParseError) {
    if bytes > 15 { try take(bytes + 32) }
  }

  private func text(_ slice: ArraySlice<UInt8>, from start: Int) throws(JSONParseError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw JSONParseError(offset: start, message: "string is not UTF-8")
    }
    return text
  }

  private mutating func parseEscapedString(from start: Int) throws(JSONParseError) -> String {
    var plain = Array(bytes[start..<offset])
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try text(plain[...], from: start)
        offset += 1
        try takeText(bytes: text.utf8.count)
        return text
      case UInt8(ascii: "\\"):
        offset += 1
        try parseEscape(into: &plain)
      case 0..<0x20:
        throw error("unescaped control character in a string")
      default:
        plain.append(byte)
        offset += 1
      }
    }
    throw error("unexpected end in a string")
  }

  /// Reads what follows a backslash.
  private mutating func parseEscape(into plain: inout [UInt8]) throws(JSONParseError) {
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(bytes[offset])
    case UInt8(ascii: "b"): plain.append(0x08)
    case UInt8(ascii: "f"): plain.append(0x0C)
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "u"):
      offset += 1
      let scalar = try parseUnicodeEscape()
      plain.append(contentsOf: Array(String(Character(scalar)).utf8))
      return
    default: throw unexpected("an escape")
    }
    offset += 1
  }

  private mutating func parseUnicodeEscape() throws(JSONParseError) -> UnicodeScalar {
    let start = offset
    let lone = JSONParseError(offset: start, message: "lone surrogate in a string")
    let high = try parseHex4()
    if let scalar = UnicodeScalar(high) { return scalar }
    guard high < 0xDC00, next == UInt8(ascii: "\\"), offset + 1 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw lone }
    offset += 2
    let low = try parseHex4()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw lone }
    return scalar
  }

  private mutating func parseHex4() throws(JSONParseError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let next, let digit = Character(UnicodeScalar(next)).hexDigitValue, next < 0x80 else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  /// Reads a number; its first byte is known to be a digit or a minus.
  mutating func parseNumber() throws(JSONParseError) -> JSONValue {
    let start = offset
    var isNegative = false
    var magnitude: UInt64 = 0
    var fits = true
    if next == UInt8(ascii: "-") {
      isNegative = true
      offset += 1
    }
    let digits = offset
    while let digit = nextDigit {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(UInt64(digit))
      fits = fits && !overflow && !overflow2
      magnitude = sum
      offset += 1
    }
    guard offset > digits else { throw unexpected("a digit") }
    if bytes[digits] == UInt8(ascii: "0") && offset > digits + 1 {
      throw JSONParseError(offset: digits, message: "number with a leading zero")
    }
    let isInteger =
      next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
    if isInteger, fits {
      if isNegative, magnitude <= UInt64(Int64.max) + 1 {
        return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
      if !isNegative, magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
    }
    try skipFractionAndExponent()
    guard let value = Double(String(decoding: bytes[start..<offset], as: UTF8.self)),
      value.isFinite
    else { throw JSONParseError(offset: start, message: "number out of range") }
    return .double(value)
  }

  private var nextDigit: UInt8? {
    guard let next, next >= UInt8(ascii: "0"), next <= UInt8(ascii: "9") else { return nil }
    return next - UInt8(ascii: "0")
  }

  private mutating func skipFractionAndExponent() throws(JSONParseError) {
    if next == UInt8(ascii: ".") {
      offset += 1
      try skipDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(JSONParseError) {
    guard nextDigit != nil else { throw unexpected("a digit") }
    while nextDigit != nil { offset += 1 }
  }
}

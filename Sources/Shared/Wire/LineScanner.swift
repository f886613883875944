/// Reads JSON of a line left to right, without building a tree.
struct LineScanner {
  /// What was found instead of what should stand there.
  struct Failure: Error {
    var message: String
    var offset: Int
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var offset = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  func fail(_ message: String) -> Failure { Failure(message: message, offset: offset) }

  mutating func peek() -> UInt8? {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0d else { return byte }
      offset += 1
    }
    return nil
  }

  /// Steps over `byte` when it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ byte: UInt8) throws(Failure) {
    guard take(byte) else { throw fail("expected '\(Character(UnicodeScalar(byte)))'") }
  }

  mutating func atEnd() -> Bool { peek() == nil }

  /// A whole number; fractions and exponents are refused.
  @inline(__always)
  mutating func integer() throws(Failure) -> Int64 {
    let negative = take(UInt8(ascii: "-"))
    let start = offset
    var value: Int64 = 0
    while offset < bytes.count {
      let digit = bytes[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      // The magnitude of Int64.min itself is refused: no field holds it.
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
      guard !overflow && !carry else { throw fail("number out of range") }
      value = sum
      offset += 1
    }
    guard offset > start else { throw fail("expected a whole number") }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") || bytes[offset] | 0x20 == 0x65 {
      throw fail("expected a whole number")
    }
    return negative ? -value : value
  }

  /// Any number that a double holds.
  mutating func double() throws(Failure) -> Double {
    _ = peek()
    let start = offset
    while offset < bytes.count, !Self.endsScalar(bytes[offset]) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw fail("expected a number") }
    return value
  }

  mutating func string() throws(Failure) -> String {
    try expect(UInt8(ascii: "\""))
    let start = offset
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        let text = String(
          validating: UnsafeBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
        guard let text else { throw fail("string is not UTF-8") }
        offset += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<32: throw fail("control character in string")
      default: offset += 1
      }
    }
    throw fail("string without end")
  }

  private mutating func escapedString(from start: Int) throws(Failure) -> String {
    var out = Array(bytes[start..<offset])
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: out, as: UTF8.self) else {
          throw fail("string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try appendEscape(&out)
      case 0..<32: throw fail("control character in string")
      default: out.append(byte)
      }
    }
    throw fail("string without end")
  }

  private mutating func appendEscape(_ out: inout [UInt8]) throws(Failure) {
    guard offset < bytes.count else { throw fail("string without end") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "u"):
      var unit = try hexUnit()
      if (0xd800..<0xdc00).contains(unit), offset + 1 < bytes.count,
        bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
      {
        offset += 2
        let low = try hexUnit()
        guard (0xdc00..<0xe000).contains(low) else { throw fail("lone surrogate") }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = UnicodeScalar(unit) else { throw fail("lone surrogate") }
      out.append(contentsOf: Character(scalar).utf8)
    default: throw fail("unknown escape")
    }
  }

  private mutating func hexUnit() throws(Failure) -> UInt32 {
    guard offset + 4 <= bytes.count else { throw fail("string without end") }
    var unit: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw fail("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
    }
    offset += 4
    return unit
  }

  /// Steps over a value of any kind, for fields that a newer peer may add.
  mutating func skipValue(depth: Int = 0) throws(Failure) {
    guard depth < 32 else { throw fail("nested too deeply") }
    switch peek() {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"):
      try members { (scanner, _) throws(Failure) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try elements { (scanner) throws(Failure) in try scanner.skipValue(depth: depth + 1) }
    default:
      let start = offset
      while offset < bytes.count, !Self.endsScalar(bytes[offset]) { offset += 1 }
      guard offset > start else { throw fail("expected a value") }
    }
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
      || byte == 0x20
  }

  /// Calls `body` with each member's name, the scanner standing at its value.
  mutating func members(
    _ body: (inout LineScanner, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let name = try string()
      try expect(UInt8(ascii: ":"))
      try body(&self, name)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// Calls `body` at each element of an array.
  @inline(__always)
  mutating func elements(
    _ body: (inout LineScanner) throws(Failure) -> Void
  ) throws(Failure) {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return }
    repeat { try body(&self) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }
}

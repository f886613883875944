/// Where and why a text is no JSON.
public struct JSONParseError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Bytes before the offending one.
  public var offset: Int
  public var message: String
  /// Whether it may well be JSON, but takes more memory than it is allowed.
  public var isTooCostly: Bool

  public init(offset: Int, message: String, isTooCostly: Bool = false) {
    self.offset = offset
    self.message = message
    self.isTooCostly = isTooCostly
  }

  public var description: String { "\(message) at byte \(offset)" }
}

/// A strict recursive-descent parser of RFC 8259 over bytes.
///
/// Stricter than the grammar where readers are known to disagree: duplicate keys, lone surrogates
/// and numbers beyond a double are errors.
struct JSONParser {
  /// Nesting after which a text is refused, so that input cannot exhaust the stack.
  static let depthMax = 128

  var bytes: [UInt8]
  var offset = 0
  private var depth = 0
  /// Bytes of memory that the values may take, and those that they take.
  private let costMax: Int
  private var cost = 0

  init(_ bytes: [UInt8], costMax: Int = .max) {
    self.bytes = bytes
    self.costMax = costMax
  }

  mutating func parseText() throws(JSONParseError) -> JSONValue {
    skipSpace()
    let value = try parseValue()
    skipSpace()
    guard offset == bytes.count else { throw unexpected("the end") }
    return value
  }

  /// The next byte, or nil at the end.
  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  func error(_ message: String) -> JSONParseError {
    JSONParseError(offset: offset, message: message)
  }

  func unexpected(_ wanted: String) -> JSONParseError {
    guard let next else { return error("unexpected end, expected \(wanted)") }
    let shown =
      next > 0x20 && next < 0x7F
      ? "'\(Character(UnicodeScalar(next)))'" : "byte 0x\(String(next, radix: 16))"
    return error("unexpected \(shown), expected \(wanted)")
  }

  /// Notes that so much memory is taken.
  mutating func take(_ bytes: Int) throws(JSONParseError) {
    cost = cost.plus(bytes)
    guard cost <= costMax else {
      throw JSONParseError(
        offset: offset,
        message: "so many small values that they take more than \(costMax) bytes of memory",
        isTooCostly: true)
    }
  }

  /// Makes room for one more element; while they are copied, there are two copies.
  private mutating func makeRoom<Element>(
    in elements: inout [Element]
  ) throws(JSONParseError) {
    let count = elements.count
    guard count == elements.capacity else { return }
    let stride = MemoryLayout<Element>.stride
    try take((count == 0 ? Self.allocationBytes : 0) + max(1, count * 2) * stride)
    elements.reserveCapacity(max(1, count * 2))
    cost -= count * stride
  }

  /// Bytes of an array's head, and what an allocation takes besides.
  private static let allocationBytes = 48
  /// Bytes that a name takes in the set in which long objects look for duplicates.
  private static let keyInSetBytes = 48

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  private mutating func parseValue() throws(JSONParseError) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return try parseNumber()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONParseError) -> JSONValue {
    for byte in word.description.utf8 {
      guard next == byte else { throw unexpected("\(word)") }
      offset += 1
    }
    return value
  }

  private mutating func descend() throws(JSONParseError) {
    guard depth < Self.depthMax else { throw error("nested deeper than \(Self.depthMax)") }
    depth += 1
    offset += 1
    skipSpace()
  }

  /// Consumes a comma (true) or the closing byte (false).
  private mutating func goesOn(until close: UInt8) throws(JSONParseError) -> Bool {
    skipSpace()
    if next == UInt8(ascii: ",") {
      offset += 1
      skipSpace()
      return true
    }
    guard next == close else {
      throw unexpected("',' or '\(Character(UnicodeScalar(close)))'")
    }
    offset += 1
    depth -= 1
    return false
  }

  private mutating func parseArray() throws(JSONParseError) -> JSONValue {
    try descend()
    var elements: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      offset += 1
      depth -= 1
      return .array(elements)
    }
    repeat {
      let element = try parseValue()
      try makeRoom(in: &elements)
      elements.append(element)
    } while try goesOn(until: UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func parseObject() throws(JSONParseError) -> JSONValue {
    try descend()
    var members: [(key: String, value: JSONValue)] = []
    if next == UInt8(ascii: "}") {
      offset += 1
      depth -= 1
      return .object(JSONObject(members))
    }
    // Small objects are searched, large ones get a set: a hostile text must not cost n².
    var keys: Set<String> = []
    repeat {
      guard next == UInt8(ascii: "\"") else { throw unexpected("a member's name") }
      let keyOffset = offset
      let key = try parseString()
      let isDuplicate: Bool
      if members.count < 16 {
        isDuplicate = members.contains { $0.key == key }
      } else {
        if keys.isEmpty { keys = Set(members.map(\.key)) }
        try take(Self.keyInSetBytes)
        isDuplicate = !keys.insert(key).inserted
      }
      if isDuplicate {
        throw JSONParseError(offset: keyOffset, message: "duplicate member \"\(key)\"")
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw unexpected("':'") }
      offset += 1
      skipSpace()
      let value = try parseValue()
      try makeRoom(in: &members)
      members.append((key: key, value: value))
    } while try goesOn(until: UInt8(ascii: "}"))
    return .object(JSONObject(members))
  }
}

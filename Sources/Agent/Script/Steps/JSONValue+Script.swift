import Shared

extension JSONValue {
  /// As a template shows it: strings without quotes, `5.0` as `5`, arrays and objects as JSON.
  var templateText: String {
    switch self {
    case .string(let text): return text
    case .double(let number):
      var writer = JSONWriter()
      writer.double(number)
      return String(decoding: writer.bytes, as: UTF8.self)
    default: return text
    }
  }

  /// Equal as JSON, where a number is what it counts: 5 equals 5.0.
  func equalsJSON(_ other: JSONValue) -> Bool {
    switch (self, other) {
    case (.int(let left), .int(let right)): return left == right
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.equalsJSON($1) }
    case (.object(let left), .object(let right)):
      return left.members.count == right.members.count
        && left.members.allSatisfy { right[$0.key]?.equalsJSON($0.value) == true }
    default:
      if let left = number, let right = other.number { return left == right }
      return self == other
    }
  }

  /// Equal as a script sees it: two texts as texts, a text and anything else by how that is
  /// written, a text that spells a number and a number by what they count.
  func equalsLoosely(_ other: JSONValue) -> Bool {
    switch (self, other) {
    case (.string(let left), .string(let right)): return left == right
    case (.string, _), (_, .string):
      if let left = looseNumber, let right = other.looseNumber { return left == right }
      return templateText == other.templateText
    default: return equalsJSON(other)
    }
  }

  /// The number it is, or that its text spells; a value taken from a header is always text.
  var looseNumber: Double? {
    guard case .string(let text) = self else { return number }
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
      let number = try? JSONValue.parse(text: text).number
    else { return nil }
    return number
  }

  /// Whether `if` takes the value for true when it stands alone.
  var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .double(let number): number != 0
    case .string(let text): !text.isEmpty
    case .array, .object: true
    }
  }
}

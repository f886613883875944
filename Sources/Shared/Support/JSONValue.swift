/// Any JSON value. Numbers without fraction and exponent that fit 64 bits stay integers.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// Reads one JSON text, strictly after RFC 8259.
  public static func parse(_ bytes: [UInt8]) throws(JSONParseError) -> JSONValue {
    var parser = JSONParser(bytes)
    return try parser.parseText()
  }

  /// Reads one JSON text of somebody who is not to be trusted: its values take at most
  /// `Limits.jsonCostFactorMax` times its bytes of memory, or what nobody need care about.
  public static func parse(untrusted bytes: [UInt8]) throws(JSONParseError) -> JSONValue {
    let costMax = max(Limits.jsonCostFree, bytes.count * Limits.jsonCostFactorMax)
    var parser = JSONParser(bytes, costMax: costMax)
    return try parser.parseText()
  }

  /// Reads one JSON text, strictly after RFC 8259.
  public static func parse(_ bytes: some Collection<UInt8>) throws(JSONParseError) -> JSONValue {
    try parse(Array(bytes))
  }

  /// Reads one JSON text, strictly after RFC 8259. Error offsets count UTF-8 bytes.
  public static func parse(text: String) throws(JSONParseError) -> JSONValue {
    try parse(Array(text.utf8))
  }

  /// Compact JSON, members in their order. Parsing it gives an equal value.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// The same as text.
  public var text: String { String(decoding: encoded(), as: UTF8.self) }

  /// What the value is, for messages: `an object`, `a number`, …
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int, .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// Either kind of number as a double, nil for anything else.
  public var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  public var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }
}

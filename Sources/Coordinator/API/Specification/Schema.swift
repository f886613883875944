import Shared

/// What values a place of a request or an answer takes: JSON Schema of 2020-12, which OpenAPI 3.1
/// uses.
struct Schema: Sendable, Equatable {
  private(set) var json: JSONObject

  private init(_ json: JSONObject) { self.json = json }

  private init(type: String) { json = ["type": .string(type)] }

  // MARK: plain values

  static let boolean = Schema(type: "boolean")
  static let string = Schema(type: "string")
  static let integer = Schema(type: "integer")
  static let number = Schema(type: "number")
  /// Anything at all.
  static let any = Schema([:])

  /// ISO-8601 in UTC with milliseconds.
  static let time = string.with("format", .string("date-time"))
    .with("examples", .array([.string("2016-02-18T19:11:52.737Z")]))

  /// A number of the coordinator's that names a thing.
  static let id = integer(1...Int64.max)

  static func boolean(default standard: Bool) -> Schema {
    boolean.with("default", .bool(standard))
  }

  static func integer(_ range: ClosedRange<Int64>, default standard: Int64? = nil) -> Schema {
    var schema = integer
    if range.lowerBound != .min { schema.json["minimum"] = .int(range.lowerBound) }
    if range.upperBound != .max { schema.json["maximum"] = .int(range.upperBound) }
    if range.upperBound > Int64(Int32.max) { schema.json["format"] = .string("int64") }
    if let standard { schema.json["default"] = .int(standard) }
    return schema
  }

  static func integer(_ range: ClosedRange<Int>, default standard: Int64? = nil) -> Schema {
    integer(Int64(range.lowerBound)...Int64(range.upperBound), default: standard)
  }

  static func number(_ range: ClosedRange<Double>, default standard: Double? = nil) -> Schema {
    var schema = number
    schema.json["minimum"] = value(range.lowerBound)
    if range.upperBound.isFinite { schema.json["maximum"] = value(range.upperBound) }
    if let standard { schema.json["default"] = value(standard) }
    return schema
  }

  /// A text of so many characters (Unicode scalars).
  static func string(_ lengths: ClosedRange<Int>) -> Schema {
    var schema = string
    if lengths.lowerBound > 0 { schema.json["minLength"] = .int(Int64(lengths.lowerBound)) }
    schema.json["maxLength"] = .int(Int64(lengths.upperBound))
    return schema
  }

  /// A text that matches a regular expression of ECMA-262.
  static func string(pattern: String) -> Schema { string.with("pattern", .string(pattern)) }

  /// One of a few texts.
  static func choice(_ names: [String], default standard: String? = nil) -> Schema {
    var schema = string.with("enum", .array(names.map { .string($0) }))
    if let standard { schema.json["default"] = .string(standard) }
    return schema
  }

  /// Exactly this value.
  static func constant(_ value: JSONValue) -> Schema { Schema(["const": value]) }

  // MARK: composed values

  /// A schema of the document's components.
  static func component(_ name: String) -> Schema {
    Schema(["$ref": .string("#/components/schemas/\(name)")])
  }

  static func array(_ elements: Schema, _ counts: ClosedRange<Int>? = nil) -> Schema {
    var schema = Schema(["type": .string("array"), "items": .object(elements.json)])
    if let counts {
      if counts.lowerBound > 0 { schema.json["minItems"] = .int(Int64(counts.lowerBound)) }
      if counts.upperBound < .max { schema.json["maxItems"] = .int(Int64(counts.upperBound)) }
    }
    return schema
  }

  /// Any names, each with a value of this kind.
  static func map(_ values: Schema) -> Schema {
    Schema(["type": .string("object"), "additionalProperties": .object(values.json)])
  }

  static func oneOf(_ schemas: [Schema]) -> Schema {
    Schema(["oneOf": .array(schemas.map { .object($0.json) })])
  }

  static func anyOf(_ schemas: [Schema]) -> Schema {
    Schema(["anyOf": .array(schemas.map { .object($0.json) })])
  }

  /// - Parameter isClosed: whether other members are refused, as in bodies of requests.
  static func object(_ members: [Member], isClosed: Bool = false) -> Schema {
    var schema = Schema(type: "object")
    let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema.json["required"] = .array(required) }
    schema.json["properties"] = .object(
      JSONObject(members.map { (key: $0.name, value: .object($0.schema.json)) }))
    if isClosed { schema.json["additionalProperties"] = .bool(false) }
    return schema
  }

  struct Member: Sendable {
    var name: String
    var schema: Schema
    var isRequired: Bool

    /// A member that is always there.
    static func must(_ name: String, _ schema: Schema, _ description: String? = nil) -> Member {
      Member(name: name, schema: schema.described(description), isRequired: true)
    }

    /// A member that may be left out.
    static func may(_ name: String, _ schema: Schema, _ description: String? = nil) -> Member {
      Member(name: name, schema: schema.described(description), isRequired: false)
    }
  }

  // MARK: further keywords

  func described(_ text: String?) -> Schema {
    text.map { with("description", .string($0)) } ?? self
  }

  func example(_ value: JSONValue) -> Schema { with("examples", .array([value])) }

  func with(_ keyword: String, _ value: JSONValue) -> Schema {
    var schema = self
    schema.json[keyword] = value
    return schema
  }

  /// Whole numbers without a fraction, as people write them.
  private static func value(_ number: Double) -> JSONValue {
    Int64(exactly: number).map { .int($0) } ?? .double(number)
  }
}

/// Reads the members of a JSON object and collects **all** that is wrong with them.
///
/// A reader that returns nil for a member has either found it absent or noted an error. Call
/// `finish` last: it reports the members that nobody has asked for.
public struct FieldReader: Sendable {
  public let object: JSONObject
  /// Path of the object itself, empty at the top.
  public let path: String
  public private(set) var errors: [FieldError] = []
  private var namesRead: Set<String> = []

  public init(_ object: JSONObject, path: String = "") {
    self.object = object
    self.path = path
  }

  /// Path of a member: `name` at the top, `path.name` below.
  public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// Path of an element of a member: `path.name[index]`.
  public func path(of name: String, _ index: Int) -> String { "\(path(of: name))[\(index)]" }

  /// Whether the member is there, of whatever type; does not count as reading it.
  public func has(_ name: String) -> Bool { object[name] != nil }

  /// Notes an error of a member.
  public mutating func fail(_ name: String, _ message: String) {
    namesRead.insert(name)
    errors.append(FieldError(field: path(of: name), message: message))
  }

  /// Notes an error of the object as a whole.
  public mutating func fail(_ message: String) {
    errors.append(FieldError(field: path, message: message))
  }

  /// Takes over errors found below.
  public mutating func absorb(_ found: [FieldError]) { errors.append(contentsOf: found) }

  /// The member as it stands, or nil when it is absent.
  public mutating func value(_ name: String, required: Bool = false) -> JSONValue? {
    namesRead.insert(name)
    let value = object[name]
    if value == nil, required { fail(name, "is required") }
    return value
  }

  /// A string of at most `maxLength` characters (Unicode scalars); a required one is not empty.
  public mutating func string(
    _ name: String, required: Bool = false, maxLength: Int = 1_000
  ) -> String? {
    guard let value = value(name, required: required) else { return nil }
    guard case .string(let text) = value else {
      fail(name, "must be a string")
      return nil
    }
    if required, text.isEmpty {
      fail(name, "must not be empty")
      return nil
    }
    if text.unicodeScalars.count > maxLength {
      fail(name, "must have at most \(maxLength) characters")
      return nil
    }
    return text
  }

  /// An integer within a range; `5.0` counts as one.
  public mutating func int(
    _ name: String, range: ClosedRange<Int> = Int.min...Int.max, required: Bool = false
  ) -> Int? {
    guard let value = value(name, required: required) else { return nil }
    let integer: Int?
    switch value {
    case .int(let number): integer = Int(exactly: number)
    case .double(let number):
      if number.rounded() != number {
        fail(name, "must be an integer")
        return nil
      }
      integer = Int(exactly: number)
    default:
      fail(name, "must be an integer")
      return nil
    }
    guard let integer, range.contains(integer) else {
      fail(name, Self.rangeMessage(range))
      return nil
    }
    return integer
  }

  /// A number within a range.
  public mutating func double(
    _ name: String, range: ClosedRange<Double> = -Double.infinity...Double.infinity,
    required: Bool = false
  ) -> Double? {
    guard let value = value(name, required: required) else { return nil }
    guard let number = value.number else {
      fail(name, "must be a number")
      return nil
    }
    guard range.contains(number) else {
      fail(name, Self.rangeMessage(range))
      return nil
    }
    return number
  }

  public mutating func bool(_ name: String, required: Bool = false) -> Bool? {
    guard let value = value(name, required: required) else { return nil }
    guard case .bool(let flag) = value else {
      fail(name, "must be true or false")
      return nil
    }
    return flag
  }

  public mutating func object(_ name: String, required: Bool = false) -> JSONObject? {
    guard let value = value(name, required: required) else { return nil }
    guard case .object(let object) = value else {
      fail(name, "must be an object")
      return nil
    }
    return object
  }

  public mutating func array(_ name: String, required: Bool = false) -> [JSONValue]? {
    guard let value = value(name, required: required) else { return nil }
    guard case .array(let elements) = value else {
      fail(name, "must be an array")
      return nil
    }
    return elements
  }

  /// Reports members that were never read, up to as many as are worth an answer.
  public mutating func finish() {
    for (name, _) in object.members where !namesRead.contains(name) {
      guard errors.count < Limits.validationErrorsMax else { return }
      fail(name, "unknown field")
    }
  }

  /// Throws what was found, if anything.
  public func check() throws(ValidationError) {
    if !errors.isEmpty { throw ValidationError(errors: errors) }
  }

  private static func rangeMessage(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == .max { return "must be at least \(range.lowerBound)" }
    if range.lowerBound == .min { return "must be at most \(range.upperBound)" }
    return "must be between \(range.lowerBound) and \(range.upperBound)"
  }

  private static func rangeMessage(_ range: ClosedRange<Double>) -> String {
    if range.upperBound == .infinity { return "must be at least \(text(range.lowerBound))" }
    if range.lowerBound == -.infinity { return "must be at most \(text(range.upperBound))" }
    return "must be between \(text(range.lowerBound)) and \(text(range.upperBound))"
  }

  private static func text(_ number: Double) -> String {
    var writer = JSONWriter()
    writer.double(number)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

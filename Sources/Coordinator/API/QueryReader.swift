import Shared

/// Reads the parameters of a URL and collects **all** that is wrong with them, as `FieldReader`
/// does for bodies.
struct QueryReader {
  private let parameters: [(name: String, value: String)]
  private(set) var errors: [FieldError] = []
  private var namesRead: Set<String> = []

  init(_ parameters: [(name: String, value: String)]) { self.parameters = parameters }

  func has(_ name: String) -> Bool { parameters.contains { $0.name == name } }

  mutating func fail(_ name: String, _ message: String) {
    errors.append(FieldError(field: name, message: message))
  }

  mutating func string(_ name: String) -> String? {
    namesRead.insert(name)
    let values = parameters.filter { $0.name == name }
    if values.count > 1 {
      fail(name, "must be given once")
      return nil
    }
    return values.first?.value
  }

  mutating func bool(_ name: String, default standard: Bool) -> Bool {
    switch string(name) {
    case nil: return standard
    case "true": return true
    case "false": return false
    default:
      fail(name, "must be true or false")
      return standard
    }
  }

  /// A decimal integer of at least `min`.
  mutating func int64(_ name: String, min: Int64 = 0) -> Int64? {
    guard let text = string(name) else { return nil }
    let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
      fail(name, "must be an integer")
      return nil
    }
    guard let value = Int64(text), value >= min else {
      fail(name, "must be between \(min) and \(Int64.max)")
      return nil
    }
    return value
  }

  /// `offset` and `limit`, of which −1 stands for everything.
  mutating func page(defaultLimit: Int? = nil) -> Page {
    let offset = Int(int64("offset") ?? 0)
    guard let limit = int64("limit", min: -1) else {
      return Page(offset: offset, limit: defaultLimit)
    }
    return Page(offset: offset, limit: limit < 0 ? nil : Int(limit))
  }

  /// Reports parameters that were never read, up to as many as are worth an answer.
  mutating func rejectOthers() {
    for (name, _) in parameters where !namesRead.contains(name) {
      guard errors.count < Limits.validationErrorsMax else { return }
      namesRead.insert(name)
      fail(name, "unknown parameter")
    }
  }

  /// Reports parameters that were never read, and throws if anything was wrong.
  mutating func finish() throws {
    rejectOthers()
    if !errors.isEmpty { throw Problem.invalid(errors) }
  }
}

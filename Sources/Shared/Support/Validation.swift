/// One thing that is wrong with one field of an input.
public struct FieldError: Sendable, Equatable {
  /// Path of the field, e.g. `regions[1].name`; empty for the whole input.
  public var field: String
  /// What is wrong with it, without repeating the field.
  public var message: String

  public init(field: String, message: String) {
    self.field = field
    self.message = message
  }
}

/// Everything that is wrong with an input: at least one error.
public struct ValidationError: Error, Sendable, Equatable, CustomStringConvertible {
  public var errors: [FieldError]

  public init(errors: [FieldError]) { self.errors = errors }

  public init(_ field: String, _ message: String) {
    errors = [FieldError(field: field, message: message)]
  }

  /// One line: `field: message; field: message`.
  public var description: String {
    errors.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
      .joined(separator: "; ")
  }
}

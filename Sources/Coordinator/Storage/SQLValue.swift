import Shared

/// What can be bound to a parameter of a statement.
public enum SQLValue: Sendable, Equatable {
  case null
  case int(Int64)
  case double(Double)
  case text(String)
  case blob([UInt8])
}

extension SQLValue {
  public static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }
  public static func bool(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }
  public static func id<Entity>(_ value: Identifier<Entity>) -> SQLValue { .int(value.rawValue) }

  public static func optional(_ value: Int64?) -> SQLValue { value.map { .int($0) } ?? .null }
  public static func optional(_ value: Int?) -> SQLValue { value.map { .int($0) } ?? .null }
  public static func optional(_ value: Double?) -> SQLValue { value.map { .double($0) } ?? .null }
  public static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
}

import Shared

/// Evaluating conditions.
extension StepsClient {
  /// Whether a condition holds, or nil when it cannot be told: a value is missing, or two values
  /// have no order.
  mutating func holds(_ condition: CompiledCondition) -> Bool? {
    switch condition {
    case .truth(let template): return value(template)?.isTrue ?? false
    case .not(let inner): return holds(inner).map { !$0 }
    case .and(let left, let right): return holds(left).flatMap { $0 ? holds(right) : false }
    case .or(let left, let right): return holds(left).flatMap { $0 ? true : holds(right) }
    case .comparison(let left, let comparison, let right):
      return compare(left, comparison, right)
    }
  }

  private mutating func compare(
    _ left: CompiledTemplate, _ comparison: Condition.Comparison, _ right: CompiledTemplate
  ) -> Bool? {
    // Asking for null is how a script asks whether there is a value at all.
    if left.isNull || right.isNull {
      let isNull = (value(left.isNull ? right : left) ?? .null) == .null
      return comparison == .equal ? isNull : comparison == .notEqual ? !isNull : nil
    }
    guard let first = value(left), let second = value(right) else { return nil }
    switch comparison {
    case .equal: return first.equalsLoosely(second)
    case .notEqual: return !first.equalsLoosely(second)
    case .contains: return Self.contains(first, second)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    if let first = Self.number(first, left), let second = Self.number(second, right) {
      return Self.ordered(first, comparison, second)
    }
    guard case .string(let first) = first, case .string(let second) = second else { return nil }
    return Self.ordered(first, comparison, second)
  }

  private static func ordered<Value: Comparable>(
    _ left: Value, _ comparison: Condition.Comparison, _ right: Value
  ) -> Bool? {
    switch comparison {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal, .notEqual, .contains: nil
    }
  }

  /// The number that an operand counts as: a value that came as text may spell one, but a text
  /// that the script's author quoted stays a text.
  private static func number(_ value: JSONValue, _ operand: CompiledTemplate) -> Double? {
    if case .value = operand { value.looseNumber } else { nil }
  }

  private static func contains(_ whole: JSONValue, _ part: JSONValue) -> Bool {
    switch whole {
    case .array(let elements): elements.contains { $0.equalsJSON(part) }
    case .object(let object): object[part.templateText] != nil
    default: ByteSearch.contains(Array(whole.templateText.utf8), Array(part.templateText.utf8))
    }
  }
}

extension CompiledTemplate {
  /// Whether it is the word `null` of a condition.
  fileprivate var isNull: Bool {
    if case .value(.constant(.null)) = self { true } else { false }
  }
}

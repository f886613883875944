/// What `if` asks, e.g. `${price} > 100 && !(${name} == 'IBM')`.
public indirect enum Condition: Sendable, Equatable {
  public enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case contains
  }

  public enum Operand: Sendable, Equatable {
    /// Number, `true`, `false` or `null`.
    case literal(JSONValue)
    /// A quoted text, which may have places.
    case text(Template)
    /// A bare `${…}`, which keeps the type of its value.
    case expression(TemplateExpression)
  }

  case comparison(Operand, Comparison, Operand)
  /// A value alone: false, null, 0, the empty text and no value at all are untrue.
  case truth(Operand)
  case not(Condition)
  case and(Condition, Condition)
  case or(Condition, Condition)

  /// Every expression in it.
  public var expressions: [TemplateExpression] {
    switch self {
    case .comparison(let left, _, let right): left.expressions + right.expressions
    case .truth(let operand): operand.expressions
    case .not(let condition): condition.expressions
    case .and(let left, let right), .or(let left, let right): left.expressions + right.expressions
    }
  }
}

extension Condition.Operand {
  public var expressions: [TemplateExpression] {
    switch self {
    case .literal: []
    case .text(let template): template.expressions
    case .expression(let expression): [expression]
    }
  }
}

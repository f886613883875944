extension Condition {
  /// Reads a condition: `||` binds weakest, then `&&`, `!`, the comparisons.
  public static func parse(_ text: String) throws(StepsSyntaxError) -> Condition {
    var parser = ConditionParser(text)
    return try parser.parse()
  }
}

private struct ConditionParser {
  private var scanner: TextScanner
  private var operatorCount = 0

  init(_ text: String) { scanner = TextScanner(text) }

  mutating func parse() throws(StepsSyntaxError) -> Condition {
    let condition = try parseOr()
    guard scanner.isAtEnd else { throw scanner.unexpected("an operator or the end") }
    return condition
  }

  /// Chains become deep trees too: both nesting and length are bounded for the stack's sake.
  private mutating func countOperator() throws(StepsSyntaxError) {
    operatorCount += 1
    guard operatorCount <= Limits.stepsConditionOperatorsMax else {
      throw scanner.error("more than \(Limits.stepsConditionOperatorsMax) operators")
    }
  }

  private mutating func parseOr() throws(StepsSyntaxError) -> Condition {
    var left = try parseAnd()
    while scanner.take("||") {
      try countOperator()
      left = .or(left, try parseAnd())
    }
    return left
  }

  private mutating func parseAnd() throws(StepsSyntaxError) -> Condition {
    var left = try parseNot()
    while scanner.take("&&") {
      try countOperator()
      left = .and(left, try parseNot())
    }
    return left
  }

  private mutating func parseNot() throws(StepsSyntaxError) -> Condition {
    scanner.skipSpace()
    if scanner.next == "!", !scanner.startsWith("!=") {
      try countOperator()
      scanner.offset += 1
      return .not(try parseNot())
    }
    if scanner.take("(") {
      try countOperator()
      let inner = try parseOr()
      guard scanner.take(")") else { throw scanner.unexpected("an operator or ')'") }
      scanner.skipSpace()
      return inner
    }
    return try parseComparison()
  }

  private mutating func parseComparison() throws(StepsSyntaxError) -> Condition {
    let left = try parseOperand()
    let start = scanner.offset
    guard let comparison = takeComparison() else { return .truth(left) }
    scanner.skipSpace()
    let right = try parseOperand()
    if comparison != .equal, comparison != .notEqual, comparison != .contains {
      for case .literal(let value) in [left, right] where value.number == nil {
        throw StepsSyntaxError("\(value.text) has no order to compare by", offset: start)
      }
    }
    return .comparison(left, comparison, right)
  }

  private mutating func takeComparison() -> Condition.Comparison? {
    // Two-character operators come first in the list, so that `<=` is not read as `<`.
    for comparison in Condition.Comparison.allCases where scanner.startsWith(comparison.rawValue) {
      _ = scanner.take(comparison.rawValue)
      return comparison
    }
    return nil
  }

  /// Reads an operand and the space after it.
  private mutating func parseOperand() throws(StepsSyntaxError) -> Condition.Operand {
    let start = scanner.offset
    let operand: Condition.Operand
    switch scanner.next {
    case .some("'"), .some("\""):
      let text = try scanner.takeQuoted()
      do {
        operand = .text(try Template.parse(text))
      } catch {
        throw StepsSyntaxError(error.message, offset: start + 1 + error.offset)
      }
    case .some("$") where scanner.startsWith("${"):
      operand = .expression(try Template.parsePlace(&scanner))
    case .some("-"), .some("0"..."9"):
      let text = scanner.takeWhile {
        TextScanner.continuesName($0) || $0 == "." || $0 == "-" || $0 == "+"
      }
      guard let value = try? JSONValue.parse(text: text) else {
        throw StepsSyntaxError("'\(text)' is not a number", offset: start)
      }
      operand = .literal(value)
    default:
      switch scanner.takeWhile(TextScanner.continuesName) {
      case "true": operand = .literal(.bool(true))
      case "false": operand = .literal(.bool(false))
      case "null": operand = .literal(.null)
      default:
        scanner.offset = start
        throw scanner.unexpected("a number, a quoted text, true, false, null or '${'")
      }
    }
    scanner.skipSpace()
    return operand
  }
}

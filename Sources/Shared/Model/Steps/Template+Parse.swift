extension Template {
  /// Reads a template.
  public static func parse(_ text: String) throws(StepsSyntaxError) -> Template {
    var scanner = TextScanner(text)
    var parts: [Part] = []
    var plain = ""
    while let next = scanner.next {
      if scanner.take("$${") {
        plain += "${"
      } else if scanner.startsWith("${") {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts.append(.expression(try parsePlace(&scanner)))
      } else {
        plain.unicodeScalars.append(next)
        scanner.offset += 1
      }
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    return Template(parts: parts, source: text)
  }

  /// Reads `${…}`, whose beginning is next.
  static func parsePlace(
    _ scanner: inout TextScanner
  ) throws(StepsSyntaxError) -> TemplateExpression {
    let start = scanner.offset
    scanner.offset += 2
    scanner.skipSpace()
    let expression = try parseExpression(&scanner)
    scanner.skipSpace()
    if scanner.isAtEnd { throw StepsSyntaxError("'${' without '}'", offset: start) }
    guard scanner.take("}") else { throw scanner.unexpected("'}'") }
    return expression
  }

  private static func parseExpression(
    _ scanner: inout TextScanner
  ) throws(StepsSyntaxError) -> TemplateExpression {
    let start = scanner.offset
    let name = try scanner.takeName()
    if scanner.next == "(" { return try parseCall(name, at: start, &scanner) }
    let path = try JSONPath.parseElements(&scanner)
    switch name {
    case "params": return .params(path)
    case "vu":
      if path.elements.count == 1, case .member(let member) = path.elements[0],
        let field = ClientField(rawValue: member)
      {
        return .vu(field)
      }
      let known = ClientField.allCases.map { "vu.\($0.rawValue)" }.joined(separator: ", ")
      throw StepsSyntaxError("unknown client field, there are \(known),", offset: start)
    default: return .variable(name, path)
    }
  }

  private static func parseCall(
    _ name: String, at start: Int, _ scanner: inout TextScanner
  ) throws(StepsSyntaxError) -> TemplateExpression {
    scanner.offset += 1
    var arguments: [Int64] = []
    scanner.skipSpace()
    while scanner.next != ")" {
      arguments.append(try scanner.takeInteger())
      scanner.skipSpace()
      if scanner.take(",") {
        scanner.skipSpace()
      } else if scanner.next != ")" {
        throw scanner.unexpected("',' or ')'")
      }
    }
    scanner.offset += 1
    switch (name, arguments.count) {
    case ("uuid", 0): return .uuid
    case ("random", 2):
      guard arguments[0] <= arguments[1] else {
        throw StepsSyntaxError("random(min, max) with min above max", offset: start)
      }
      return .random(min: arguments[0], max: arguments[1])
    case ("uuid", _): throw StepsSyntaxError("uuid() takes no arguments", offset: start)
    case ("random", _): throw StepsSyntaxError("random(min, max) takes two integers", offset: start)
    default:
      throw StepsSyntaxError(
        "unknown function \(name), there are random(min, max) and uuid(),", offset: start)
    }
  }
}

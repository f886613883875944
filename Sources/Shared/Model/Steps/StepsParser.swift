/// Reads scripts; collects every error on its way.
struct StepsParser {
  var errors: [FieldError] = []
  /// Variables extracted so far, in order and for looking up.
  private(set) var variables: [String] = []
  private var known: Set<String> = []
  /// Variables named in templates, with the field that names them.
  private var uses: [(variable: String, field: String)] = []
  private var stepCount = 0

  mutating func parse(_ json: JSONValue) throws(ValidationError) -> StepsScript {
    guard case .object(let object) = json else {
      throw ValidationError("", "must be an object with steps")
    }
    var reader = FieldReader(object)
    let steps = parseSteps("steps", &reader, depth: 1)
    finish(&reader)
    if variables.count > Limits.stepsVariablesMax {
      fail("steps", "more than \(Limits.stepsVariablesMax) variables in the script")
    }
    for use in uses where !known.contains(use.variable) {
      fail(use.field, "unknown variable \(use.variable): no request extracts it")
    }
    guard errors.isEmpty else {
      throw ValidationError(errors: Array(errors.prefix(Limits.validationErrorsMax)))
    }
    return StepsScript(steps: steps, variables: variables)
  }

  mutating func fail(_ field: String, _ message: String) {
    errors.append(FieldError(field: field, message: message))
  }

  /// Reports what nobody has read, and takes over the reader's errors.
  mutating func finish(_ reader: inout FieldReader) {
    reader.finish()
    errors.append(contentsOf: reader.errors)
  }

  /// Reads a member that is a non-empty list of steps.
  private mutating func parseSteps(
    _ name: String, _ reader: inout FieldReader, depth: Int
  ) -> [Step] {
    guard let elements = reader.array(name, required: true) else { return [] }
    if elements.isEmpty { reader.fail(name, "must not be empty") }
    if depth > Limits.stepsDepthMax {
      reader.fail(name, "steps nested deeper than \(Limits.stepsDepthMax)")
      return []
    }
    stepCount += elements.count
    if stepCount > Limits.stepsPerScriptMax {
      reader.fail(name, "more than \(Limits.stepsPerScriptMax) steps in the script")
      return []
    }
    var steps: [Step] = []
    for (index, element) in elements.enumerated() {
      if let step = parseStep(element, reader.path(of: name, index), depth: depth) {
        steps.append(step)
      }
    }
    return steps
  }

  private static let kinds = ["request", "sleepMs", "waitForEvent", "repeat", "if"]

  private mutating func parseStep(_ json: JSONValue, _ path: String, depth: Int) -> Step? {
    guard case .object(let object) = json else {
      fail(path, "must be an object")
      return nil
    }
    var reader = FieldReader(object, path: path)
    let kinds = Self.kinds.filter { reader.has($0) }
    if kinds.count != 1 {
      reader.fail("must have exactly one of \(Self.kinds.joined(separator: ", "))")
    }
    var step: Step?
    switch kinds.first {
    case "request": step = parseRequest(&reader).map { .request($0) }
    case "sleepMs": step = parseSleep(&reader)
    case "waitForEvent": step = parseWaitForEvent(&reader)
    case "repeat":
      let count = parseLoopCount(&reader)
      let steps = parseSteps("steps", &reader, depth: depth + 1)
      step = count.map { .loop(count: $0, steps: steps) }
    case "if":
      let condition = parseCondition(&reader)
      let then = parseSteps("steps", &reader, depth: depth + 1)
      let otherwise = reader.has("else") ? parseSteps("else", &reader, depth: depth + 1) : []
      step = condition.map { .conditional($0, then: then, otherwise: otherwise) }
    default: break
    }
    finish(&reader)
    return step
  }

  private mutating func parseSleep(_ reader: inout FieldReader) -> Step? {
    let range = 0...Limits.stepsSleepMsMax
    guard case .object(let object) = reader.value("sleepMs") else {
      return reader.int("sleepMs", range: range).map { .sleep(millis: Int64($0)...Int64($0)) }
    }
    var inner = FieldReader(object, path: reader.path(of: "sleepMs"))
    let min = inner.int("min", range: range, required: true)
    let max = inner.int("max", range: range, required: true)
    if let min, let max, min > max { inner.fail("max", "must be at least min") }
    finish(&inner)
    guard let min, let max, min <= max else { return nil }
    return .sleep(millis: Int64(min)...Int64(max))
  }

  private mutating func parseWaitForEvent(_ reader: inout FieldReader) -> Step? {
    define("event")
    let name = reader.string(
      "waitForEvent", required: true, maxLength: Limits.sharedNameLengthMax)
    let timeout = reader.int("timeoutMs", range: 1...Limits.stepsSleepMsMax)
    guard let name else { return nil }
    return .waitForEvent(
      name: name, timeoutMillis: Int64(timeout ?? Limits.stepsEventTimeoutMs))
  }

  private mutating func parseLoopCount(_ reader: inout FieldReader) -> LoopCount? {
    guard case .string(let text) = reader.value("repeat") else {
      return reader.int("repeat", range: 0...Limits.iterationsMax).map { .fixed($0) }
    }
    guard let template = parseTemplate(text, field: reader.path(of: "repeat")) else { return nil }
    guard let expression = template.soleExpression else {
      reader.fail("repeat", "must be an integer or one ${…}")
      return nil
    }
    return .expression(expression)
  }

  private mutating func parseCondition(_ reader: inout FieldReader) -> Condition? {
    guard
      let text = reader.string("if", required: true, maxLength: Limits.stepsConditionLengthMax)
    else { return nil }
    do {
      let condition = try Condition.parse(text)
      note(condition.expressions, field: reader.path(of: "if"))
      return condition
    } catch {
      reader.fail("if", error.description)
      return nil
    }
  }

  /// Notes that a request extracts a variable.
  mutating func define(_ variable: String) {
    if known.insert(variable).inserted { variables.append(variable) }
  }

  /// Reads a template and remembers which variables it names.
  mutating func parseTemplate(_ text: String, field: String) -> Template? {
    do {
      let template = try Template.parse(text)
      note(template.expressions, field: field)
      return template
    } catch {
      fail(field, error.description)
      return nil
    }
  }

  /// Reads a member that is a template.
  mutating func parseTemplate(
    _ name: String, _ reader: inout FieldReader, required: Bool = false,
    maxLength: Int = Limits.stepsTextLengthMax
  ) -> Template? {
    guard let text = reader.string(name, required: required, maxLength: maxLength) else {
      return nil
    }
    return parseTemplate(text, field: reader.path(of: name))
  }

  private mutating func note(_ expressions: [TemplateExpression], field: String) {
    for case .variable(let name, _) in expressions { uses.append((variable: name, field: field)) }
  }
}

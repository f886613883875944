import Shared

/// Turns the tree of a script into the flat list of a program.
struct StepsCompiler {
  private(set) var instructions: [StepsProgram.Instruction] = []
  private(set) var checkNames: [String] = []
  private(set) var counterCount = 0
  private var checkIndices: [String: Int] = [:]
  private var slots: [String: Int] = [:]
  private let params: JSONValue

  init(variables: [String], params: JSONValue) {
    for (slot, variable) in variables.enumerated() { slots[variable] = slot }
    self.params = params
  }

  /// Appends steps; `depth` counts the loops around them, which is the counter of the next one.
  mutating func compile(_ steps: [Step], depth: Int) throws {
    for step in steps {
      switch step {
      case .request(let request): instructions.append(.request(try compile(request)))
      case .sleep(let millis):
        instructions.append(.sleep(millis.lowerBound * 1_000...millis.upperBound * 1_000))
      case .waitForEvent(let name, let timeoutMillis):
        guard let slot = slots["event"] else { continue }
        instructions.append(
          .waitForEvent(name, timeoutMicros: timeoutMillis * 1_000, slot: slot))
      case .loop(let count, let steps): try compileLoop(count, steps, depth: depth)
      case .conditional(let condition, let then, let otherwise):
        try compileBranch(condition, then, otherwise, depth: depth)
      }
    }
  }

  private mutating func compileLoop(_ count: LoopCount, _ steps: [Step], depth: Int) throws {
    let times: StepsProgram.LoopTimes =
      switch count {
      case .fixed(let number): .fixed(number)
      case .expression(let expression): .value(source(expression))
      }
    counterCount = max(counterCount, depth + 1)
    let entry = instructions.count
    // The exit is known only once the loop's steps stand.
    instructions.append(.jump(0))
    try compile(steps, depth: depth + 1)
    instructions.append(.repeatLoop(counter: depth, start: entry + 1))
    instructions[entry] = .enterLoop(counter: depth, count: times, exit: instructions.count)
  }

  private mutating func compileBranch(
    _ condition: Condition, _ then: [Step], _ otherwise: [Step], depth: Int
  ) throws {
    let branch = instructions.count
    instructions.append(.jump(0))
    try compile(then, depth: depth)
    if otherwise.isEmpty {
      instructions[branch] = .branch(compile(condition), otherwise: instructions.count)
      return
    }
    let jump = instructions.count
    instructions.append(.jump(0))
    instructions[branch] = .branch(compile(condition), otherwise: instructions.count)
    try compile(otherwise, depth: depth)
    instructions[jump] = .jump(instructions.count)
  }

  private func compile(_ condition: Condition) -> CompiledCondition {
    switch condition {
    case .comparison(let left, let comparison, let right):
      .comparison(compile(left), comparison, compile(right))
    case .truth(let operand): .truth(compile(operand))
    case .not(let inner): .not(compile(inner))
    case .and(let left, let right): .and(compile(left), compile(right))
    case .or(let left, let right): .or(compile(left), compile(right))
    }
  }

  private func compile(_ operand: Condition.Operand) -> CompiledTemplate {
    switch operand {
    case .literal(let value): .value(.constant(value))
    case .expression(let expression): .value(source(expression))
    case .text(let template):
      // Quotes make a text of whatever is inside, be it one value.
      if let sole = template.soleExpression {
        .mixed([.value(source(sole))])
      } else {
        compile(template)
      }
    }
  }

  private func source(_ expression: TemplateExpression) -> ValueSource {
    switch expression {
    case .params(let path):
      if let value = path.first(in: params) {
        .constant(value)
      } else {
        .missing("params\(path.text)")
      }
    case .vu(let field): .client(field)
    case .variable(let name, let path):
      if let slot = slots[name] {
        .slot(slot, path, name: name + path.text)
      } else {
        .missing(name)
      }
    case .random(let min, let max): .random(min: min, max: max)
    case .uuid: .uuid
    }
  }

  private func compile(_ template: Template) -> CompiledTemplate {
    if let expression = template.soleExpression {
      let source = source(expression)
      // Texts only: a number must stay a number where it stands alone in JSON.
      if case .constant(.string(let text)) = source { return .constant(text) }
      return .value(source)
    }
    var parts: [CompiledTemplate.Part] = []
    var text = ""
    for part in template.parts {
      switch part {
      case .text(let plain): text += plain
      case .expression(let expression):
        let source = source(expression)
        if case .constant(let value) = source {
          text += value.templateText
        } else {
          if !text.isEmpty { parts.append(.text(text)) }
          text = ""
          parts.append(.value(source))
        }
      }
    }
    if parts.isEmpty { return .constant(text) }
    if !text.isEmpty { parts.append(.text(text)) }
    return .mixed(parts)
  }

  /// For places that take text whatever the value's type.
  private func compileText(_ template: Template) -> CompiledTemplate {
    let compiled = compile(template)
    if case .value(.constant(let value)) = compiled { return .constant(value.templateText) }
    return compiled
  }
}

extension StepsCompiler {
  private mutating func compile(_ step: RequestStep) throws -> CompiledRequest {
    var extractions: [CompiledExtraction] = []
    for extraction in step.extractions {
      guard let slot = slots[extraction.variable] else { continue }
      let source: CompiledExtraction.Source =
        switch extraction.source {
        case .json(let path): .json(path)
        case .header(let name): .header(name)
        case .regex(let pattern): .regex(try CompiledRegex(pattern: pattern))
        }
      extractions.append(CompiledExtraction(slot: slot, source: source))
    }
    let checks = step.checks.map {
      CompiledCheck(index: checkIndex($0.name), kind: compile($0.kind))
    }
    return CompiledRequest(
      step: step, url: compileText(step.url), name: step.name.map(compileText),
      headers: compile(step.headers), body: step.body.map(compile), extractions: extractions,
      checks: checks)
  }

  private func compile(_ fields: [HeaderTemplate]) -> [(name: String, value: CompiledTemplate)] {
    fields.map { (name: $0.name, value: compileText($0.value)) }
  }

  private mutating func checkIndex(_ name: String) -> Int {
    if let index = checkIndices[name] { return index }
    let index = checkNames.count
    checkNames.append(name)
    checkIndices[name] = index
    return index
  }

  private func compile(_ kind: Check.Kind) -> CompiledCheck.Kind {
    switch kind {
    case .status(let codes): .status(codes)
    case .json(let path, let test): .json(path, compile(test))
    case .header(let name, let test): .header(name, compile(test))
    case .bodyContains(let template): .bodyContains(compileText(template))
    case .maxMs(let millis): .maxMicros(Int64(millis) * 1_000)
    }
  }

  private func compile(_ test: Check.Test) -> CompiledCheck.Test {
    switch test {
    case .exists(let exists): .exists(exists)
    case .equalsValue(let value): .equalsValue(value)
    case .equals(let template): .equals(compile(template))
    case .contains(let template): .contains(compileText(template))
    }
  }

  private func compile(_ body: BodyTemplate) -> CompiledBody {
    switch body {
    case .text(let template):
      let compiled = compileText(template)
      return compiled.constantText.map { .constant(Array($0.utf8)) } ?? .text(compiled)
    case .form(let fields):
      let compiled = compile(fields)
      guard compiled.allSatisfy({ $0.value.constantText != nil }) else { return .form(compiled) }
      let pairs = compiled.map { (name: $0.name, value: $0.value.constantText ?? "") }
      return .constant(FormEncoding.encode(pairs))
    case .json(let parts): return compileJSON(parts)
    }
  }

  private func compileJSON(_ parts: [BodyTemplate.JSONPart]) -> CompiledBody {
    var compiled: [CompiledBody.JSONPart] = []
    var constant: [UInt8] = []
    for part in parts {
      switch part {
      case .bytes(let bytes): constant += bytes
      case .value(let template):
        switch compile(template) {
        case .constant(let text): constant += JSONValue.string(text).encoded()
        case .value(.constant(let value)): constant += value.encoded()
        case let other:
          if !constant.isEmpty { compiled.append(.bytes(constant)) }
          constant = []
          compiled.append(.value(other))
        }
      }
    }
    if compiled.isEmpty { return .constant(constant) }
    if !constant.isEmpty { compiled.append(.bytes(constant)) }
    return .json(compiled)
  }
}

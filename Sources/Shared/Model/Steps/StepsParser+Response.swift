import Foundation

/// What a script does with responses: `extract` and `check`.
extension StepsParser {
  mutating func parseExtractions(_ step: inout FieldReader) -> [Extraction] {
    guard let object = step.object("extract") else { return [] }
    let path = step.path(of: "extract")
    var extractions: [Extraction] = []
    for (name, json) in object.members {
      let field = "\(path).\(name)"
      // Noted even if the rest is wrong, so that one mistake does not look like two.
      define(name)
      guard Self.isVariableName(name) else {
        fail(field, "is not a variable name: letters, digits and _ other than params and vu")
        continue
      }
      guard case .object(let source) = json else {
        fail(field, "must be an object with json, header or regex")
        continue
      }
      var reader = FieldReader(source, path: field)
      if let source = parseSource(&reader) {
        extractions.append(Extraction(variable: name, source: source))
      }
      finish(&reader)
    }
    return extractions
  }

  private static func isVariableName(_ name: String) -> Bool {
    var scanner = TextScanner(name)
    return (try? scanner.takeName()) == name && name != "params" && name != "vu"
  }

  private mutating func parseSource(_ reader: inout FieldReader) -> Extraction.Source? {
    let kinds = ["json", "header", "regex"].filter { reader.has($0) }
    guard kinds.count == 1 else {
      reader.fail("must have exactly one of json, header, regex")
      for kind in kinds { _ = reader.value(kind) }
      return nil
    }
    switch kinds[0] {
    case "json": return parsePath(&reader).map { .json($0) }
    case "header": return parseHeaderName(&reader).map { .header($0) }
    default:
      guard let pattern = reader.string("regex", required: true) else { return nil }
      if (try? NSRegularExpression(pattern: pattern)) == nil {
        reader.fail("regex", "is not a regular expression")
        return nil
      }
      return .regex(pattern)
    }
  }

  private mutating func parsePath(_ reader: inout FieldReader) -> JSONPath? {
    guard let text = reader.string("json", required: true) else { return nil }
    do {
      return try JSONPath.parse(text)
    } catch {
      reader.fail("json", error.description)
      return nil
    }
  }

  private mutating func parseHeaderName(_ reader: inout FieldReader) -> String? {
    guard let name = reader.string("header", required: true) else { return nil }
    if !HTTPToken.isToken(name) { reader.fail("header", "is not a header name") }
    return name
  }

  mutating func parseChecks(_ step: inout FieldReader) -> [Check] {
    guard let elements = step.array("check") else { return [] }
    if elements.count > Limits.stepsChecksPerRequestMax {
      step.fail("check", "must have at most \(Limits.stepsChecksPerRequestMax) checks")
      return []
    }
    var checks: [Check] = []
    for (index, element) in elements.enumerated() {
      let path = step.path(of: "check", index)
      guard case .object(let object) = element else {
        fail(path, "must be an object")
        continue
      }
      var reader = FieldReader(object, path: path)
      let name = reader.string("name", maxLength: Limits.stepsCheckNameLengthMax)
      if let name, name.isEmpty { reader.fail("name", "must not be empty") }
      if let (kind, defaultName) = parseCheck(&reader) {
        let short = defaultName.count <= Limits.stepsCheckNameLengthMax
        let shown =
          short ? defaultName : defaultName.prefix(Limits.stepsCheckNameLengthMax - 1) + "…"
        checks.append(Check(name: name ?? shown, kind: kind))
      }
      finish(&reader)
    }
    return checks
  }

  private mutating func parseCheck(
    _ reader: inout FieldReader
  ) -> (kind: Check.Kind, name: String)? {
    let all = ["status", "json", "header", "bodyContains", "maxMs"]
    let kinds = all.filter { reader.has($0) }
    guard kinds.count == 1 else {
      reader.fail("must have exactly one of \(all.joined(separator: ", "))")
      for kind in kinds { _ = reader.value(kind) }
      return nil
    }
    switch kinds[0] {
    case "status": return parseStatus(&reader)
    case "json":
      let source = object(reader, "json")
      let path = parsePath(&reader)
      guard let test = parseTest(&reader), let path else { return nil }
      return (.json(path, test.test), "json \(source) \(test.name)")
    case "header":
      let header = parseHeaderName(&reader)
      guard let test = parseTest(&reader), let header else { return nil }
      return (.header(header, test.test), "header \(header) \(test.name)")
    case "bodyContains":
      return parseTemplate("bodyContains", &reader, required: true)
        .map { (.bodyContains($0), "body contains \($0.source)") }
    default:
      return reader.int("maxMs", range: 1...Limits.stepsSleepMsMax)
        .map { (.maxMs($0), "took at most \($0) ms") }
    }
  }

  private func object(_ reader: FieldReader, _ name: String) -> String {
    reader.object[name]?.stringValue ?? ""
  }

  private mutating func parseStatus(
    _ reader: inout FieldReader
  ) -> (kind: Check.Kind, name: String)? {
    let values: [JSONValue]
    switch reader.value("status") {
    case .some(.array(let elements)): values = elements
    case .some(let value): values = [value]
    case nil: return nil
    }
    var codes: [Int] = []
    for case .int(let code) in values where (100...599).contains(code) { codes.append(Int(code)) }
    guard codes.count == values.count, !codes.isEmpty else {
      reader.fail("status", "must be one or more status codes between 100 and 599")
      return nil
    }
    return (.status(codes), "status is \(codes.map(String.init).joined(separator: " or "))")
  }

  /// Reads `equals`, `contains` or `exists`; without any of them, the value must exist.
  private mutating func parseTest(
    _ reader: inout FieldReader
  ) -> (test: Check.Test, name: String)? {
    let kinds = ["equals", "contains", "exists"].filter { reader.has($0) }
    guard kinds.count <= 1 else {
      reader.fail("must have at most one of equals, contains, exists")
      for kind in kinds { _ = reader.value(kind) }
      return nil
    }
    switch kinds.first {
    case "equals": return parseEquals(&reader)
    case "contains":
      return parseTemplate("contains", &reader, required: true)
        .map { (.contains($0), "contains \($0.source)") }
    default:
      let exists = reader.bool("exists") ?? true
      return (.exists(exists), exists ? "exists" : "does not exist")
    }
  }

  private mutating func parseEquals(
    _ reader: inout FieldReader
  ) -> (test: Check.Test, name: String)? {
    guard let value = reader.value("equals") else { return nil }
    let name = "equals \(value.stringValue ?? value.text)"
    guard case .string = value else {
      if Self.hasTemplate(value) {
        reader.fail("equals", "must not have ${…} inside of arrays and objects")
      }
      return (.equalsValue(value), name)
    }
    guard let template = parseTemplate("equals", &reader) else { return nil }
    if let plain = template.plainText, !reader.has("header") {
      return (.equalsValue(.string(plain)), name)
    }
    return (.equals(template), name)
  }

  private static func hasTemplate(_ value: JSONValue) -> Bool {
    switch value {
    case .string(let text): text.contains("${")
    case .array(let elements): elements.contains(where: hasTemplate)
    case .object(let object): object.members.contains { hasTemplate($0.value) }
    default: false
    }
  }
}

import Shared
import TestSupport

/// Compares keys and JSON types of an answer with a table, both ways; values do not matter, but for
/// times, which must be such, and for types and units of metrics.
struct Conformance {
  /// Paths that the situation does not have, like the end of what still runs.
  private let absent: Set<String>
  /// Paths that only some of the elements around them have.
  private let sometimes: Set<String>
  private(set) var problems: [String] = []
  private var seen: Set<String> = []

  init(absent: Set<String> = [], sometimes: Set<String> = []) {
    self.absent = absent
    self.sometimes = sometimes
  }

  /// Stands for a time in a table.
  static let time = "@time"

  /// - Parameters:
  ///   - sample: everything in it must be there.
  ///   - ours: what may be there beside that. An empty object takes any numbers.
  mutating func check(_ answer: JSONValue, sample: JSONValue, ours: JSONValue) {
    check(answer, sample, ours, "$")
    for path in sometimes.subtracting(seen).sorted() { problems.append("\(path) is nowhere") }
  }

  private mutating func check(
    _ actual: JSONValue?, _ sample: JSONValue?, _ ours: JSONValue?, _ path: String
  ) {
    guard let actual else {
      if sample != nil, !absent.contains(path), !sometimes.contains(path) {
        problems.append("\(path) is missing")
      }
      return
    }
    seen.insert(path)
    if absent.contains(path) { problems.append("\(path) is there already") }
    guard let example = sample ?? ours else {
      problems.append("\(path) is in no table")
      return
    }
    switch (actual, example) {
    case (.object(let object), .object(let expected)):
      let more = sample == nil ? nil : ours?.objectValue
      if expected.members.isEmpty, more?.members.isEmpty ?? true {
        problems += object.members.filter { $0.value.number == nil }
          .map { "\(path).\($0.key) is no number" }
        return
      }
      members(object, expected, more, isRequired: sample != nil, path)
    case (.array(let elements), .array(let expected)):
      array(elements, expected, sample == nil ? nil : ours?.arrayValue, sample != nil, path)
    case (.string(let text), .string(Self.time)):
      if text.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) == nil {
        problems.append("\(path) is '\(text)', which is no time")
      }
    case (.string, .string), (.bool, .bool), (.null, .null): break
    case (.int, .int), (.double, .double), (.int, .double), (.double, .int): break
    default: problems.append("\(path) is \(actual.kindName), not \(example.kindName)")
    }
  }

  private mutating func members(
    _ object: JSONObject, _ expected: JSONObject, _ more: JSONObject?, isRequired: Bool,
    _ path: String
  ) {
    var names = expected.members.map(\.key)
    for name in (more?.members ?? []).map(\.key) + object.members.map(\.key)
    where !names.contains(name) { names.append(name) }
    for name in names {
      check(
        object[name], isRequired ? expected[name] : nil,
        isRequired ? more?[name] : expected[name], "\(path).\(name)")
    }
  }

  /// Elements that have a name of their own are compared by it, all others with the first.
  private mutating func array(
    _ elements: [JSONValue], _ expected: [JSONValue], _ more: [JSONValue]?, _ isRequired: Bool,
    _ path: String
  ) {
    guard let first = expected.first ?? more?.first else { return }
    if let key = ["metricDef", "packetType"].first(where: { first[$0] != nil }) {
      named(elements, expected, more, isRequired, by: key, path)
      return
    }
    if elements.isEmpty, isRequired, !expected.isEmpty, !sometimes.contains("\(path)[]") {
      problems.append("\(path) is empty")
    }
    for element in elements {
      check(
        element, isRequired ? expected.first : nil, isRequired ? more?.first : expected.first,
        "\(path)[]")
    }
  }

  private mutating func named(
    _ elements: [JSONValue], _ expected: [JSONValue], _ more: [JSONValue]?, _ isRequired: Bool,
    by key: String, _ path: String
  ) {
    func find(_ name: String, _ elements: [JSONValue]?) -> JSONValue? {
      elements?.first { $0[key]?.stringValue == name }
    }
    var names: [String] = []
    for element in expected + (more ?? []) + elements {
      let name = element[key]?.stringValue ?? "?"
      if !names.contains(name) { names.append(name) }
    }
    for name in names {
      let actual = find(name, elements)
      let sample = isRequired ? find(name, expected) : nil
      let place = "\(path).\(name)"
      check(actual, sample, find(name, isRequired ? more : expected), place)
      guard let actual, let sample else { continue }
      for fixed in ["metricType", "metricUnits"] where actual[fixed] != sample[fixed] {
        problems.append("\(place).\(fixed) is \(actual[fixed]?.text ?? "missing")")
      }
    }
  }
}

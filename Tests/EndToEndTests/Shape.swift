import Shared
import TestSupport

/// Compares keys and JSON types with an example; values do not matter.
enum Shape {
  /// What `actual` lacks of `example`, as paths; empty when it has every key with its type.
  ///
  /// Every element of an array must be shaped like the example's first. Metrics are compared by
  /// name: each one of the example must be there.
  static func differences(
    _ actual: JSONValue?, _ example: JSONValue, _ path: String = "$"
  ) -> [String] {
    guard let actual else { return ["\(path) is missing"] }
    switch (actual, example) {
    case (.object(let object), .object(let expected)):
      return expected.members.flatMap { member -> [String] in
        member.key == "metrics"
          ? metrics(object[member.key], member.value, "\(path).metrics")
          : differences(object[member.key], member.value, "\(path).\(member.key)")
      }
    case (.array(let elements), .array(let expected)):
      guard let first = expected.first else { return [] }
      guard !elements.isEmpty else { return ["\(path) is empty"] }
      return elements.enumerated().flatMap { differences($1, first, "\(path)[\($0)]") }
    case (.string, .string), (.bool, .bool), (.null, .null): return []
    case (.int, .int), (.double, .double), (.int, .double), (.double, .int): return []
    default: return ["\(path) is \(actual.kindName), not \(example.kindName)"]
    }
  }

  private static func metrics(
    _ actual: JSONValue?, _ example: JSONValue, _ path: String
  ) -> [String] {
    (example.arrayValue ?? []).flatMap { expected -> [String] in
      let name = expected["metricDef"]?.stringValue ?? "?"
      let found = actual?.arrayValue?.first { $0["metricDef"]?.stringValue == name }
      var differences = differences(found, expected, "\(path).\(name)")
      for key in ["metricType", "metricUnits"] where found?[key] != expected[key] {
        differences.append("\(path).\(name).\(key) is \(found?[key]?.text ?? "missing")")
      }
      return differences
    }
  }
}

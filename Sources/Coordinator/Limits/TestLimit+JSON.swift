import Shared

extension TestLimit {
  /// As an element of `limits` in a test configuration.
  public var json: JSONObject {
    var object: JSONObject = [
      "metric": .string(metric), "namespace": .string(namespace),
      "statistic": .string(statistic.rawValue), "op": .string(op.rawValue),
      "value": Self.number(value),
    ]
    if let resource { object["resource"] = .string(resource) }
    if let region { object["region"] = .string(region) }
    object["afterSecs"] = Self.number(afterSecs)
    object["stop"] = .bool(stop)
    object["atEnd"] = .bool(atEnd)
    if let threshold {
      object["threshold"] = .object([
        "metric": .string(threshold.metric), "expression": .string(threshold.expression),
      ])
    }
    return object
  }

  private static func number(_ value: Double) -> JSONValue {
    guard let integer = Int64(exactly: value), integer.magnitude < 1 << 53 else {
      return .double(value)
    }
    return .int(integer)
  }
}

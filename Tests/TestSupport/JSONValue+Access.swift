import Shared

/// Short ways into answers.
extension JSONValue {
  public subscript(_ key: String) -> JSONValue? { objectValue?[key] }

  public subscript(_ index: Int) -> JSONValue? {
    guard let array = arrayValue, array.indices.contains(index) else { return nil }
    return array[index]
  }

  public var intValue: Int? {
    if case .int(let value) = self { Int(value) } else { nil }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

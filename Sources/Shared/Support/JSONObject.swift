/// The members of a JSON object in the order in which they were written.
///
/// Lookup is linear: the objects of this system are small, and order is worth more than a table.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public var members: [(key: String, value: JSONValue)]

  public init(_ members: [(key: String, value: JSONValue)] = []) { self.members = members }

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { (key: $0.0, value: $0.1) }
  }

  /// The member's value. Setting appends or replaces; setting nil removes.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Equal members in whatever order, as JSON has it.
  public static func == (left: Self, right: Self) -> Bool {
    guard left.members.count == right.members.count else { return false }
    for (index, member) in left.members.enumerated() {
      let counterpart = right.members[index]
      if counterpart.key == member.key {
        guard counterpart.value == member.value else { return false }
      } else {
        guard right[member.key] == member.value else { return false }
      }
    }
    return true
  }
}

extension JSONObject {
  /// Texts by name, in the order of their names.
  public init(_ texts: [String: String]) {
    self.init()
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { self[name] = .string(text) }
  }
}

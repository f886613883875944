/// A check's name with the groups that it was made in: `::Login::form::has a token`. Any name that
/// does not begin so is that of a check outside of groups.
struct CheckPath: Sendable, Equatable {
  static let separator = "::"
  /// What checks outside of groups are listed under.
  static let noGroup = "checks"

  /// As it was recorded.
  let text: String
  /// The names of the groups, the outermost first.
  let groups: [String]
  let name: String

  init(_ text: String) {
    self.text = text
    guard text.hasPrefix(Self.separator) else {
      (groups, name) = ([], text)
      return
    }
    var parts = Self.split(text)
    name = parts.removeLast()
    groups = parts
  }

  /// The check as a test of a suite.
  var suite: String { groups.isEmpty ? Self.noGroup : groups.joined(separator: Self.separator) }

  /// The parts after each separator; there is at least one.
  private static func split(_ path: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var rest = path.dropFirst(separator.count)
    while let character = rest.first {
      if rest.hasPrefix(separator) {
        parts.append(part)
        part = ""
        rest = rest.dropFirst(separator.count)
      } else {
        part.append(character)
        rest = rest.dropFirst()
      }
    }
    return parts + [part]
  }
}

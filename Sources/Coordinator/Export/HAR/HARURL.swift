import Shared

/// URLs of HAR entries.
enum HARURL {
  /// The URL of a request of which only the resource is known: that has the URL in it, unless the
  /// script named it otherwise. HAR wants a URL in any case, so a name becomes a URN.
  static func url(ofResource resource: String, method: String) -> String {
    let prefix = method + " "
    let rest = resource.hasPrefix(prefix) ? String(resource.dropFirst(prefix.count)) : resource
    if isAbsolute(rest) { return withoutFragment(rest) }
    return "urn:throng:resource:" + PercentCoding.encode(resource, keeping: "-._~:/")
  }

  static func withoutFragment(_ url: String) -> String { String(url.prefix { $0 != "#" }) }

  static func isSecure(_ url: String) -> Bool { url.prefix(6).lowercased() == "https:" }

  /// The parameters of the query, decoded where that makes texts of them.
  static func parameters(_ url: String) -> [(name: String, value: String)] {
    guard let mark = url.firstIndex(of: "?") else { return [] }
    return url[url.index(after: mark)...].split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: decoded(sides[0]), value: sides.count > 1 ? decoded(sides[1]) : "")
    }
  }

  private static func decoded(_ text: Substring) -> String {
    PercentCoding.decode(text.utf8, plusIsSpace: true) ?? String(text)
  }

  private static func isAbsolute(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    let isWeb = start.hasPrefix("http://") || start.hasPrefix("https://")
    return isWeb && !text.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }
  }
}

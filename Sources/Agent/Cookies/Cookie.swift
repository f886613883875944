/// A cookie as a client keeps it (RFC 6265 5.3). Pure.
struct Cookie: Equatable {
  let name: [UInt8]
  let value: [UInt8]
  /// In lower case, without a dot before it.
  let domain: String
  /// Whether hosts below `domain` do not get it.
  let isHostOnly: Bool
  let path: [UInt8]
  let isSecure: Bool
  /// Seconds since 1970 when it is gone; nil for one that lasts as long as its jar.
  let expiresSecs: Int64?

  /// What it takes of a jar's room.
  var bytes: Int { name.count + value.count + path.count + domain.utf8.count }

  func isOver(atSecs now: Int64) -> Bool { expiresSecs.map { $0 <= now } ?? false }

  /// Whether a request of `url` carries it.
  func isSent(to url: CookieURL) -> Bool {
    guard !isSecure || url.isSecure, url.host == domain || !isHostOnly && url.isBelow(domain)
    else { return false }
    return matches(path: url.path)
  }

  /// RFC 6265 5.1.4: `/foo` is for `/foo` and what is below it, not for `/foobar`.
  private func matches(path requested: [UInt8]) -> Bool {
    guard requested.starts(with: path) else { return false }
    return requested.count == path.count || path.last == UInt8(ascii: "/")
      || requested[path.count] == UInt8(ascii: "/")
  }

  /// The value as scripts have it: without the quotes around it, as in k6.
  var scriptValue: ArraySlice<UInt8> {
    let quote = UInt8(ascii: "\"")
    guard value.count > 1, value.first == quote, value.last == quote else { return value[...] }
    return value.dropFirst().dropLast()
  }
}

import Shared

/// What a server or a script wants kept, before it is known whether it may. Pure.
struct CookieSetting: Equatable {
  var name: [UInt8]
  var value: [UInt8]
  /// As it was given; empty for the host itself.
  var domain = ""
  /// As it was given; what does not begin with a slash stands for the folder of the URL.
  var path: [UInt8] = []
  var isSecure = false
  /// Seconds since 1970.
  var expiresSecs: Int64?
  /// Goes before the date; 0 and less mean that the cookie is to go.
  var maxAgeSecs: Int64?

  init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// The value of a `Set-Cookie` header (RFC 6265 5.2); nil for what is to be ignored.
  init?(header: [UInt8]) {
    let parts = header.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    guard let pair = parts.first, let equals = pair.firstIndex(of: UInt8(ascii: "=")),
      !header.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f })
    else { return nil }
    name = Self.trimmed(pair[..<equals])
    value = Self.trimmed(pair[pair.index(after: equals)...])
    guard !name.isEmpty else { return nil }
    for part in parts.dropFirst() {
      let end = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      let attribute = String(decoding: Self.trimmed(part[..<end]), as: UTF8.self).lowercased()
      take(attribute, Self.trimmed(part[end...].dropFirst()))
    }
  }

  private mutating func take(_ attribute: String, _ value: [UInt8]) {
    switch attribute {
    case "expires":
      if let date = CookieDate.seconds(String(decoding: value, as: UTF8.self)) {
        expiresSecs = date
      }
    case "max-age": if let age = Self.age(value) { maxAgeSecs = age }
    case "domain": domain = String(decoding: value, as: UTF8.self)
    case "path": path = value
    case "secure": isSecure = true
    default: break
    }
  }

  /// A number of digits, with or without a minus: anything else is as if it were not there.
  private static func age(_ text: [UInt8]) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    guard !isNegative else { return 0 }
    return Int64(String(decoding: digits, as: UTF8.self)) ?? .max
  }

  private static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
    var rest = bytes[...]
    while let first = rest.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
    return Array(rest)
  }

  // MARK: what becomes of it

  /// The cookie of a response to a request of `url`; nil when the host may not set it.
  func cookie(from url: CookieURL, nowSecs: Int64) -> Cookie? {
    guard let home = home(url) else { return nil }
    let expires = maxAgeSecs.map { $0 > 0 ? nowSecs.plus($0) : 0 } ?? expiresSecs
    return Cookie(
      name: name, value: value, domain: home.domain, isHostOnly: home.isHostOnly,
      path: path.first == UInt8(ascii: "/") ? path : url.folder, isSecure: isSecure,
      expiresSecs: expires)
  }

  /// Domain-match of RFC 6265 5.1.3; without a list of public suffixes, as in k6.
  private func home(_ url: CookieURL) -> (domain: String, isHostOnly: Bool)? {
    if domain.isEmpty { return (url.host, true) }
    let asked = (domain.hasPrefix(".") ? String(domain.dropFirst()) : domain).lowercased()
    // An address has no domains below it.
    if url.isAddress { return domain.lowercased() == url.host ? (url.host, true) : nil }
    guard !asked.isEmpty, !asked.hasPrefix("."), !asked.hasSuffix("."),
      asked == url.host || url.isBelow(asked)
    else { return nil }
    return (asked, false)
  }
}

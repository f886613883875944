import Shared

/// A cookie that was sent or set.
struct HARCookie {
  var name: String
  var value: String
  var path: String?
  var domain: String?
  /// Milliseconds since the Unix epoch.
  var expiresMs: Int64?
  var isHTTPOnly = false
  var isSecure = false

  private init(pair: Substring) {
    let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // Without an equals sign it is a value without a name (RFC 6265bis, 5.6).
    name = sides.count > 1 ? Self.trimmed(sides[0]) : ""
    value = Self.trimmed(sides[sides.count - 1])
  }

  /// The cookies of a `Cookie` header.
  static func sent(_ header: String) -> [HARCookie] {
    header.split(separator: ";").map { HARCookie(pair: $0) }
      .filter { !($0.name.isEmpty && $0.value.isEmpty) }
  }

  /// The cookie of a `Set-Cookie` header.
  ///
  /// - Parameter atMs: when it came, milliseconds since the Unix epoch.
  init(set header: String, atMs: Int64) {
    let parts = header.split(separator: ";", omittingEmptySubsequences: false)
    self.init(pair: parts[0])
    var maxAge: Int64?
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = sides.count > 1 ? Self.trimmed(sides[1]) : ""
      switch Self.trimmed(sides[0]).lowercased() {
      case "path": path = value
      case "domain": domain = value
      case "expires": expiresMs = CookieDate.seconds(value).map { $0 * 1_000 }
      case "max-age": maxAge = Int64(value)
      case "httponly": isHTTPOnly = true
      case "secure": isSecure = true
      default: break
      }
    }
    // The age goes before the date (RFC 6265, 5.3). None lasts longer than four digits of a year.
    if let maxAge { expiresMs = atMs + max(0, min(maxAge, 200_000_000_000)) * 1_000 }
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("value", value)
    json.member("path", path)
    json.member("domain", domain)
    json.time("expires", expiresMs)
    json.member("httpOnly", isHTTPOnly)
    json.member("secure", isSecure)
    json.endObject()
  }

  /// Takes joined `Set-Cookie` headers apart. A comma separates two only where a name and an equals
  /// sign follow: dates have commas, too.
  static func split(_ joined: String) -> [String] {
    let parts = joined.split(separator: ",", omittingEmptySubsequences: false)
    var cookies: [String] = []
    for part in parts {
      let name = part.drop { $0 == " " }.prefix { $0 != "=" && $0 != ";" && $0 != " " }
      let isStart = !name.isEmpty && part.drop { $0 == " " }.dropFirst(name.count).first == "="
      if cookies.isEmpty {
        cookies.append(String(part))
      } else if isStart {
        cookies.append(String(part.drop { $0 == " " }))
      } else {
        cookies[cookies.count - 1] += ",\(part)"
      }
    }
    return cookies
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text.drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}

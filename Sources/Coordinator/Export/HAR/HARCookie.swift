import Glibc
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
      case "expires": expiresMs = Self.date(value)
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

  /// The date of a cookie in any of the ways that servers write it (RFC 6265, 5.1.1).
  static func date(_ text: String) -> Int64? {
    let months = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    var (clock, day, month, year): ([Int]?, Int?, Int?, Int?)
    for token in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != ":" }) {
      let numbers = token.split(separator: ":").compactMap { Int($0) }
      if clock == nil, numbers.count == 3 {
        clock = numbers
      } else if day == nil, token.count <= 2, let number = Int(token) {
        day = number
      } else if month == nil, let index = months.firstIndex(of: token.prefix(3).lowercased()) {
        month = index
      } else if year == nil, token.count <= 4, let number = Int(token) {
        year = number < 70 ? number + 2_000 : number < 100 ? number + 1_900 : number
      }
    }
    guard let clock, let day, let month, let year, (1...31).contains(day), year >= 1601,
      clock[0] < 24, clock[1] < 60, clock[2] < 60, clock.allSatisfy({ $0 >= 0 })
    else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1_900)
    parts.tm_mon = Int32(month)
    parts.tm_mday = Int32(day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (
      Int32(clock[0]), Int32(clock[1]), Int32(clock[2])
    )
    return Int64(timegm(&parts)) * 1_000
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text.drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}

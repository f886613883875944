/// An absolute URL of HTTP as it is sent: of nothing but the characters that RFC 3986 allows.
///
/// One that is written that way is taken as it is, at the cost of reading it once.
struct RequestURL: Equatable, Sendable {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// All of it, with user and fragment, if it has them.
  let text: String
  let isSecure: Bool
  /// In lower case, an IPv6 address in brackets.
  let host: String
  let port: Int
  let parts: URLParts

  /// - Throws: why `text` is no URL that a request can be sent to.
  init(_ text: String) throws(RequestProblem) {
    var text = text
    let reading = text.withUTF8 { Self.read($0) }
    try self.init(reading, text: text)
  }

  init(bytes: [UInt8]) throws(RequestProblem) {
    let reading = bytes.withUnsafeBufferPointer { Self.read($0) }
    try self.init(reading, text: String(decoding: bytes, as: UTF8.self))
  }

  private init(_ reading: Reading, text: String) throws(RequestProblem) {
    switch reading {
    case .refused(let problem): throw problem
    case .encoded(let bytes): self = try RequestURL(bytes: bytes)
    case .plain(let parts, let isSecure, let host, let port):
      self.text = text
      self.parts = parts
      self.isSecure = isSecure
      self.host = host
      self.port = port
    }
  }

  /// Scheme, host and port: what must be the same for credentials to be sent.
  var origin: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }

  func hasOrigin(of other: RequestURL) -> Bool {
    isSecure == other.isSecure && port == other.port && host == other.host
  }

  /// The host that a resolver must be asked for; nil for addresses and for `localhost`, which
  /// libcurl answers itself.
  var lookupHost: String? {
    isAddress || host == "localhost" || host.hasSuffix(".localhost") ? nil : host
  }

  /// Whether the host is an IP address and no name.
  var isAddress: Bool {
    host.utf8.first == UInt8(ascii: "[")
      || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0 >= 0x30 && $0 <= 0x39 }
  }

  /// The path, which is never empty.
  var path: [UInt8] {
    guard !parts.path.isEmpty else { return [UInt8(ascii: "/")] }
    return Array(text.utf8.dropFirst(parts.path.lowerBound).prefix(parts.path.count))
  }

  /// Path and query, as they stand in a request.
  var inRequest: String {
    let own = Array(text.utf8)
    let end = parts.fragment.map { $0.lowerBound - 1 } ?? own.count
    let rest = String(decoding: own[min(parts.path.lowerBound, end)..<end], as: UTF8.self)
    return parts.path.isEmpty ? "/" + rest : rest
  }

  // MARK: reading

  private enum Reading {
    case plain(URLParts, isSecure: Bool, host: String, port: Int)
    /// The same in the characters that are allowed.
    case encoded([UInt8])
    case refused(RequestProblem)
  }

  private static func read(_ bytes: Bytes) -> Reading {
    do throws(RequestProblem) {
      if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
        throw .invalidURL("it has a control character in it")
      }
      let parts = URLParts(bytes)
      let isSecure = try isSecure(bytes, parts)
      guard let range = parts.authority else { throw RequestProblem("the URL names no host") }
      let authority = try URLAuthority(bytes, in: range)
      let port = try authority.portNumber(bytes) ?? (isSecure ? 443 : 80)
      guard isPlain(bytes, parts, authority) else {
        return .encoded(try encoded(bytes, parts, authority))
      }
      let host = String(decoding: bytes[authority.host].lazy.map(lowercase), as: UTF8.self)
      return .plain(parts, isSecure: isSecure, host: host, port: port)
    } catch {
      return .refused(error)
    }
  }

  private static func isSecure(_ bytes: Bytes, _ parts: URLParts) throws(RequestProblem) -> Bool {
    guard let scheme = parts.scheme else { throw withoutScheme(bytes, parts) }
    let name = bytes[scheme].lazy.map(lowercase)
    if name.elementsEqual("http".utf8) { return false }
    if name.elementsEqual("https".utf8) { return true }
    guard !scheme.isEmpty else { throw .invalidURL("it has no scheme before its colon") }
    throw RequestProblem(
      "the scheme '\(String(decoding: name, as: UTF8.self).prefix(20))' is not supported, "
        + "only http and https are")
  }

  /// As in k6: what could be relative to another URL is told from what is no URL at all.
  private static func withoutScheme(_ bytes: Bytes, _ parts: URLParts) -> RequestProblem {
    let segment = bytes[parts.path].prefix { $0 != UInt8(ascii: "/") }
    let text = "the URL must begin with http:// or https://"
    guard parts.authority == nil, URLParts.schemeEnd(bytes) == nil,
      segment.contains(UInt8(ascii: ":"))
    else { return RequestProblem(text) }
    return .invalidURL(text)
  }

  @inline(__always)
  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }
}

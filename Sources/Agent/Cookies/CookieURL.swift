/// What cookies must know of a request's URL. Pure.
struct CookieURL {
  let host: String
  let path: [UInt8]
  /// Whether nobody can listen: TLS, or this machine, as browsers, k6 and curl have it.
  let isSecure: Bool
  let isAddress: Bool

  init(_ url: RequestURL) {
    host = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
    path = url.path
    isAddress = url.isAddress
    let isLocal =
      isAddress
      ? host.hasPrefix("127.") || host == "[::1]"
      : host == "localhost" || host.hasSuffix(".localhost")
    isSecure = url.isSecure || isLocal
  }

  /// Whether the host is one below `domain`.
  func isBelow(_ domain: String) -> Bool {
    !isAddress && host.hasSuffix(domain)
      && host.utf8.dropLast(domain.utf8.count).last == UInt8(ascii: ".")
  }

  /// The path of a cookie that names none (RFC 6265 5.1.4).
  var folder: [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 0 else {
      return [UInt8(ascii: "/")]
    }
    return Array(path[..<slash])
  }
}

import Shared

/// Whom the server answers: programs that call it by a name of its own, and never a page of
/// another site in the browser of somebody who can reach it.
struct RequestOrigin: Sendable {
  private static let writing: Set<String> = ["POST", "PUT", "PATCH", "DELETE"]

  /// Names and addresses that it goes by, in lower case.
  private let names: Set<String>
  /// Whether it listens on every address of the machine, so that any address may be its own. A
  /// name may not: whoever owns a name can let it stand for our address.
  private let takesAddresses: Bool

  /// - Parameter allowed: further names, of a proxy before it say.
  init(listening host: String, allowed: [String]) {
    let host = host.lowercased()
    takesAddresses = host == "0.0.0.0" || host == "::"
    let loopback = ["localhost", "127.0.0.1", "::1"]
    let own = takesAddresses || loopback.contains(host) ? loopback + [host] : [host]
    names = Set(own + allowed.map { $0.lowercased() })
  }

  /// Why a request is not answered; nil when it is.
  func refusal(of request: HTTPRequest) -> Problem? {
    let hosts = Self.values("host", of: request)
    guard hosts.count == 1, let host = hosts.first, let name = Self.name(host) else {
      return Problem(.malformedRequest, "a request must have one Host header, with one name")
    }
    guard names.contains(name) || (takesAddresses && Self.isAddress(name)) else {
      return Problem(
        .misdirectedRequest,
        "this coordinator does not go by the name in Host; --allowed-host can allow it")
    }
    guard Self.writing.contains(request.method) else { return nil }
    let isForeign = Self.values("origin", of: request).contains {
      $0.lowercased() != "http://\(host.lowercased())"
        && $0.lowercased() != "https://\(host.lowercased())"
    }
    let isCrossSite = Self.values("sec-fetch-site", of: request).contains {
      $0.lowercased() == "cross-site"
    }
    if isForeign || isCrossSite {
      return Problem(.forbidden, "pages of other sites may not change anything here")
    }
    return Self.mediaTypeRefusal(of: request)
  }

  /// Forms are what a page of another site may send without being asked; everything else says
  /// what it is.
  private static func mediaTypeRefusal(of request: HTTPRequest) -> Problem? {
    guard !request.body.isEmpty, request.header("Content-Type") == nil else { return nil }
    return Problem(
      .unsupportedMediaType, "the body has no Content-Type; it must be application/json")
  }

  private static func values(_ name: String, of request: HTTPRequest) -> [String] {
    request.headers.filter {
      $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name
    }.map(\.value)
  }

  /// The name or address without port and brackets; nil when it is neither.
  private static func name(_ host: String) -> String? {
    let host = host.lowercased()
    if let named = HostPort(host) { return named.host }
    // Without a port.
    return HostPort("\(host):0")?.host
  }

  private static func isAddress(_ name: String) -> Bool {
    if name.contains(":") { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}

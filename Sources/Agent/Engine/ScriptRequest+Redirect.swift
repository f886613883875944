import Shared

extension ScriptRequest {
  /// The request that a redirect leads to (RFC 9110, section 15.4): 307 and 308 keep method and
  /// body, the others turn everything but HEAD into GET, as browsers do.
  func redirected(to location: String, status: Int) -> ScriptRequest {
    let keeps = status == 307 || status == 308 || method == "GET" || method == "HEAD"
    let sameOrigin = Self.origin(location) == Self.origin(url)
    let headers = headers.filter { name, _ in
      switch name.lowercased() {
      // Credentials are for the host that they were written for.
      case "authorization", "cookie", "host": sameOrigin
      case "content-type", "content-length", "content-encoding": keeps
      default: true
      }
    }
    return ScriptRequest(
      method: keeps ? method : "GET", url: location, name: name, headers: headers,
      body: keeps ? body : nil, timeoutMs: timeoutMs, needsBody: needsBody,
      needsHeaders: needsHeaders, needsHead: needsHead, redirectsMax: redirectsMax,
      accepted: accepted, isBinary: isBinary)
  }

  /// Scheme, host and port of this request's URL.
  var origin: String { String(Self.origin(url)) }

  /// Scheme, host and port of a URL, as far as comparing goes.
  private static func origin(_ url: String) -> Substring {
    guard let scheme = url.range(ofScheme: "://") else { return url[...] }
    let rest = url[scheme...]
    return url[..<(rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? url.endIndex)]
  }
}

extension String {
  /// Index after the first `separator`.
  fileprivate func range(ofScheme separator: String) -> String.Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(separator) { return self.index(index, offsetBy: separator.count) }
      index = self.index(after: index)
    }
    return nil
  }
}

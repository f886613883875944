import Shared

/// Redirects (RFC 9110 15.4), as k6's HTTP client follows them.
extension ScriptRequest {
  /// Whether a response of this status sends the client elsewhere.
  static func isRedirect(status: UInt16) -> Bool {
    switch status {
    case 301, 302, 303, 307, 308: true
    default: false
    }
  }

  /// The request that a redirect leads to: 307 and 308 keep method and body, the others turn
  /// everything but HEAD into GET and keep no body.
  ///
  /// - Parameter location: may be relative to this request's URL.
  func redirected(to location: String, status: Int) -> ScriptRequest {
    let keepsBody = status == 307 || status == 308
    let keepsMethod = keepsBody || method == "GET" || method == "HEAD"
    var next: RequestURL?
    var found: RequestProblem?
    do throws(RequestProblem) {
      next = try target?.redirected(to: location)
    } catch {
      found = error
    }
    let staysAtHome = next.map { target?.hasOrigin(of: $0) == true } ?? false
    let headers = headers.filter { name, _ in
      switch name.lowercased() {
      // Credentials are for the host that they were written for.
      case "authorization", "proxy-authorization": staysAtHome
      // As in k6: what redirects of a site set must not stand beside an older value.
      case "cookie": staysAtHome && !isOfCode
      // Another name for the host goes with its URLs that name none.
      case "host": staysAtHome && !RequestURL.isAbsolute(location)
      case "content-type", "content-length", "content-encoding", "content-language",
        "content-location":
        keepsBody
      default: true
      }
    }
    return ScriptRequest(
      method: keepsMethod ? method : "GET", url: next?.text ?? location, name: name,
      headers: headers, body: keepsBody ? body : nil, timeoutMs: timeoutMs, needsBody: needsBody,
      needsHeaders: needsHeaders, needsHead: needsHead, redirectsMax: redirectsMax,
      accepted: accepted, problem: found, isBinary: isBinary, isOfCode: isOfCode,
      cookies: staysAtHome ? cookies : [], jar: jar, referrer: referrer(for: next))
  }

  /// As in k6; nothing is told of URLs that are secret on the way.
  private func referrer(for next: RequestURL?) -> String? {
    guard isOfCode, let target, let next, next.isSecure || !target.isSecure,
      !headers.contains(where: { $0.name.lowercased() == "referer" })
    else { return nil }
    return target.referrer
  }

  /// Scheme, host and port of this request's URL.
  var origin: String { target?.origin ?? url }
}

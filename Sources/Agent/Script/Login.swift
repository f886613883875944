/// Who a request is for, and how the server is to be told.
struct Login: Equatable, Sendable {
  enum Scheme: Int { case digest = 1, ntlm }

  var scheme: Scheme
  var user: String
  var password: String
}

extension ScriptRequest {
  /// The same request, told whom it is for.
  func with(authorization: String) -> ScriptRequest {
    ScriptRequest(
      method: method, url: url, name: name,
      headers: headers.filter { $0.name.lowercased() != "authorization" }
        + [(name: "Authorization", value: authorization)],
      body: body, timeoutMs: timeoutMs, needsBody: needsBody, needsHeaders: needsHeaders,
      needsHead: needsHead, redirectsMax: redirectsMax, accepted: accepted, isBinary: isBinary,
      isOfCode: isOfCode, cookies: cookies, jar: jar, referrer: referrer)
  }
}

import Shared

/// Cookies that requests carry and responses set.
extension EngineThread {
  /// The `Cookie` header of a hop; empty, at no cost, for a client without cookies.
  func cookies(for hop: ScriptRequest, of user: VirtualUser) -> [UInt8] {
    let jar = hop.jar ?? user.jar
    guard jar != nil || !hop.cookies.isEmpty, let target = hop.target else { return [] }
    let kept = jar?.cookies(for: CookieURL(target), nowSecs: Clock.wallMicros() / 1_000_000)
    return RequestCookie.header(hop.cookies, kept ?? [])
  }

  /// Keeps what a response to a hop has set.
  func keepCookies(of head: ResponseHead, from hop: ScriptRequest, in user: VirtualUser) {
    guard let target = hop.target else { return }
    let url = CookieURL(target)
    let settings = head.cookies.prefix(Limits.cookiesPerJarMax).compactMap {
      CookieSetting(header: $0)
    }
    guard !settings.isEmpty else { return }
    let jar = hop.jar ?? user.jar ?? CookieJar()
    if hop.jar == nil { user.jar = jar }
    let now = Clock.wallMicros() / 1_000_000
    for setting in settings { jar.take(setting, from: url, nowSecs: now) }
  }
}

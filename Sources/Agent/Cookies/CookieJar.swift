import Shared

/// The cookies of one client, or those of a jar that a script has made. Pure.
///
/// Made with the first cookie: a client without any has none. Used on its engine's thread only.
final class CookieJar {
  /// In the order in which they were first set.
  private var cookies: [Cookie] = []
  private var bytes = 0

  var count: Int { cookies.count }

  /// Keeps what a response to a request of `url` sets, or removes what it ends.
  func take(_ setting: CookieSetting, from url: CookieURL, nowSecs: Int64) {
    guard let cookie = setting.cookie(from: url, nowSecs: nowSecs) else { return }
    let place = cookies.firstIndex { $0.isReplaced(by: cookie) }
    if let place { bytes -= cookies[place].bytes }
    if cookie.isOver(atSecs: nowSecs) {
      if let place { cookies.remove(at: place) }
      return
    }
    bytes += cookie.bytes
    // It keeps its place in the order (RFC 6265 5.3, 11).
    if let place { cookies[place] = cookie } else { cookies.append(cookie) }
    makeRoom(nowSecs)
  }

  /// Lets go of what is over, then of the oldest.
  private func makeRoom(_ nowSecs: Int64) {
    func isFull() -> Bool {
      cookies.count > Limits.cookiesPerJarMax || bytes > Limits.cookieJarBytesMax
    }
    guard isFull() else { return }
    remove { $0.isOver(atSecs: nowSecs) }
    while isFull() { bytes -= cookies.removeFirst().bytes }
  }

  /// The cookies that a request of `url` carries, those of the longest paths first.
  func cookies(for url: CookieURL, nowSecs: Int64) -> [Cookie] {
    let found = cookies.filter { !$0.isOver(atSecs: nowSecs) && $0.isSent(to: url) }
    guard let first = found.first, found.contains(where: { $0.path.count != first.path.count })
    else { return found }
    return found.enumerated().sorted {
      ($1.element.path.count, $0.offset) < ($0.element.path.count, $1.offset)
    }.map(\.element)
  }

  /// Removes what a request of `url` would carry.
  ///
  /// - Parameter name: of those to remove; nil for all.
  func remove(for url: CookieURL, name: [UInt8]? = nil) {
    remove { (name == nil || $0.name == name) && $0.isSent(to: url) }
  }

  private func remove(_ isOut: (Cookie) -> Bool) {
    cookies.removeAll(where: isOut)
    bytes = cookies.reduce(0) { $0 + $1.bytes }
  }
}

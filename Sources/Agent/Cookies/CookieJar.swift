import Shared

/// The cookies of one client, or those of a jar that a script has made. Pure.
///
/// Made with the first cookie: a client without any has none. Used on its engine's thread only.
final class CookieJar {
  /// What makes a cookie another one (RFC 6265 5.3, 11).
  private struct Key: Hashable {
    let name: [UInt8]
    let domain: String
    let path: [UInt8]

    init(_ cookie: Cookie) {
      name = cookie.name
      domain = cookie.domain
      path = cookie.path
    }
  }

  /// With the place in the order in which they were first set.
  private var kept: [Key: (cookie: Cookie, order: Int)] = [:]
  private var nextOrder = 0
  private var bytes = 0

  var count: Int { kept.count }

  /// Keeps what a response to a request of `url` sets, or removes what it ends.
  func take(_ setting: CookieSetting, from url: CookieURL, nowSecs: Int64) {
    guard let cookie = setting.cookie(from: url, nowSecs: nowSecs) else { return }
    let key = Key(cookie)
    let old = kept[key]
    bytes -= old?.cookie.bytes ?? 0
    guard !cookie.isOver(atSecs: nowSecs) else {
      kept[key] = nil
      return
    }
    bytes += cookie.bytes
    // It keeps its place in the order.
    kept[key] = (cookie, old?.order ?? nextOrder)
    nextOrder += 1
    makeRoom(nowSecs)
  }

  /// Lets go of what is over, then of the oldest: a tenth at once, as this takes a while.
  private func makeRoom(_ nowSecs: Int64) {
    guard kept.count > Limits.cookiesPerJarMax || bytes > Limits.cookieJarBytesMax else { return }
    remove { $0.isOver(atSecs: nowSecs) }
    for (key, entry) in kept.sorted(by: { $0.value.order < $1.value.order }) {
      guard
        kept.count > Limits.cookiesPerJarMax / 10 * 9
          || bytes > Limits.cookieJarBytesMax / 10 * 9
      else { return }
      // The latest one stays, however large it is.
      guard kept.count > 1 else { return }
      kept[key] = nil
      bytes -= entry.cookie.bytes
    }
  }

  /// The cookies that a request of `url` carries, those of the longest paths first.
  func cookies(for url: CookieURL, nowSecs: Int64) -> [Cookie] {
    kept.values.filter { !$0.cookie.isOver(atSecs: nowSecs) && $0.cookie.isSent(to: url) }
      .sorted { ($1.cookie.path.count, $0.order) < ($0.cookie.path.count, $1.order) }
      .map(\.cookie)
  }

  /// Removes what a request of `url` would carry.
  ///
  /// - Parameter name: of those to remove; nil for all.
  func remove(for url: CookieURL, name: [UInt8]? = nil) {
    remove { (name == nil || $0.name == name) && $0.isSent(to: url) }
  }

  private func remove(_ isOut: (Cookie) -> Bool) {
    kept = kept.filter { !isOut($0.value.cookie) }
    bytes = kept.values.reduce(0) { $0 + $1.cookie.bytes }
  }
}

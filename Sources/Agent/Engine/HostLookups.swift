/// Keeps clients that start together from all asking the resolver for the same name: libcurl
/// starts a thread per lookup, and thousands of threads at once are more than many hosts allow.
/// One client looks a name up, the others wait for it; then libcurl's cache answers. Pure.
struct HostLookups<Waiter> {
  /// Below the 60 seconds that libcurl keeps an address.
  private static var freshNanos: Int64 { 50_000_000_000 }

  private var freshUntil: [String: Int64] = [:]
  /// Names that are being looked up, with those that wait for them.
  private var waiting: [String: [Waiter]] = [:]

  /// Whether a client may go on now: the name is known, or it is this client that looks it up.
  /// If not, it is given back by `ended`.
  mutating func mayGoOn(_ host: String, now: Int64, waiter: @autoclosure () -> Waiter) -> Bool {
    if let until = freshUntil[host], now < until { return true }
    guard waiting[host] != nil else {
      waiting[host] = []
      return true
    }
    waiting[host]?.append(waiter())
    return false
  }

  /// A lookup has ended, or the client that made it has. Returns those that waited for it: after
  /// a failure they go on, too, and fail for themselves.
  mutating func ended(_ host: String, resolved: Bool, now: Int64) -> [Waiter] {
    if resolved { freshUntil[host] = now + Self.freshNanos }
    return waiting.removeValue(forKey: host) ?? []
  }
}

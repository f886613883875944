import CCurl

/// Which HTTP version to ask libcurl for when HTTP/2 is wanted without TLS; one for all transfers
/// of a client, as they have their connections in common.
///
/// Before 8.0, libcurl greets a reused connection a second time when it is told of prior
/// knowledge, and fails (curl 8.0.0 changes: "fix for http2-prior-knowledge when reusing
/// connections"). With those versions prior knowledge goes with a new connection only; later
/// exchanges find that connection in the client's cache.
struct ClearTextHTTP2 {
  /// How to begin an exchange.
  struct Choice: Equatable {
    /// A `CURL_HTTP_VERSION_…`.
    let version: Int
    /// Whether it must not use a connection that is there.
    let needsNewConnection: Bool
  }

  private struct Origin {
    /// Whether an exchange has gone well over a connection that is still believed in.
    var isConnected = false
    /// Exchanges that have begun and not ended.
    var underWay = 0
    /// Sockets that were opened for it.
    var sockets: [SocketTable.Key] = []
  }

  private static let greetsTwice: Bool = {
    guard let info = curl_version_info(CURLVERSION_FIRST) else { return true }
    return info.pointee.version_num < 0x08_00_00
  }()

  private var origins: [String: Origin] = [:]

  /// An exchange begins; `ended` must follow.
  mutating func begin(with origin: String) -> Choice {
    origins[origin, default: Origin()].underWay += 1
    guard Self.greetsTwice else {
      return Choice(version: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE, needsNewConnection: false)
    }
    return origins[origin]?.isConnected == true
      ? Choice(version: CURL_HTTP_VERSION_2TLS, needsNewConnection: false)
      : Choice(version: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE, needsNewConnection: true)
  }

  /// A socket has been made for an exchange with `origin`; those that `isOpen` denies are
  /// forgotten, so that they do not add up.
  mutating func opened(
    _ socket: SocketTable.Key, for origin: String, isOpen: (SocketTable.Key) -> Bool
  ) {
    var sockets = origins[origin]?.sockets.filter(isOpen) ?? []
    sockets.append(socket)
    origins[origin, default: Origin()].sockets = sockets
  }

  /// An exchange has ended.
  ///
  /// - Returns: sockets to shut down: after a failure the next exchange is to find no connection
  ///   to this origin, unless others still use it.
  mutating func ended(with origin: String, succeeded: Bool) -> [SocketTable.Key] {
    guard var entry = origins[origin] else { return [] }
    defer { origins[origin] = entry }
    entry.underWay = max(0, entry.underWay - 1)
    if succeeded {
      entry.isConnected = true
      return []
    }
    entry.isConnected = false
    guard entry.underWay == 0 else { return [] }
    let sockets = entry.sockets
    entry.sockets = []
    return sockets
  }
}

import CCurl

/// Which HTTP version to ask libcurl for when HTTP/2 is wanted without TLS.
///
/// Before 8.0, libcurl greets a reused connection a second time when it is told of prior
/// knowledge, and fails (curl 8.0.0 changes: "fix for http2-prior-knowledge when reusing
/// connections"). With those versions prior knowledge is claimed for the first exchange with an
/// origin only; later ones find the HTTP/2 connection in the client's cache.
struct ClearTextHTTP2 {
  private static let greetsTwice: Bool = {
    guard let info = curl_version_info(CURLVERSION_FIRST) else { return true }
    return info.pointee.version_num < 0x08_00_00
  }()

  private var connected: Set<String> = []

  func version(for origin: String) -> Int {
    Self.greetsTwice && connected.contains(origin)
      ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
  }

  /// An exchange has ended; after a failure the connection is not believed to be there.
  mutating func exchanged(with origin: String, succeeded: Bool) {
    if succeeded {
      connected.insert(origin)
    } else {
      connected.remove(origin)
    }
  }
}

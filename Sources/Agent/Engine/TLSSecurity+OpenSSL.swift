import COpenSSL

extension TLSSecurity {
  /// - Parameter tls: an `SSL` whose handshake is over.
  init(_ tls: OpaquePointer) {
    self.init()
    version = Self.version(SSL_version(tls))
    suite =
      SSL_get_current_cipher(tls).flatMap { SSL_CIPHER_standard_name($0) }
      .map { Self.suite(String(cString: $0)) } ?? ""
    if let found = StapledStatus(tls) { stapled = found }
  }

  private static func version(_ number: Int32) -> String {
    switch number {
    case TLS1_VERSION: "tls1.0"
    case TLS1_1_VERSION: "tls1.1"
    case TLS1_2_VERSION: "tls1.2"
    case TLS1_3_VERSION: "tls1.3"
    default: ""
    }
  }

  /// Go leaves the hash off the names of these suites of TLS 1.2.
  private static func suite(_ name: String) -> String {
    let end = "_CHACHA20_POLY1305_SHA256"
    guard name.hasSuffix(end), name.hasPrefix("TLS_ECDHE_") else { return name }
    return String(name.dropLast("_SHA256".count))
  }
}

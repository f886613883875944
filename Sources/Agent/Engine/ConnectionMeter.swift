import CLinux
import COpenSSL

/// Counts what goes over a connection of HTTP/2, frames and compressed headers included, within
/// TLS if there is any. libcurl 7.88 knows of its bodies only.
///
/// Requests of a client that go over one connection side by side have what has come and gone since
/// the one before them ended: their sum is exact, the share of each is not known.
final class ConnectionMeter {
  private static let index = throng_tls_bytes_index()

  private let tls: UnsafeMutablePointer<throng_tls_bytes>?
  private var told = (sent: Int64(0), received: Int64(0))

  /// Without TLS: the kernel counts.
  init() { tls = nil }

  /// - Parameter context: the `SSL_CTX` of the one connection.
  init?(context: OpaquePointer) {
    guard let tls = throng_tls_bytes_count(context, Self.index) else { return nil }
    self.tls = tls
  }

  deinit { throng_tls_bytes_release(tls) }

  /// What has been sent and received since the last call; nil when nobody knows.
  ///
  /// - Parameter fd: its socket; nil when that has been closed.
  func take(_ fd: Int32?) -> (sent: Int64, received: Int64)? {
    var now = (sent: Int64(0), received: Int64(0))
    if let tls {
      now = (tls.pointee.sent, tls.pointee.received)
    } else {
      guard let fd, throng_tcp_bytes(fd, &now.received, &now.sent) != 0 else { return nil }
    }
    defer { told = now }
    return (now.sent - told.sent, now.received - told.received)
  }
}

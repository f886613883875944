import CCurl
import CLinux
import Shared

extension ErrorReason {
  /// How far an exchange had come when it ended.
  struct Progress {
    /// Whether the host's address was known.
    var resolved: Bool
    /// Whether there was a connection.
    var connected: Bool
    /// Whether it goes over TLS, and the handshake had ended.
    var isSecure: Bool
    var isShaken: Bool
    /// Whether the head of a final response had come.
    var hasHead: Bool
  }

  /// What libcurl's outcome of an exchange means.
  ///
  /// - Parameters:
  ///   - osError: errno of the socket call that failed, or 0.
  ///   - refusal: why our own callbacks ended it, or nil.
  init(code: CURLcode, osError: Int, at progress: Progress, refusal: ErrorReason?) {
    if let refusal {
      self = refusal
      return
    }
    switch code {
    case CURLE_OK: self = .none
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .dns
    case CURLE_COULDNT_CONNECT: self = Self.connecting(osError)
    case CURLE_OPERATION_TIMEDOUT:
      self =
        !progress.resolved
        ? .dns
        : !progress.connected
          ? .connectTimeout : progress.isSecure && !progress.isShaken ? .tlsTimeout : .timeout
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
      CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
      self = .tls
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: self = .reset
    case CURLE_RECV_ERROR: self = Self.receiving(osError, progress)
    case CURLE_URL_MALFORMAT: self = .invalidRequest
    // After a connection was made, it stands for an answer that is not HTTP/1 or later.
    case CURLE_UNSUPPORTED_PROTOCOL: self = progress.connected ? .protocolError : .invalidRequest
    // A folded line where there is nothing to go on with.
    case CURLE_BAD_FUNCTION_ARGUMENT where progress.connected: self = .protocolError
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self = .protocolError
    // Also what libcurl says of a line of more than 100 KiB.
    case CURLE_OUT_OF_MEMORY:
      self = progress.connected && !progress.hasHead ? .headersTooLarge : .agentResources
    default: self = .other
    }
  }

  /// The kernel's errors end connections; without one, what came is to blame: chunks that are
  /// none or, before any response, an alert of TLS 1.3, whose server judges certificates late.
  private static func receiving(_ osError: Int, _ progress: Progress) -> ErrorReason {
    guard osError == 0 else { return .reset }
    if progress.hasHead { return .protocolError }
    return progress.isSecure ? .tls : .reset
  }

  private static func connecting(_ osError: Int) -> ErrorReason {
    switch Int32(truncatingIfNeeded: osError) {
    case ECONNREFUSED: .connectRefused
    case ETIMEDOUT: .connectTimeout
    case EMFILE, ENFILE, EADDRNOTAVAIL, ENOBUFS, ENOMEM: .agentResources
    default: .connectFailed
    }
  }
}

import CCurl
import CLinux
import Shared

extension ErrorReason {
  /// What libcurl's outcome of an exchange means.
  ///
  /// - Parameters:
  ///   - resolved: whether the host's address was known when it ended.
  ///   - connected: whether a connection had been made when it ended.
  init(code: CURLcode, osError: Int, resolved: Bool, connected: Bool, bodyTooLarge: Bool) {
    switch code {
    case CURLE_OK: self = .none
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .dns
    case CURLE_COULDNT_CONNECT: self = Self.connecting(osError)
    case CURLE_OPERATION_TIMEDOUT:
      self = connected ? .timeout : resolved ? .connectTimeout : .dns
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
      CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
      self = .tls
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: self = .reset
    case CURLE_URL_MALFORMAT: self = .invalidRequest
    // After a connection was made, it stands for an answer that is not HTTP/1 or later.
    case CURLE_UNSUPPORTED_PROTOCOL: self = connected ? .protocolError : .invalidRequest
    case CURLE_WRITE_ERROR: self = bodyTooLarge ? .bodyTooLarge : .other
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self = .protocolError
    case CURLE_OUT_OF_MEMORY: self = .agentResources
    default: self = .other
    }
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

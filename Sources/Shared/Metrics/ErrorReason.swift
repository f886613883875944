/// Why a request failed: a closed set, so that failures stay countable.
public enum ErrorReason: UInt8, Sendable, CaseIterable, Codable {
  case none = 0
  /// The host name did not resolve.
  case dns
  case connectRefused
  case connectTimeout
  /// No route, network unreachable and the like.
  case connectFailed
  /// Handshake or certificate verification failed.
  case tls
  /// The peer closed or reset the connection before the response was complete.
  case reset
  /// The request took longer than its timeout.
  case timeout
  /// The response was not valid HTTP.
  case protocolError
  case bodyTooLarge
  case tooManyRedirects
  /// The request itself could not be made: bad URL, unsupported scheme, template without value.
  case invalidRequest
  /// This agent ran out of something: file descriptors, ports, memory.
  case agentResources
  /// Cut by a stop after its grace.
  case aborted
  case other
  /// The connection was made, its TLS handshake did not end in time.
  case tlsTimeout
  /// The response's head is larger than any server's that means well.
  case headersTooLarge

  /// The name in `errorReason` metrics, e.g. `connectRefused`.
  public var name: String { String(describing: self) }
}

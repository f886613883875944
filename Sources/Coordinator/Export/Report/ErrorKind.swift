import Shared

/// What was wrong with a request.
enum ErrorKind: Hashable, Sendable {
  case reason(ErrorReason)
  /// A status of 400 or above.
  case status(Int)
  /// Any other status that the script does not accept.
  case unexpected

  var name: String {
    switch self {
    case .reason(let reason): reason.name
    case .status(let status): "HTTP \(status)"
    case .unexpected: "unexpected status"
    }
  }

  /// For somebody who does not know the names.
  var explanation: String {
    switch self {
    case .status(404): "Not found"
    case .status(429): "Too many requests"
    case .status(400..<500): "Refused by the server as the client's fault"
    case .status(503): "Service unavailable"
    case .status: "The server failed"
    case .unexpected: "A status that the script does not accept"
    case .reason(let reason): Self.explanation(reason)
    }
  }

  private static func explanation(_ reason: ErrorReason) -> String {
    switch reason {
    case .none: ""
    case .dns: "The host name did not resolve"
    case .connectRefused: "The connection was refused"
    case .connectTimeout: "Connecting took too long"
    case .connectFailed: "No connection, e.g. no route"
    case .tls: "The TLS handshake or the certificate failed"
    case .reset: "The connection broke before the answer was complete"
    case .timeout: "The request took longer than its timeout"
    case .protocolError: "The answer was not valid HTTP"
    case .bodyTooLarge: "The body was larger than allowed"
    case .tooManyRedirects: "There were too many redirects"
    case .tlsTimeout: "The TLS handshake did not end in time"
    case .headersTooLarge: "The response's headers were too large"
    case .invalidRequest: "The request could not be made"
    case .agentResources: "An agent ran out of ports, files or memory"
    case .aborted: "Cut off when the test was stopped"
    case .other: "Something else"
    }
  }
}

/// Counts of requests by what was wrong with them.
struct ErrorCounts: Sendable {
  private(set) var counts: [ErrorKind: Int64] = [:]

  var total: Int64 { counts.values.reduce(0, +) }

  subscript(_ kind: ErrorKind) -> Int64 { counts[kind] ?? 0 }

  /// The most frequent first.
  var ranked: [(kind: ErrorKind, count: Int64)] {
    counts.map { (kind: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.kind.name) < ($0.count, $1.kind.name) }
  }

  init() {}

  /// - Parameters:
  ///   - errors: by raw values of `ErrorReason`.
  ///   - statuses: by status.
  init(errors: KeyCounts, statuses: KeyCounts, failures: Int64) {
    for entry in errors.entries where entry.count > 0 {
      let reason = UInt8(exactly: entry.key).flatMap(ErrorReason.init(rawValue:)) ?? .other
      counts[.reason(reason), default: 0] += entry.count
    }
    for entry in statuses.entries where entry.key >= 400 && entry.count > 0 {
      counts[.status(Int(entry.key)), default: 0] += entry.count
    }
    let unexplained = failures - total
    if unexplained > 0 { counts[.unexpected] = unexplained }
  }

  mutating func merge(_ other: ErrorCounts) {
    counts.merge(other.counts) { $0 + $1 }
  }
}

import Shared

/// The key of a k6 threshold: a metric, and the tags that a part of its values has, e.g.
/// `http_req_duration{name:Home}`.
struct ThresholdMetric: Equatable {
  /// As written.
  var text: String
  var name: String
  var tags: [String: String] = [:]

  /// Reads a key as k6's `ParseMetricName` does: tags are parted by commas, a tag from its value
  /// by the first colon, and quotes around either are dropped.
  init(_ text: String) throws(ThresholdExpression.Malformed) {
    self.text = text
    guard let brace = text.firstIndex(of: "{") else {
      name = text
      try Self.checkName(name)
      return
    }
    name = String(text[..<brace])
    try Self.checkName(name)
    guard text.hasSuffix("}") else {
      throw ThresholdExpression.Malformed("the selector of tags does not end with }")
    }
    for pair in text[text.index(after: brace)...].dropLast().split(separator: ",") {
      let parts = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let key = Self.bare(parts[0])
      guard !key.isEmpty, parts.count == 2 else {
        throw ThresholdExpression.Malformed("'\(pair)' is not tag:value")
      }
      tags[key] = Self.bare(parts[1])
    }
    guard !tags.isEmpty else {
      throw ThresholdExpression.Malformed("the selector of tags is empty")
    }
  }

  private static func checkName(_ name: String) throws(ThresholdExpression.Malformed) {
    let isName = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
    }
    guard isName, !name.isEmpty, name.utf8.count <= 128 else {
      throw ThresholdExpression.Malformed(
        "a metric's name has 1 to 128 letters, digits and underscores")
    }
  }

  private static func bare(_ text: Substring) -> String {
    var rest = text
    func isDropped(_ character: Character?) -> Bool {
      character.map { $0.isWhitespace || $0 == "\"" || $0 == "'" } ?? false
    }
    while isDropped(rest.first) { rest.removeFirst() }
    while isDropped(rest.last) { rest.removeLast() }
    return String(rest)
  }
}

/// How the metrics that k6 records by itself map to ours.
struct BuiltInMetric {
  enum Source {
    /// A metric of the system.
    case system(String)
    /// The script host records it, under its own name, when a threshold or the summary asks.
    case host
    /// It is not recorded here; the text says why.
    case unsupported(String)
  }

  var kind: ThresholdExpression.MetricKind
  var source: Source

  private init(_ kind: ThresholdExpression.MetricKind, _ source: Source) {
    self.kind = kind
    self.source = source
  }

  private init(_ kind: ThresholdExpression.MetricKind, _ metric: MetricDefinition) {
    self.init(kind, .system(metric.name))
  }

  /// Nil for a metric of the script's own.
  static func named(_ name: String) -> BuiltInMetric? {
    if let known = all[name] { return known }
    for (prefix, what) in [("ws_", "WebSockets"), ("grpc_", "gRPC"), ("browser_", "browsers")]
    where name.hasPrefix(prefix) {
      return BuiltInMetric(.trend, .unsupported("\(what) are not supported"))
    }
    return nil
  }

  private static let all: [String: BuiltInMetric] = [
    // k6 counts it from sending to the last byte, ours begins with the request and so has
    // connecting in it, too: on a kept connection both are the same.
    "http_req_duration": .init(.trend, .connectionCloseMs),
    // k6 counts from the end of sending.
    "http_req_waiting": .init(.trend, .firstReceivedMs),
    // Ours has the lookup of the name in it.
    "http_req_connecting": .init(.trend, .connectionOpenMs),
    // Ours counts from the start of the request to the end of the handshake.
    "http_req_tls_handshaking": .init(.trend, .tlsHandshakeMs),
    // In k6 the time until a connection is at hand, which looks up and connects if need be.
    "http_req_blocked": .init(.trend, .connectionOpenMs),
    // Nothing in a result tells sending from waiting, or gives percentiles of receiving alone.
    "http_req_sending": .init(.trend, .host),
    "http_req_receiving": .init(.trend, .host),
    "http_reqs": .init(.counter, .system(LimitMetric.results)),
    "http_req_failed": .init(.rate, .failure),
    "checks": .init(.rate, .system(LimitMetric.checks)),
    "group_duration": .init(.trend, .host),
    "iterations": .init(.counter, .system(LimitMetric.iterations)),
    "iteration_duration": .init(.trend, .iterationDurationMs),
    "dropped_iterations": .init(.counter, .system(LimitMetric.droppedIterations)),
    "data_sent": .init(.counter, .bytesSent),
    "data_received": .init(.counter, .bytesReceived),
    "vus": .init(.gauge, .system(LimitMetric.clients)),
    // The most clients that were active: here, all that were asked for are there from the start.
    "vus_max": .init(.gauge, .system(LimitMetric.clients)),
  ]
}

import Shared

extension HTTPSettings {
  private static let bodyBytesCeiling = 1 << 30
  private static let caBytesMax = 1 << 20
  private static let userAgentLengthMax = 1_000

  /// Milliseconds that a script may be allowed to hold its thread: others wait meanwhile.
  private static let scriptTimeouts = 10...60_000

  /// Reads `requestTimeoutMs`, `scriptTimeoutMs` and `http`.
  init(reading reader: inout FieldReader) {
    self.init()
    let timeouts = 1...Limits.stepsSleepMsMax
    requestTimeoutMs =
      reader.int("requestTimeoutMs", range: timeouts) ?? requestTimeoutMs
    scriptTimeoutMs = reader.int("scriptTimeoutMs", range: Self.scriptTimeouts)
    guard let object = reader.object("http") else { return }
    var inner = FieldReader(object, path: reader.path(of: "http"))
    if let text = inner.string("version") {
      if let known = HTTPVersion(rawValue: text) {
        version = known
      } else {
        let names = HTTPVersion.allCases.map(\.rawValue).joined(separator: ", ")
        inner.fail("version", "must be one of \(names)")
      }
    }
    verifyTLS = inner.bool("verifyTls") ?? verifyTLS
    caPEM = inner.string("caPem", maxLength: Self.caBytesMax)
    if let caPEM, !caPEM.contains("-----BEGIN CERTIFICATE-----") {
      inner.fail("caPem", "must hold certificates in PEM")
    }
    redirectsMax = inner.int("redirectsMax", range: 0...100) ?? redirectsMax
    bodyBytesMax = inner.int("bodyBytesMax", range: 0...Self.bodyBytesCeiling) ?? bodyBytesMax
    reusesConnections = inner.bool("reuseConnections") ?? reusesConnections
    userAgent = inner.string("userAgent", maxLength: Self.userAgentLengthMax)
    if userAgent?.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) ?? false {
      inner.fail("userAgent", "must not contain control characters")
    }
    inner.finish()
    reader.absorb(inner.errors)
  }
}

/// A request as far as the demo target cares.
struct DemoRequest: Equatable {
  var method: String
  /// Without the query.
  var path: String
  /// What follows the question mark, empty without one.
  var query: String
  /// Whether the client wants to send another request on this connection.
  var keepAlive: Bool
}

/// Input that is no HTTP/1.x request, or is larger than a demo needs; the connection is closed.
struct DemoProtocolError: Error, Equatable {
  var status: Int
  var reason: String
}

/// Cuts HTTP/1.x requests out of what a connection sends. Pure: no socket, no clock.
///
/// Bodies are skipped: the target answers by method and path only.
struct DemoRequestParser {
  /// Request line and headers, bytes: as most servers allow.
  static let headBytesMax = 16 << 10
  /// Bytes of a body that is worth waiting for.
  static let bodyBytesMax = 1 << 20

  private var buffer: [UInt8] = []
  /// Where the search for the end of the head goes on.
  private var searched = 0
  private var pending: DemoRequest?
  private var bodyLeft = 0

  mutating func append(_ bytes: some Collection<UInt8>) { buffer.append(contentsOf: bytes) }

  /// The next whole request, or nil until more arrives.
  mutating func next() throws(DemoProtocolError) -> DemoRequest? {
    if pending == nil { try readHead() }
    guard let request = pending else { return nil }
    let skipped = min(bodyLeft, buffer.count)
    buffer.removeFirst(skipped)
    bodyLeft -= skipped
    guard bodyLeft == 0 else { return nil }
    pending = nil
    return request
  }

  private mutating func readHead() throws(DemoProtocolError) {
    guard let end = endOfHead() else {
      if buffer.count > Self.headBytesMax { throw Self.headTooLarge }
      return
    }
    guard end <= Self.headBytesMax else { throw Self.headTooLarge }
    // Latin-1: every byte is a character, so nothing hostile is lost in decoding.
    let text = String(String.UnicodeScalarView(buffer[..<end].map { Unicode.Scalar($0) }))
    buffer.removeFirst(end)
    searched = 0
    try parse(text.split(separator: "\r\n", omittingEmptySubsequences: true))
  }

  private static let headTooLarge = DemoProtocolError(
    status: 431, reason: "Request Header Fields Too Large")

  /// The index after the empty line.
  private mutating func endOfHead() -> Int? {
    var index = max(3, searched)
    while index < buffer.count {
      if buffer[index] == 10, buffer[index - 1] == 13, buffer[index - 2] == 10,
        buffer[index - 3] == 13
      {
        return index + 1
      }
      index += 1
    }
    searched = index
    return nil
  }

  private mutating func parse(_ lines: [Substring]) throws(DemoProtocolError) {
    let bad = DemoProtocolError(status: 400, reason: "Bad Request")
    let words = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard words.count == 3, !words[0].isEmpty, words[1].hasPrefix("/") || words[1] == "*",
      words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0"
    else { throw bad }
    var keepAlive = words[2] == "HTTP/1.1"
    var length = 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { throw bad }
      let value = parts[1].drop { $0 == " " || $0 == "\t" }.lowercased()
      switch parts[0].lowercased() {
      case "connection":
        if value.contains("close") { keepAlive = false }
        if value.contains("keep-alive") { keepAlive = true }
      case "content-length":
        guard let number = Int(value), number >= 0 else { throw bad }
        length = number
      case "transfer-encoding":
        throw DemoProtocolError(status: 501, reason: "Not Implemented")
      default: break
      }
    }
    guard length <= Self.bodyBytesMax else {
      throw DemoProtocolError(status: 413, reason: "Content Too Large")
    }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    pending = DemoRequest(
      method: String(words[0]), path: String(target[0]),
      query: target.count == 2 ? String(target[1]) : "", keepAlive: keepAlive)
    bodyLeft = length
  }
}

import CCurl
import Shared

/// Collecting the response of the exchange under way.
extension Transfer {
  /// One piece of body as it came; false ends the transfer.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bodyChunks += 1
    guard let decoding else { return take(bytes) == .goOn }
    switch decoding.decode(bytes, { take($0) }) {
    case .goOn: return true
    case .refused: return false
    case .malformed:
      refusal = .protocolError
      return false
    }
  }

  /// One piece of decoded body.
  private func take(_ bytes: UnsafeRawBufferPointer) -> DecodingOutcome {
    bodyBytes += bytes.count
    capture?.received(body: bytes, at: Clock.monotonicNanos())
    guard keepsBody else { return .goOn }
    guard bodyBytes <= bodyBytesMax else {
      refusal = .bodyTooLarge
      return .refused
    }
    guard engine.memory.state != .critical else {
      refusal = .agentResources
      return .refused
    }
    body.append(contentsOf: bytes)
    return .goOn
  }

  /// What is wrong with a response that libcurl takes for whole: it takes what it has when the
  /// connection ends within the headers (RFC 9112 8), and does not look into the body's coding.
  var missingEnd: ErrorReason? {
    guard responseHead.isComplete else { return .reset }
    guard bodyChunks > 0, let decoding, !decoding.isComplete else { return nil }
    return .protocolError
  }

  /// One line of status or headers, with its end, whether or not the script reads it.
  ///
  /// - Returns: whether it is one of the response's headers; nil ends the transfer.
  func receivedLine(_ line: UnsafeRawBufferPointer) -> Bool? {
    if firstByteNanos == 0 {
      firstByteNanos = current?.body == nil ? 1 : Clock.monotonicNanos()
    }
    switch responseHead.take(line) {
    case .header:
      if responseHead.isComplete, !responseHead.codings.isEmpty {
        decoding = ContentDecoding(codings: responseHead.codings)
      }
      return true
    case .trailer: return false
    case .refused(let reason):
      refusal = reason
      return nil
    }
  }

  /// libcurl is about to send the request, on a connection that is there.
  ///
  /// - Returns: whether it may. A connection that was closed without a response makes libcurl
  ///   send again; what is not idempotent may have been acted upon (RFC 9110 9.2.2).
  func maySend() -> Bool {
    sendings += 1
    guard sendings > 1, firstByteNanos == 0, let current, !current.isIdempotent else {
      return true
    }
    refusal = .reset
    return false
  }

  /// One line of status or headers, with its end.
  func receivedHead(_ line: UnsafeRawBufferPointer) {
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.count > 5, line[0] == 0x48, line[1] == 0x54, line[4] == 0x2F {
      head.removeAll(keepingCapacity: true)
    }
    head.append(contentsOf: line)
  }

  func receivedHeader(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.hasPrefix("HTTP/") { return headers.removeAll() }
    // A line that begins with space goes on with the one before (RFC 9112 5.2).
    if let first = line.utf8.first, first == 0x20 || first == 0x09, !headers.isEmpty {
      let more = line[...].trimmingHTTPSpace()
      let before = headers[headers.count - 1].value
      headers[headers.count - 1].value = before.isEmpty ? more : "\(before) \(more)"
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...]
    headers.append((String(line[..<colon]), value.trimmingHTTPSpace()))
  }
}

extension Substring {
  /// Without spaces, tabs and line ends at both ends.
  fileprivate func trimmingHTTPSpace() -> String {
    var text = self
    while let first = text.unicodeScalars.first, first.value <= 32 {
      text = text.dropFirst()
    }
    while let last = text.unicodeScalars.last, last.value <= 32 { text = text.dropLast() }
    return String(text)
  }
}

import CCurl
import Shared

/// Collecting the response of the exchange under way.
extension Transfer {
  /// One piece of decoded body; false ends the transfer.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bodyBytes += bytes.count
    bodyChunks += 1
    guard bodyBytes <= bodyBytesMax else {
      bodyTooLarge = true
      return false
    }
    if keepsBody { body.append(contentsOf: bytes) }
    return true
  }

  /// One line of status or headers, with its end, whether or not the script reads it.
  func receivedLine(_ line: UnsafeRawBufferPointer) {
    if firstByteNanos == 0 {
      firstByteNanos = current?.body == nil ? 1 : Clock.monotonicNanos()
    }
    // The end of an interim response's headers is not that of the response's.
    if line.count <= 2 { return isHeadComplete = true }
    if line.count > 5, line[0] == 0x48, line[1] == 0x54, line[4] == 0x2F {
      isHeadComplete = false
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
    refusedRepetition = true
    return false
  }

  /// One line of status or headers, with its end.
  func receivedHead(_ line: UnsafeRawBufferPointer) {
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.count > 5, line[0] == 0x48, line[1] == 0x54, line[4] == 0x2F {
      head.removeAll(keepingCapacity: true)
    }
    guard head.count + line.count <= Self.headBytesMax else { return }
    head.append(contentsOf: line)
  }

  func receivedHeader(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.hasPrefix("HTTP/") { return headers.removeAll() }
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

import CCurl
import Shared

/// Collecting the response of the exchange under way.
extension Transfer {
  /// One piece of body as it came; false ends the transfer.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bodyChunks += 1
    guard chunks != nil else {
      bodyWireBytes += Int64(bytes.count)
      return content(bytes)
    }
    switch chunks?.decode(bytes, { content($0) }) {
    case .malformed: refusal = .protocolError
    case .tooLarge: refusal = .headersTooLarge
    case .refused, nil: break
    case .goOn:
      if chunks?.hasExcess == true { forbidReuse() }
      return true
    }
    return false
  }

  /// One piece of content, without the framing of the transfer.
  private func content(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let decoding else { return take(bytes) == .goOn }
    switch decoding.decode(bytes, { take($0) }) {
    case .goOn: return true
    case .refused: return false
    case .malformed:
      refusal = .protocolError
      return false
    }
  }

  /// Bytes of the body as they came, with the framing of chunks and their trailers.
  var bodyBytesReceived: Int64 { bodyWireBytes + (chunks?.bytes ?? 0) }

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
    if bodyChunks > 0, let chunks, !chunks.isComplete { return .reset }
    guard bodyChunks > 0, let decoding, !decoding.isComplete else { return nil }
    return .protocolError
  }

  /// One line of status or headers, with its end, whether or not the script reads it.
  ///
  /// - Returns: what it is; nil ends the transfer.
  func receivedLine(_ line: UnsafeRawBufferPointer) -> ResponseHead.Line? {
    if firstByteNanos == 0 {
      firstByteNanos = current?.body == nil ? 1 : Clock.monotonicNanos()
    }
    let found = responseHead.take(line)
    switch found {
    case .refused(let reason):
      refusal = reason
      return nil
    case .header where responseHead.isComplete:
      if responseHead.isChunked { chunks = ChunkDecoding() }
      if !responseHead.codings.isEmpty {
        decoding = ContentDecoding(codings: responseHead.codings)
      }
      // libcurl, which takes a request with a body for none of HEAD, waits for one in return.
      if let current, current.body != nil, current.method == "HEAD" {
        isOver = true
        return nil
      }
    case .status, .header, .trailer: break
    }
    return found
  }

  /// libcurl is about to send the request, on a connection that is there.
  ///
  /// - Returns: whether it may. A connection that was closed without a response makes libcurl
  ///   send again; what is not idempotent may have been acted upon (RFC 9110 9.2.2).
  func maySend() -> Bool {
    sendings += 1
    guard sendings > 1 else { return true }
    if firstByteNanos == 0, let current, !current.isIdempotent, !wasRefused {
      refusal = .reset
      return false
    }
    // What has come was not the response that the script gets, but bytes on the wire.
    bodyWireBytes = bodyBytesReceived
    startResponse()
    return true
  }

  /// One line of status or headers, with its end, for the script if it reads such.
  func keep(_ line: UnsafeRawBufferPointer, isStatus: Bool) {
    guard let current else { return }
    if current.needsHead {
      receivedHead(line, isStatus: isStatus)
    } else if current.needsHeaders {
      receivedHeader(line, isStatus: isStatus)
    }
  }

  private func receivedHead(_ line: UnsafeRawBufferPointer, isStatus: Bool) {
    if isStatus { head.removeAll(keepingCapacity: true) }
    // Line ends of one kind, and no folded lines: scripts know no others.
    let end = (line.lastIndex { $0 != 0x0d && $0 != 0x0a } ?? -1) + 1
    if let first = line.first, first == 0x20 || first == 0x09, head.count > 2 {
      head.removeLast(2)
      head.append(0x20)
      head.append(contentsOf: line[..<end].drop { $0 == 0x20 || $0 == 0x09 })
    } else {
      head.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[..<end]))
    }
    head.append(0x0d)
    head.append(0x0a)
  }

  private func receivedHeader(_ bytes: UnsafeRawBufferPointer, isStatus: Bool) {
    if isStatus { return headers.removeAll() }
    let line = String(decoding: bytes, as: UTF8.self)
    // A line that begins with space goes on with the one before (RFC 9112 5.2).
    if let first = line.utf8.first, first == 0x20 || first == 0x09 {
      guard !headers.isEmpty else { return }
      let more = line[...].trimmingHTTPSpace()
      let before = headers[headers.count - 1].value
      headers[headers.count - 1].value = before.isEmpty ? more : "\(before) \(more)"
      return
    }
    guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return }
    let value = line[line.index(after: colon)...]
    headers.append((line[..<colon].trimmingHTTPSpace(), value.trimmingHTTPSpace()))
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

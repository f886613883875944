import Shared

/// What goes over the wire for one exchange, as it is told while it happens. Times are of the
/// monotonic clock, nanoseconds. Confined to its engine thread.
final class TraceCapture {
  /// What was sent or received in one piece, as far as HTTP goes: a head and its body.
  struct Message {
    var isSent: Bool
    var firstNanos: Int64
    var lastNanos: Int64
    /// Start line and headers as they were on the wire; HTTP/2 in the form of HTTP/1.
    var head: [UInt8] = []
    /// The beginning of the body, without transfer and content coding.
    var body: [UInt8] = []
    var headBytes = 0
    var bodyBytes: Int64 = 0
  }

  let ticket: TraceSampler.Ticket
  private(set) var messages: [Message] = []
  /// libcurl's words when it fails, at most 256 bytes (`CURL_ERROR_SIZE`) with a zero at the end.
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
  private let headBytesMax: Int
  private let bodyBytesMax: Int

  /// - Parameter reach: bytes that are kept beyond the bounds: secrets across them are to be found.
  init(_ ticket: TraceSampler.Ticket, reach: Int) {
    self.ticket = ticket
    headBytesMax = Limits.packetHeadBytesMax + reach
    bodyBytesMax = Limits.packetBodyBytesMax + reach
    errorText.pointee = 0
  }

  deinit { errorText.deallocate() }

  /// A request's head left.
  func sent(head: UnsafeRawBufferPointer, at nanos: Int64) {
    begin(isSent: true, nanos)
    append(head: head, nanos)
  }

  func sent(body: UnsafeRawBufferPointer, at nanos: Int64) {
    if messages.last?.isSent != true { begin(isSent: true, nanos) }
    append(body: body, nanos)
  }

  /// One line of a response's head came, with its end.
  func received(headLine: UnsafeRawBufferPointer, at nanos: Int64) {
    // A status line begins a response: there may be interim ones before the last.
    let isStatusLine = headLine.starts(with: "HTTP/".utf8)
    if isStatusLine || messages.last?.isSent != false { begin(isSent: false, nanos) }
    append(head: headLine, nanos)
  }

  /// Decoded bytes of a response's body came.
  func received(body: UnsafeRawBufferPointer, at nanos: Int64) {
    if messages.last?.isSent != false { begin(isSent: false, nanos) }
    append(body: body, nanos)
  }

  private func begin(isSent: Bool, _ nanos: Int64) {
    // Of a server that answers without end, the last message takes what is too much.
    guard messages.count < Limits.packetsPerTraceMax else { return }
    messages.append(Message(isSent: isSent, firstNanos: nanos, lastNanos: nanos))
  }

  private func append(head: UnsafeRawBufferPointer, _ nanos: Int64) {
    let last = messages.count - 1
    messages[last].lastNanos = nanos
    messages[last].headBytes += head.count
    messages[last].head += head.prefix(max(0, headBytesMax - messages[last].head.count))
  }

  private func append(body: UnsafeRawBufferPointer, _ nanos: Int64) {
    let last = messages.count - 1
    messages[last].lastNanos = nanos
    messages[last].bodyBytes += Int64(body.count)
    messages[last].body += body.prefix(max(0, bodyBytesMax - messages[last].body.count))
  }
}

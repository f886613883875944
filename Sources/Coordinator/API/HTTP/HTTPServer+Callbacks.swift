import CMicroHTTPD
import Shared

// What libmicrohttpd calls, on its own threads. Free functions outside of main.swift: closures
// there belong to the main actor and trap on other threads.

/// The raw target is only to be had here: the handler gets a path that is decoded already, in
/// which an escaped slash cannot be told from a real one.
func httpRequestBegan(
  _: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let target else { return nil }
  var bytes: [UInt8] = []
  var next = target
  while next.pointee != 0 {
    bytes.append(UInt8(bitPattern: next.pointee))
    next += 1
  }
  return Unmanaged.passRetained(HTTPExchange(target: bytes)).toOpaque()
}

/// Called with the headers, then with each piece of the body, then once more; and, for an answer
/// that a worker made, again when the connection is resumed.
func httpRequestArrived(
  _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _ piece: UnsafePointer<CChar>?,
  _ pieceBytes: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let cls, let connection, let method, let pieceBytes, let raw = state?.pointee else {
    return .NO
  }
  let context = Unmanaged<HTTPContext>.fromOpaque(cls).takeUnretainedValue()
  let exchange = Unmanaged<HTTPExchange>.fromOpaque(raw).takeUnretainedValue()
  switch exchange.stage {
  case .reading, .read: break
  case .working: return .YES
  case .answered: return send(exchange, on: connection)
  }
  let bytesMax = { exchange.sink?.bytesMax ?? context.bodyBytesMax }
  if !exchange.headersRead {
    exchange.headersRead = true
    readHeaders(of: connection, into: exchange)
    if RequestFraming.fault(exchange.headers) != nil {
      // What follows cannot be told from a next request: the handler's answer is the last one.
      answerHere(exchange, String(cString: method), connection, context)
      return send(exchange, on: connection)
    }
    exchange.sink = context.sink(
      HTTPRequest(
        method: String(cString: method), target: exchange.target, headers: exchange.headers))
    let announced = exchange.headers.first { $0.name.lowercased() == "content-length" }
    if let bytes = announced.flatMap({ UInt64($0.value) }), bytes > UInt64(bytesMax()) {
      // Answered before the body is read, which can only be done here; the connection is closed
      // after that.
      exchange.bodyBytes = bytesMax() + 1
      answerHere(exchange, String(cString: method), connection, context)
      return send(exchange, on: connection)
    }
    return .YES
  }
  if pieceBytes.pointee > 0 {
    exchange.bodyBytes += pieceBytes.pointee
    // A body of unknown length that goes on and on is not read to its end.
    if exchange.bodyBytes > bytesMax() + context.bodyBytesMax { return .NO }
    if exchange.bodyBytes <= bytesMax(), let piece {
      keep(UnsafeRawBufferPointer(start: piece, count: pieceBytes.pointee), of: exchange, context)
    }
    pieceBytes.pointee = 0
    return .YES
  }
  if exchange.stage == .reading {
    // libmicrohttpd 0.9.75 resumes a connection to what it was in the turn before. Suspended now,
    // it would be read again first, and closed unanswered when its client, done with writing, has
    // shut down its half. In the next turn it is one that waits for an answer.
    exchange.stage = .read
    exchange.arrivedNanos = Clock.monotonicNanos()
    context.book.works(HTTPConnection(raw: connection).key)
    return .YES
  }
  let request = exchange.request(String(cString: method), bodyBytesMax: bytesMax())
  if context.submit(exchange, request, of: HTTPConnection(raw: connection)) { return .YES }
  context.answer(exchange, request, to: HTTPConnection(raw: connection))
  return send(exchange, on: connection)
}

/// The last call of a request, answered or not.
func httpRequestCompleted(
  _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _: MHD_RequestTerminationCode
) {
  guard let state, let raw = state.pointee else { return }
  state.pointee = nil
  let exchange = Unmanaged<HTTPExchange>.fromOpaque(raw).takeRetainedValue()
  // One whose answer was never sent.
  exchange.pump?.abandon()
  guard let cls, let connection else { return }
  let context = Unmanaged<HTTPContext>.fromOpaque(cls).takeUnretainedValue()
  context.release(exchange.reservedBytes)
  let key = HTTPConnection(raw: connection).key
  if let kind = exchange.lasting { context.book.end(kind, key) }
  context.book.waits(key, socket: throng_mhd_connection_socket(connection))
}

func httpConnectionChanged(
  _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
  guard let cls else { return }
  let context = Unmanaged<HTTPContext>.fromOpaque(cls).takeUnretainedValue()
  let isNew = code == .CONNECTION_NOTIFY_STARTED
  context.metrics.connections(isNew ? 1 : -1)
  guard let connection else { return }
  let key = HTTPConnection(raw: connection).key
  if isNew {
    context.book.waits(key, socket: throng_mhd_connection_socket(connection))
  } else {
    context.book.closed(key)
  }
}

/// Keeps a piece of a body, where there is memory for it.
private func keep(
  _ piece: UnsafeRawBufferPointer, of exchange: HTTPExchange, _ context: HTTPContext
) {
  if let sink = exchange.sink { return sink.take(piece) }
  guard !exchange.bodyIsRefused else { return }
  guard context.reserve(piece.count) else {
    exchange.bodyIsRefused = true
    exchange.body = []
    return
  }
  exchange.reservedBytes += piece.count
  exchange.body.append(contentsOf: piece)
}

private func readHeaders(of connection: OpaquePointer, into exchange: HTTPExchange) {
  // The closure must not capture, so the request travels as its argument.
  _ = MHD_get_connection_values_n(
    connection, .HEADER_KIND,
    { cls, _, name, nameBytes, value, valueBytes in
      guard let cls else { return .NO }
      let exchange = Unmanaged<HTTPExchange>.fromOpaque(cls).takeUnretainedValue()
      let text = { (start: UnsafePointer<CChar>?, count: Int) in
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
      }
      exchange.headers.append((name: text(name, nameBytes), value: text(value, valueBytes)))
      return .YES
    }, Unmanaged.passUnretained(exchange).toOpaque())
}

private func answerHere(
  _ exchange: HTTPExchange, _ method: String, _ connection: OpaquePointer, _ context: HTTPContext
) {
  exchange.arrivedNanos = Clock.monotonicNanos()
  let bytesMax = exchange.sink?.bytesMax ?? context.bodyBytesMax
  context.answer(
    exchange, exchange.request(method, bodyBytesMax: bytesMax),
    to: HTTPConnection(raw: connection))
}

private func send(_ exchange: HTTPExchange, on connection: OpaquePointer) -> MHD_Result {
  guard let raw = makeResponse(exchange) else { return .NO }
  defer { MHD_destroy_response(raw) }
  for (name, value) in exchange.response.headers { _ = MHD_add_response_header(raw, name, value) }
  return MHD_queue_response(connection, UInt32(exchange.response.status), raw)
}

private func makeResponse(_ exchange: HTTPExchange) -> OpaquePointer? {
  if exchange.isHeadOfStream { return makeHead(length: exchange.length) }
  guard let pump = exchange.pump else {
    guard case .bytes(let bytes) = exchange.response.body else { return nil }
    return bytes.withUnsafeBytes { buffer in
      MHD_create_response_from_buffer(
        buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress),
        .RESPMEM_MUST_COPY)
    }
  }
  let retained = Unmanaged.passRetained(pump)
  let response = MHD_create_response_from_callback(
    exchange.length ?? throng_mhd_size_unknown(), 32 << 10, httpStreamRead, retained.toOpaque(),
    httpStreamFree)
  if response == nil { retained.release() } else { exchange.pump = nil }
  return response
}

/// The head of an answer that would be streamed.
private func makeHead(length: UInt64?) -> OpaquePointer? {
  let response = MHD_create_response_from_callback(
    length ?? throng_mhd_size_unknown(), 32 << 10, { _, _, _, _ in throng_mhd_stream_error() },
    nil, nil)
  // Without a length 0.9.75 ends even an empty body with its last chunk, which the client would
  // take for the beginning of the next answer. As in HTTP/1.0 the connection ends instead.
  if let response, length == nil { _ = throng_mhd_answer_as_http_1_0(response) }
  return response
}

private func httpStreamRead(
  _ cls: UnsafeMutableRawPointer?, _: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ max: Int
) -> Int {
  guard let cls, let buffer else { return throng_mhd_stream_error() }
  let pump = Unmanaged<StreamPump>.fromOpaque(cls).takeUnretainedValue()
  switch pump.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: max)) {
  case .bytes(let count): return count
  case .later: return 0
  case .complete: return throng_mhd_stream_end()
  case .cut: return throng_mhd_stream_error()
  }
}

private func httpStreamFree(_ cls: UnsafeMutableRawPointer?) {
  guard let cls else { return }
  Unmanaged<StreamPump>.fromOpaque(cls).takeRetainedValue().abandon()
}

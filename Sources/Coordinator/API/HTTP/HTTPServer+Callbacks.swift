import CMicroHTTPD
import Shared

// What libmicrohttpd calls, on its own threads. Free functions outside of main.swift: closures
// there belong to the main actor and trap on other threads.

/// What every callback of one server needs.
final class HTTPContext: Sendable {
  let handler: HTTPServer.Handler
  let sink: HTTPServer.Sink
  let bodyBytesMax: Int

  init(
    handler: @escaping HTTPServer.Handler, sink: @escaping HTTPServer.Sink, bodyBytesMax: Int
  ) {
    self.handler = handler
    self.sink = sink
    self.bodyBytesMax = bodyBytesMax
  }
}

/// A request on its way in; one connection's thread alone touches it.
final class IncomingRequest {
  let target: [UInt8]
  var headersRead = false
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// Takes the body in instead.
  var sink: (any BodySink)?
  /// Bytes of the body that came, kept or not.
  var bodyBytes = 0

  init(target: [UInt8]) { self.target = target }

  /// Bytes that the body may have.
  func bytesMax(_ context: HTTPContext) -> Int { sink?.bytesMax ?? context.bodyBytesMax }
}

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
  return Unmanaged.passRetained(IncomingRequest(target: bytes)).toOpaque()
}

/// Called with the headers, then with each piece of the body, then once more.
func httpRequestArrived(
  _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _ piece: UnsafePointer<CChar>?,
  _ pieceBytes: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let cls, let connection, let method, let pieceBytes, let raw = state?.pointee else {
    return .NO
  }
  let context = Unmanaged<HTTPContext>.fromOpaque(cls).takeUnretainedValue()
  let incoming = Unmanaged<IncomingRequest>.fromOpaque(raw).takeUnretainedValue()
  if !incoming.headersRead {
    incoming.headersRead = true
    readHeaders(of: connection, into: incoming)
    if RequestFraming.fault(incoming.headers) != nil {
      // What follows cannot be told from a next request: the handler's answer is the last one.
      return answer(incoming, String(cString: method), connection, context)
    }
    incoming.sink = context.sink(
      HTTPRequest(
        method: String(cString: method), target: incoming.target, headers: incoming.headers))
    let bytesMax = incoming.bytesMax(context)
    let announced = incoming.headers.first { $0.name.lowercased() == "content-length" }
    if let bytes = announced.flatMap({ UInt64($0.value) }), bytes > UInt64(bytesMax) {
      // Answered before the body is read; the connection is closed after that.
      incoming.bodyBytes = bytesMax + 1
      return answer(incoming, String(cString: method), connection, context)
    }
    return .YES
  }
  if pieceBytes.pointee > 0 {
    incoming.bodyBytes += pieceBytes.pointee
    let bytesMax = incoming.bytesMax(context)
    // A body of unknown length that goes on and on is not read to its end.
    if incoming.bodyBytes > bytesMax + context.bodyBytesMax { return .NO }
    if incoming.bodyBytes <= bytesMax, let piece {
      let bytes = UnsafeRawBufferPointer(start: piece, count: pieceBytes.pointee)
      if let sink = incoming.sink {
        sink.take(bytes)
      } else {
        incoming.body.append(contentsOf: bytes)
      }
    }
    pieceBytes.pointee = 0
    return .YES
  }
  return answer(incoming, String(cString: method), connection, context)
}

/// The last call of a request, answered or not.
func httpRequestCompleted(
  _: UnsafeMutableRawPointer?, _: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _: MHD_RequestTerminationCode
) {
  guard let state, let raw = state.pointee else { return }
  state.pointee = nil
  Unmanaged<IncomingRequest>.fromOpaque(raw).release()
}

private func readHeaders(of connection: OpaquePointer, into incoming: IncomingRequest) {
  // The closure must not capture, so the request travels as its argument.
  _ = MHD_get_connection_values_n(
    connection, .HEADER_KIND,
    { cls, _, name, nameBytes, value, valueBytes in
      guard let cls else { return .NO }
      let incoming = Unmanaged<IncomingRequest>.fromOpaque(cls).takeUnretainedValue()
      let text = { (start: UnsafePointer<CChar>?, count: Int) in
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
      }
      incoming.headers.append((name: text(name, nameBytes), value: text(value, valueBytes)))
      return .YES
    }, Unmanaged.passUnretained(incoming).toOpaque())
}

private func answer(
  _ incoming: IncomingRequest, _ method: String, _ connection: OpaquePointer,
  _ context: HTTPContext
) -> MHD_Result {
  var request = HTTPRequest(
    method: method, target: incoming.target, headers: incoming.headers, body: incoming.body)
  request.sink = incoming.sink
  if incoming.bodyBytes > incoming.bytesMax(context) {
    request.bodyIsTooLarge = true
    request.body = []
  }
  let response = context.handler(request)
  guard let raw = makeResponse(response.body) else { return .NO }
  defer { MHD_destroy_response(raw) }
  for (name, value) in response.headers { _ = MHD_add_response_header(raw, name, value) }
  return MHD_queue_response(connection, UInt32(response.status), raw)
}

private func makeResponse(_ body: HTTPResponse.Body) -> OpaquePointer? {
  switch body {
  case .bytes(let bytes):
    return bytes.withUnsafeBytes { buffer in
      MHD_create_response_from_buffer(
        buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress),
        .RESPMEM_MUST_COPY)
    }
  case .stream(let stream):
    let retained = Unmanaged.passRetained(stream)
    let response = MHD_create_response_from_callback(
      stream.length ?? throng_mhd_size_unknown(), 32 << 10, httpStreamRead, retained.toOpaque(),
      httpStreamFree)
    if response == nil { retained.release() }
    return response
  }
}

private func httpStreamRead(
  _ cls: UnsafeMutableRawPointer?, _: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ max: Int
) -> Int {
  guard let cls, let buffer else { return throng_mhd_stream_error() }
  let stream = Unmanaged<BodyStream>.fromOpaque(cls).takeUnretainedValue()
  do {
    let space = UnsafeMutableRawBufferPointer(start: buffer, count: max)
    let count = try stream.read(into: space)
    return count > 0 ? count : throng_mhd_stream_end()
  } catch {
    Logger("coordinator.http").error("answer cut off", ["error": "\(error)"])
    return throng_mhd_stream_error()
  }
}

private func httpStreamFree(_ cls: UnsafeMutableRawPointer?) {
  guard let cls else { return }
  Unmanaged<BodyStream>.fromOpaque(cls).release()
}

import Shared

/// A request and its answer, from the first byte to the last.
///
/// `@unchecked Sendable`: one thread at a time touches it. The connection's thread reads the
/// request in, suspends the connection and hands this to a worker; the worker sets the answer and
/// resumes the connection, and then it is the connection's thread again. The pool's lock and
/// libmicrohttpd's order the two.
final class HTTPExchange: @unchecked Sendable {
  enum Stage { case reading, read, working, answered }

  let target: [UInt8]
  var stage = Stage.reading
  var headersRead = false
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// Takes the body in instead.
  var sink: (any BodySink)?
  /// Bytes of the body that came, kept or not.
  var bodyBytes = 0
  /// Those that there was memory for.
  var reservedBytes = 0
  /// Whether there was none for the rest.
  var bodyIsRefused = false
  /// As what it counts that may take as long as its client likes.
  var lasting: ConnectionBook.Lasting?
  /// When all of it had come, of the monotonic clock.
  var arrivedNanos: Int64 = 0
  /// What is answered; a body that is streamed comes from the pump.
  var response = HTTPResponse(status: 500)
  var pump: StreamPump?
  /// Bytes of a streamed body, where that is known.
  var length: UInt64?
  /// Whether only the head of a streamed answer is sent.
  var isHeadOfStream = false

  init(target: [UInt8]) { self.target = target }

  /// The whole request, whose body is handed over.
  func request(_ method: String, bodyBytesMax: Int) -> HTTPRequest {
    var request = HTTPRequest(method: method, target: target, headers: headers)
    request.sink = sink
    request.bodyIsRefused = bodyIsRefused
    if bodyBytes > bodyBytesMax {
      request.bodyIsTooLarge = true
    } else {
      request.body = body
    }
    body = []
    return request
  }
}

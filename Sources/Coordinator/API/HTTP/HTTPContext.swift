import Shared
import Synchronization

/// What every callback of one server needs.
final class HTTPContext: Sendable {
  let handler: HTTPServer.Handler
  let sink: HTTPServer.Sink
  let bodyBytesMax: Int
  let metrics: HTTPMetrics
  let gate: ConnectionGate
  let book: ConnectionBook
  /// Bytes of bodies in memory.
  private let bodyBytes = Atomic(0)
  private let isHeavy: HTTPServer.IsHeavy
  private let compiles: HTTPServer.IsHeavy
  private let answers: WorkPool
  private let heavyAnswers: WorkPool
  private let compilingAnswers: WorkPool
  private let pieces: WorkPool
  private let bulkPieces: WorkPool

  init(
    _ settings: HTTPServer.Settings, metrics: HTTPMetrics, sink: @escaping HTTPServer.Sink,
    isHeavy: @escaping HTTPServer.IsHeavy, compiles: @escaping HTTPServer.IsHeavy,
    handler: @escaping HTTPServer.Handler
  ) {
    self.handler = handler
    self.sink = sink
    self.isHeavy = isHeavy
    self.compiles = compiles
    self.metrics = metrics
    gate = ConnectionGate(metrics)
    book = ConnectionBook(downloadsPerAddressMax: settings.downloadsPerAddressMax)
    bodyBytesMax = settings.bodyBytesMax
    answers = WorkPool(name: "http-answers", threadsMax: settings.answersMax)
    heavyAnswers = WorkPool(name: "http-heavy", threadsMax: settings.heavyAnswersMax)
    compilingAnswers = WorkPool(
      name: "http-compiling", threadsMax: settings.compilingAnswersMax)
    pieces = WorkPool(name: "http-pieces", threadsMax: settings.piecesMax)
    bulkPieces = WorkPool(name: "http-bulk", threadsMax: settings.piecesMax, yields: true)
  }

  /// Whether there is memory for more of a body; it is taken then.
  func reserve(_ bytes: Int) -> Bool {
    let sum = bodyBytes.add(bytes, ordering: .relaxed).newValue
    if sum <= Limits.bodyBytesUnderWayMax { return true }
    release(bytes)
    return false
  }

  func release(_ bytes: Int) { bodyBytes.subtract(bytes, ordering: .relaxed) }

  /// Has a request answered by a worker; the connection is suspended until it is.
  ///
  /// - Returns: false when the server stops: nothing was done.
  func submit(
    _ exchange: HTTPExchange, _ request: HTTPRequest, of connection: HTTPConnection
  ) -> Bool {
    // First, so that the worker cannot resume what is not suspended yet.
    guard gate.suspend(connection) else { return false }
    exchange.stage = .working
    let pool =
      isHeavy(request) ? heavyAnswers : compiles(request) ? compilingAnswers : answers
    pool.submit {
      self.answer(exchange, request, to: connection)
      connection.resume()
    }
    return true
  }

  /// Answers a request on this thread.
  func answer(_ exchange: HTTPExchange, _ request: HTTPRequest, to connection: HTTPConnection) {
    var response =
      gate.isStopping
      ? Problem(.unavailable, "the coordinator is shutting down").response
      : request.bodyIsRefused
        ? Problem(.unavailable, "too many large bodies are under way").response
        : handler(request)
    if case .stream(let stream) = response.body, stream.waker != nil, request.method != "HEAD" {
      counted(exchange, as: .stream, connection, &response)
    }
    if case .stream(let stream) = response.body {
      response.body = .bytes([])
      exchange.length = stream.length
      exchange.isHeadOfStream = request.method == "HEAD" || response.status == 304
      if exchange.isHeadOfStream { return answered(exchange, request, with: response) }
      let pump = StreamPump(
        stream, to: connection, gate: gate, workers: stream.isBulk ? bulkPieces : pieces)
      switch pump.begin() {
      case .more:
        let isCounted =
          stream.waker != nil || counted(exchange, as: .download, connection, &response)
        if isCounted { exchange.pump = pump } else { pump.abandon() }
      case .whole(let bytes):
        // Short enough to be told its length.
        pump.abandon()
        response.body = .bytes(bytes)
      case .failed(let error):
        pump.abandon()
        let route = response.route
        exchange.length = nil
        response = Problem(error).response
        response.route = route
      }
    }
    if case .bytes(let bytes) = response.body, bytes.count >= Limits.downloadBytesMin,
      request.method != "HEAD"
    {
      counted(exchange, as: .download, connection, &response)
    }
    answered(exchange, request, with: response)
  }

  /// Counts an answer that may take as long as its client likes to read it.
  ///
  /// - Returns: false when its address has too many of them; it is answered with that instead.
  @discardableResult
  private func counted(
    _ exchange: HTTPExchange, as kind: ConnectionBook.Lasting, _ connection: HTTPConnection,
    _ response: inout HTTPResponse
  ) -> Bool {
    guard let problem = book.begin(kind, connection.key) else {
      exchange.lasting = kind
      return true
    }
    let route = response.route
    exchange.length = nil
    response = problem.response
    response.route = route
    return false
  }

  private func answered(
    _ exchange: HTTPExchange, _ request: HTTPRequest, with response: HTTPResponse
  ) {
    exchange.response = response
    exchange.stage = .answered
    metrics.answered(
      request.method, route: response.route, status: response.status,
      nanos: Clock.monotonicNanos() - exchange.arrivedNanos)
  }

  /// Ends all work; returns when no handler runs and no connection is suspended any more.
  func stop() {
    gate.stop()
    answers.stop()
    heavyAnswers.stop()
    compilingAnswers.stop()
    pieces.stop()
    bulkPieces.stop()
  }
}

import Shared

/// The REST API: answers requests from the store, the aggregates and the controller.
///
/// It knows nothing of sockets, so that its routes can be called in memory.
public struct API: Sendable {
  typealias Handler = @Sendable (API, RouteContext) throws -> HTTPResponse

  let store: Store
  let ingester: Ingester
  let control: any ExecutionControl
  /// Milliseconds since the Unix epoch.
  let now: @Sendable () -> Int64
  /// What the server counts that this answers for.
  let http: HTTPMetrics
  let feeds: ExecutionFeeds
  /// What scripts find in `__ENV` beside parameters.
  let environment: [String: String]
  private let router: Router<Handler>

  public init(
    store: Store, ingester: Ingester, control: any ExecutionControl,
    http: HTTPMetrics = HTTPMetrics(), environment: [String: String] = [:],
    now: @escaping @Sendable () -> Int64 = { Clock.wallMicros() / 1_000 }
  ) {
    self.store = store
    self.ingester = ingester
    self.control = control
    self.now = now
    self.http = http
    self.environment = environment
    feeds = ExecutionFeeds(store: store, ingester: ingester)
    router = Self.routes()
  }

  /// Answers a request; errors become problems. May be called from several threads at once.
  public func handle(_ request: HTTPRequest) -> HTTPResponse {
    var response: HTTPResponse
    do {
      response = try answer(request)
    } catch {
      response = Problem(error).response
    }
    response.route = request.path.flatMap { router.pattern(request.method, $0) } ?? ""
    return response
  }

  /// Whether an answer draws or packs so much that only few are to be made at once.
  static func isHeavy(_ request: HTTPRequest) -> Bool {
    guard let last = request.path?.last else { return false }
    return last == "compare" || last.hasPrefix("compare.")
      || [".pdf", ".zip", ".har"].contains { last.hasSuffix($0) } || last == "thumbnail"
  }

  /// Whether an answer compiles a script, which may take seconds.
  static func compiles(_ request: HTTPRequest) -> Bool {
    guard request.method == "POST" || request.method == "PUT", let path = request.path else {
      return false
    }
    return ["scripts", "test-confs", "start"].contains(path.first)
  }

  private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    if let fault = RequestFraming.fault(request.headers) {
      throw Problem(.malformedRequest, fault)
    }
    guard let path = request.path, request.query != nil else {
      throw Problem(.malformedURL, "the URL has a broken escape or is not UTF-8")
    }
    switch router.match(request.method, path) {
    case .found(let handler, let parameters):
      return try handler(self, RouteContext(request: request, parameters: parameters))
    case .otherMethods(let allowed): throw Problem.methodNotAllowed(allowed)
    case .nothing: throw Problem(.notFound, "there is nothing at this path")
    }
  }
}

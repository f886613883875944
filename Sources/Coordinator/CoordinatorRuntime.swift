import Foundation
import Shared

/// A whole coordinator: store, ingest, executions, agent listener, REST server.
public final class CoordinatorRuntime: Sendable {
  public struct Options: Sendable {
    /// Where the REST API listens; port 0 takes any free one.
    public var http: HostPort
    /// Where agents connect.
    public var agents: HostPort
    /// Directory of the store; made when missing.
    public var dataDirectory: String
    /// What scripts find in `__ENV` where their parameters say nothing else.
    public var environment: [String: String]
    /// Names under which the REST API is called, besides the address where it listens.
    public var allowedHosts: [String]

    public init(
      http: HostPort, agents: HostPort, dataDirectory: String,
      environment: [String: String] = [:], allowedHosts: [String] = []
    ) {
      self.http = http
      self.agents = agents
      self.dataDirectory = dataDirectory
      self.environment = environment
      self.allowedHosts = allowedHosts
    }
  }

  /// Addresses with the ports that were taken.
  public let httpAddress: HostPort
  public let agentAddress: HostPort
  public let store: Store
  public let ingester: Ingester
  public var control: any ExecutionControl { controller }

  private let loop: EventLoop
  private let controller: ExecutionController
  private let listener: LoopBound<AgentListener>
  private let server: HTTPServer
  private let api: API
  private let comparer: BaselineComparer
  private let sweeper: DeletionSweeper
  private let log = Logger("coordinator")

  /// Opens the store, takes both ports and begins to serve.
  ///
  /// - Throws: `StoreError`, `SystemError` or `ResolveError`, each naming the path or address.
  public init(options: Options) throws {
    store = try Store(path: options.dataDirectory)
    loop = try EventLoop(name: "coordinator")
    let tables = try store.read { db in try DataTableStore.list(in: db) }
    try DataTableFiles(store).tidy(keeping: Set(tables.map(\.id)))
    comparer = BaselineComparer(store: store)
    ingester = try Ingester(store: store)
    sweeper = DeletionSweeper(store: store)
    let controller = ExecutionController(loop: loop, store: store, ingester: ingester)
    controller.metricSource = ingester
    controller.environment = options.environment
    self.controller = controller
    listener = LoopBound(
      try AgentListener(address: options.agents, loop: loop) { controller.accepted($0) })
    agentAddress = HostPort(host: options.agents.host, port: listener.value.port)
    let http = HTTPMetrics()
    let api = API(
      store: store, ingester: ingester, control: controller, http: http,
      environment: options.environment)
    self.api = api
    let origin = RequestOrigin(
      listening: options.http.host, allowed: options.allowedHosts)
    server = try HTTPServer(
      address: options.http, metrics: http, sink: { api.sink(for: $0) },
      isHeavy: { API.isHeavy($0) }, compiles: { API.compiles($0) }
    ) { origin.refusal(of: $0)?.response ?? api.handle($0) }
    httpAddress = HostPort(host: options.http.host, port: server.port)
    try begin()
  }

  /// Answers a REST request without a socket in between.
  public func handle(_ request: HTTPRequest) -> HTTPResponse { api.handle(request) }

  private func begin() throws {
    let (controller, loop, listener, comparer) = (controller, loop, listener, comparer)
    ingester.start(
      onCommitted: { batches in
        loop.execute { for batch in batches { controller.committed(batch.key, upTo: batch.upTo) } }
      },
      onRejected: { key, code, expected in
        loop.execute { controller.rejected(key, code: code, expected: expected) }
      }, onComparable: { comparer.fileArrived() })
    try comparer.start()
    try UnfinishedExecutions.settle(in: store, ingester: ingester)
    loop.start()
    try loop.sync {
      try listener.value.start()
      controller.start()
    }
    sweeper.start()
    log.notice("serving", ["http": "\(httpAddress)", "agents": "\(agentAddress)"])
  }

  /// Whether the loop does its work. Blocks for up to five seconds when it does not.
  public func isResponsive() -> Bool { loop.responds(withinSeconds: 5) }

  /// Stops what runs, commits everything and ends; returns when done. At most `seconds`.
  ///
  /// - Returns: whether everything was committed in time.
  public func shutDown(seconds: Double) -> Bool {
    let (controller, listener) = (controller, listener)
    let idle = DispatchSemaphore(value: 0)
    loop.execute {
      controller.drain(graceSecs: min(Limits.stopGraceSecs, seconds / 2)) { idle.signal() }
    }
    let inTime = idle.wait(timeout: .now() + seconds) == .success
    server.stop()
    loop.execute { listener.value.stop() }
    sweeper.stop()
    ingester.stop()
    comparer.stop()
    loop.stop()
    store.checkpoint()
    return inTime
  }
}

/// Lets a thing that lives on a loop be stored in what other threads hold.
///
/// `@unchecked Sendable`: `value` is used only inside closures that run on its loop, and before
/// the loop starts.
private final class LoopBound<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

import CMicroHTTPD
import Glibc
import Shared
import Synchronization

/// Serves HTTP/1.1 on one address, over libmicrohttpd: a few threads move the bytes of all
/// connections, others make the answers, so that no answer waits for another one.
public final class HTTPServer: Sendable {
  /// Answers a request; called on worker threads, several at once.
  public typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse

  /// Where the body of a request goes, by its head: nil for memory, as most do.
  public typealias Sink = @Sendable (HTTPRequest) -> (any BodySink)?

  /// Whether a request takes that much memory or time that few such may run at once.
  public typealias IsHeavy = @Sendable (HTTPRequest) -> Bool

  public struct Settings: Sendable {
    /// Threads that move bytes.
    public var threads = 4
    /// Waiting ones, streams and answers of several addresses; each has a descriptor.
    public var connectionsMax = 4_096
    /// Seconds after which a connection on which nothing moves is closed.
    public var timeoutSecs = 60
    /// Bytes of a request's body; longer ones are answered with 413.
    public var bodyBytesMax = Limits.requestBodyBytesMax
    /// Bytes of a connection's buffers; bounds request line and headers together.
    public var connectionBytes = 64 << 10
    /// Answers that are made at once; further ones wait.
    public var answersMax = 16
    /// Heavy ones, which do not count among these: each may take a core and much memory.
    public var heavyAnswersMax = 3
    /// Answers that compile or run a script of the client's, which may take seconds each.
    public var compilingAnswersMax = 2
    /// Streamed answers that have their next piece made at once.
    public var piecesMax = 8

    /// Long answers that one address is sent at once.
    public var downloadsPerAddressMax = Limits.downloadsPerAddressMax

    public init() {}
  }

  /// The port that was taken.
  public let port: UInt16
  private let listener: FileDescriptor
  private let running: Mutex<RunningDaemon?>

  /// Listens and begins to serve.
  ///
  /// - Throws: `SystemError` naming the address, e.g. when the port is in use, or `ResolveError`.
  public init(
    address: HostPort, settings: Settings = Settings(), metrics: HTTPMetrics = HTTPMetrics(),
    sink: @escaping Sink = { _ in nil }, isHeavy: @escaping IsHeavy = { _ in false },
    compiles: @escaping IsHeavy = { _ in false },
    handler: @escaping Handler
  ) throws {
    listener = try Socket.listen(address)
    port = Socket.localPort(listener)
    running = Mutex(
      try RunningDaemon(
        listener: listener, settings: settings,
        context: HTTPContext(
          settings, metrics: metrics, sink: sink, isHeavy: isHeavy, compiles: compiles,
          handler: handler)))
  }

  /// Closes the port and all connections; returns when no handler runs any more. Live streams
  /// are ended before, for clients that read.
  public func stop() {
    let daemon = running.withLock { running in
      let daemon = running
      running = nil
      return daemon
    }
    daemon?.stop()
  }

  deinit { stop() }
}

/// A started daemon and what it refers to.
///
/// `@unchecked Sendable`: both pointers are set once, and `stop` is called once, by whoever took
/// it out of the server's mutex.
private struct RunningDaemon: @unchecked Sendable {
  private let daemon: OpaquePointer
  private let context: Unmanaged<HTTPContext>

  init(listener: FileDescriptor, settings: HTTPServer.Settings, context: HTTPContext) throws {
    // The daemon closes its socket itself, so it gets its own descriptor of it.
    let socket = fcntl(listener.number, F_DUPFD_CLOEXEC, 0)
    guard socket >= 0 else { throw SystemError("duplicate the HTTP listener") }
    self.context = Unmanaged.passRetained(context)
    var raw = throng_mhd_settings(
      listen_socket: socket, threads: UInt32(settings.threads),
      connections_max: UInt32(settings.connectionsMax),
      timeout_seconds: UInt32(settings.timeoutSecs),
      connection_memory_bytes: settings.connectionBytes, uri: httpRequestBegan,
      access: httpRequestArrived, completed: httpRequestCompleted,
      changed: httpConnectionChanged, cls: self.context.toOpaque())
    guard let daemon = throng_mhd_start(&raw) else {
      let error = SystemError("start the HTTP server")
      close(socket)
      self.context.release()
      throw error
    }
    self.daemon = daemon
  }

  func stop() {
    context.takeUnretainedValue().stop()
    MHD_stop_daemon(daemon)
    context.release()
  }
}

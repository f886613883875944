import Shared

/// Follows an execution to its end over server-sent events, through cuts of the connection: what
/// came is not told again, what was missed is told later.
final class ExecutionFollower {
  /// How the following ended.
  enum Ending { case over, interrupted }

  private let server: RemoteServer
  private let execution: String
  private let kinds: [ExecutionEvent.Kind]
  private let interrupts: Interrupts
  private var parser = EventStreamParser()
  private var pause = ReconnectPause()
  /// Whether the server has answered with a stream.
  private var wasConnected = false
  private var isCut = false
  /// Tells of the connection.
  var notice: (String) -> Void = ThrongCommand.complain

  /// Three of the server's heartbeats: without them the connection is dead, whatever TCP says.
  private static let idleSecsMax = 45.0

  private struct End: Error {}

  /// - Parameter kinds: what to tell of; everything when empty.
  init(
    _ execution: String, kinds: [ExecutionEvent.Kind] = [], on server: RemoteServer
  ) throws {
    self.execution = execution
    self.kinds = kinds
    self.server = server
    interrupts = try Interrupts()
    server.interrupts = interrupts
  }

  /// Tells `handler` of everything until the execution is over.
  ///
  /// - Throws: `RemoteError` when there is no such execution, or no coordinator at the beginning.
  func follow(_ handler: @escaping (ExecutionEvent) throws -> Void) throws -> Ending {
    do {
      while true {
        if try listen(handler) { return .over }
        wait()
        if interrupts.isRaised() { return .interrupted }
      }
    } catch RemoteError.interrupted {
      return .interrupted
    } catch RemoteError.refused(let problem) where problem.status == 404 && !wasConnected {
      // The execution is there, so it is the route that is not.
      _ = try server.json(RemotePath("executions", execution).with([("down", "false")]))
      return try poll(handler)
    }
  }

  /// Listens on one connection. True when it is all over.
  private func listen(_ handler: @escaping (ExecutionEvent) throws -> Void) throws -> Bool {
    do {
      let status = try server.stream(request) { try self.take($0, handler) }
      if status == 204 { return true }
      wasCut("the coordinator ended the stream")
    } catch is End {
      return true
    } catch RemoteError.unreachable(_, let reason) where wasConnected {
      wasCut(reason)
    } catch RemoteError.refused(let problem) where wasConnected && problem.status >= 429 {
      wasCut(problem.description)
    }
    return false
  }

  private var request: RemoteRequest {
    let names = kinds.map(\.rawValue).joined(separator: ",")
    var request = RemoteRequest(
      RemotePath("executions", execution, "stream").with([
        ("events", names.isEmpty ? nil : names)
      ]))
    request.contentType = "text/event-stream"
    request.idleSecsMax = Self.idleSecsMax
    request.headers = ["Accept: text/event-stream", "Cache-Control: no-store"]
    if !parser.lastID.isEmpty { request.headers.append("Last-Event-ID: \(parser.lastID)") }
    return request
  }

  private func take(
    _ bytes: UnsafeRawBufferPointer, _ handler: (ExecutionEvent) throws -> Void
  ) throws {
    if isCut { notice("connected again") }
    wasConnected = true
    isCut = false
    do {
      for event in try parser.read(bytes) {
        pause.reset()
        guard let event = ExecutionEvent(event) else { continue }
        try handler(event)
        if event.kind == .end { throw End() }
      }
    } catch is EventStreamParser.TooLong {
      throw RemoteError.failed("\(server.address.shown) sent an event without an end")
    }
  }

  /// Says that the connection was cut; once, until it is there again.
  private func wasCut(_ reason: String) {
    wasConnected = true
    parser.connectionEnded()
    if !isCut {
      notice("connection lost: \(reason); connecting again, Ctrl-C leaves")
    }
    isCut = true
  }

  private func wait() {
    interrupts.wait(milliseconds: pause.next(wishMs: parser.retryMs))
  }

  /// For coordinators that have no stream: asks for news every second.
  private func poll(_ handler: (ExecutionEvent) throws -> Void) throws -> Ending {
    notice("this coordinator has no event stream: asking every second")
    var poller = ExecutionPoller(execution, on: server)
    while true {
      do {
        let isOver = try poller.poll(handler)
        if isCut { notice("connected again") }
        isCut = false
        if isOver { return .over }
        interrupts.wait(milliseconds: 1_000)
      } catch RemoteError.unreachable(_, let reason) {
        wasCut(reason)
        wait()
      }
      if interrupts.isRaised() { return .interrupted }
    }
  }
}

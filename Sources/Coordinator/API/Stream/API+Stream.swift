import Shared

/// What happens in an execution, as server-sent events.
extension API {
  static func addStream(to router: inout Router<Handler>) {
    router.add("GET", pattern: "executions/:id/stream") { try $0.streamExecution($1) }
  }

  func streamExecution(_ context: RouteContext) throws -> HTTPResponse {
    var query = context.query
    let kinds = EventKinds(&query)
    var seen: EventCursor?
    if let text = query.string("lastEventId"), !text.isEmpty {
      seen = Self.cursor(text, "lastEventId", &query)
    }
    // A browser repeats the URL with its parameter and adds how far it came since.
    if let text = context.request.header("Last-Event-ID"), !text.isEmpty {
      seen = Self.cursor(text, "Last-Event-ID", &query)
    }
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    if let seen, seen.execution != execution {
      throw Problem.invalid([
        FieldError(field: "Last-Event-ID", message: "is of a stream of another execution")
      ])
    }
    let headers = [(name: "Cache-Control", value: "no-store")]
    // Browsers reconnect after the end; this tells them not to.
    if seen?.isEnd ?? false { return HTTPResponse(status: 204, headers: headers) }
    let events = ExecutionEvents(
      feeds.feed(of: execution), kinds, after: seen ?? EventCursor(execution))
    return HTTPResponse(
      status: 200,
      headers: [
        (name: "Content-Type", value: "text/event-stream"),
        // Proxies must pass on what comes as it comes.
        (name: "X-Accel-Buffering", value: "no"),
      ] + headers,
      body: .stream(events.stream))
  }

  private static func cursor(
    _ text: String, _ field: String, _ query: inout QueryReader
  ) -> EventCursor? {
    guard let cursor = EventCursor(text) else {
      query.fail(field, "is not the id of an event of this stream")
      return nil
    }
    return cursor
  }
}

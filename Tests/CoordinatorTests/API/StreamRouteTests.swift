import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// `GET /executions/:id/stream`, in memory.
final class StreamRouteTests: XCTestCase {
  /// A completed execution with results and so many log entries.
  private func completed(_ fixture: APIFixture, logs: Int = 5, perRegion: Int = 30) throws -> Int64
  {
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: perRegion)
    try log(logs, to: id, fixture)
    try fixture.ingester.finish(ExecutionID(id))
    _ = try fixture.call("PATCH", "/executions/\(id)/stop")
    return id
  }

  private func log(_ count: Int, to id: Int64, _ fixture: APIFixture) throws {
    try fixture.store.write { db in
      for number in 0..<count {
        try LogStore.insert(
          LogRecord(
            id: 0, execution: ExecutionID(id), createdAtMs: 1, updatedAtMs: 1, loggedAtMs: 1,
            level: "Info", message: "entry\n\(number)", isSystem: number % 2 == 0), in: db)
      }
    }
    fixture.store.changes.changed(ExecutionID(id), .logs)
  }

  private func events(_ answer: Answer) -> [ServerSentEvent] {
    ServerSentEventParser.events(answer.text)
  }

  /// Events without their ids.
  private func contents(_ events: some Sequence<ServerSentEvent>) -> [String] {
    events.map { "\($0.name) \($0.data)" }
  }

  func test_completedExecution_isShownWhole_andEnds() throws {
    let fixture = try APIFixture()
    let id = try completed(fixture)
    let answer = try fixture.call("GET", "/executions/\(id)/stream")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.header("Content-Type"), "text/event-stream")
    XCTAssertEqual(answer.header("Cache-Control"), "no-store")
    XCTAssertTrue(answer.text.hasPrefix("retry: 1000\n\n"))
    let all = events(answer)
    let named = Dictionary(grouping: all, by: \.name)
    XCTAssertEqual(Set(named.keys), ["state", "chunk", "interval", "log", "end"])
    XCTAssertEqual(all.first?.name, "state")
    XCTAssertEqual(all.last?.name, "end")
    XCTAssertEqual(all.last?.data, "{}")

    let state = try fixture.call(
      "GET",
      "/executions/\(id)?down=false&up=false&includeScript=false&includeSummary=false")
    XCTAssertEqual(named["state"]?.map(\.data), [state.text])
    let logs = try fixture.call("GET", "/executions/\(id)/logs").object()["logs"]?.arrayValue
    XCTAssertEqual(try named["log"]?.map { try $0.json() }, logs)
    let intervals = try fixture.call("GET", "/executions/\(id)/intervals").array()
    XCTAssertEqual(intervals.count, 30)
    XCTAssertEqual(
      Set(try XCTUnwrap(named["interval"]).map { try $0.json().text }),
      Set(intervals.map(\.text)))
    let regions = try fixture.call("GET", "/executions/\(id)").object()["regions"]?.arrayValue
    let chunks = try XCTUnwrap(regions).flatMap { region in
      try XCTUnwrap(region.objectValue?["chunks"]?.arrayValue).map { chunk in
        var members = try XCTUnwrap(chunk.objectValue).members
        members.insert(
          (key: "executionRegionId", value: try XCTUnwrap(region.objectValue?["id"])), at: 1)
        return JSONValue.object(JSONObject(members))
      }
    }
    XCTAssertEqual(try named["chunk"]?.map { try $0.json() }, chunks)
  }

  func test_everyId_resumesExactlyThere() throws {
    let fixture = try APIFixture()
    let id = try completed(fixture)
    let all = events(try fixture.call("GET", "/executions/\(id)/stream"))
    XCTAssertEqual(all.count, 1 + 2 + 30 + 5 + 1)
    for (index, event) in all.dropLast().enumerated() {
      let rest = events(
        try fixture.call("GET", "/executions/\(id)/stream?lastEventId=\(event.id)"))
      XCTAssertEqual(contents(rest), contents(all[(index + 1)...]), "after \(index)")
      let header = fixture.api.handle(
        HTTPRequest(
          "GET", "/executions/\(id)/stream", headers: [(name: "last-event-id", value: event.id)]))
      guard case .stream(let stream) = header.body else { return XCTFail("no stream") }
      XCTAssertEqual(
        contents(
          ServerSentEventParser.events(String(decoding: try stream.readAll(), as: UTF8.self))),
        contents(rest))
    }
    let end = try XCTUnwrap(all.last)
    let again = try fixture.call("GET", "/executions/\(id)/stream?lastEventId=\(end.id)")
    XCTAssertEqual(again.status, 204)
    XCTAssertEqual(again.body, [])
  }

  func test_thousandsOfEntries_comeOnceAndInOrder() throws {
    let fixture = try APIFixture()
    let id = try completed(fixture, logs: 3_456, perRegion: 1)
    let all = events(try fixture.call("GET", "/executions/\(id)/stream?events=log"))
    XCTAssertEqual(Set(all.map(\.name)), ["log", "end"])
    let ids = try all.dropLast().map { try XCTUnwrap(try $0.json().objectValue?["id"]) }
    XCTAssertEqual(ids.count, 3_456)
    let logs = try fixture.call("GET", "/executions/\(id)/logs").object()["logs"]?.arrayValue
    XCTAssertEqual(ids, logs?.compactMap { $0.objectValue?["id"] })
  }

  func test_badParameters_areNamed() throws {
    let fixture = try APIFixture()
    let id = try completed(fixture, perRegion: 1)
    let other = try completed(fixture, perRegion: 1)
    let target = "/executions/\(id)/stream"
    XCTAssertEqual(try fixture.call("GET", "/executions/999/stream").status, 404)
    XCTAssertEqual(try fixture.call("POST", target).status, 405)
    for (query, field) in [
      ("events=log,nothing", "events"), ("events=", "events"), ("lastEventId=7", "lastEventId"),
      ("lastEventId=%F0%9F%92%A5", "lastEventId"), ("since=1", "since"),
    ] {
      let answer = try fixture.call("GET", "\(target)?\(query)")
      XCTAssertEqual(answer.status, 422, query)
      XCTAssertEqual(try answer.badFields(), [field], query)
    }
    let id2 = try XCTUnwrap(
      events(try fixture.call("GET", "/executions/\(other)/stream")).first?.id)
    XCTAssertEqual(try fixture.call("GET", "\(target)?lastEventId=\(id2)").status, 422)
    let head = fixture.api.handle(
      HTTPRequest("GET", target, headers: [(name: "Last-Event-ID", value: "rubbish")]))
    XCTAssertEqual(head.status, 422)
  }

  /// A stream of a running execution, read step by step.
  private func events(
    _ fixture: APIFixture, _ id: Int64, _ kinds: EventKinds, heartbeatMs: Int = 15_000
  ) -> ExecutionEvents {
    ExecutionEvents(
      fixture.api.feeds.feed(of: ExecutionID(id)), kinds, after: EventCursor(ExecutionID(id)),
      heartbeatMs: heartbeatMs)
  }

  private func nextEvents(_ stream: BodyStream) throws -> [ServerSentEvent] {
    while let piece = try stream.nextPiece() {
      let events = ServerSentEventParser.events(String(decoding: piece, as: UTF8.self))
      if !events.isEmpty { return events }
    }
    throw Unexpected(what: "the stream ended")
  }

  func test_changes_areSentAsTheyHappen() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let stream = events(fixture, id, .all).stream
    XCTAssertEqual(try nextEvents(stream).map(\.name), ["state", "chunk", "chunk"])
    try log(1, to: id, fixture)
    XCTAssertEqual(try nextEvents(stream).map(\.name), ["log"])
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    fixture.store.changes.changed(ExecutionID(id), .records)
    XCTAssertEqual(
      try nextEvents(stream).map { try $0.json().objectValue?["running"] }, [.bool(true)])
    try fixture.commitResults(of: id, perRegion: 3)
    let news = try nextEvents(stream)
    XCTAssertEqual(news.map(\.name).filter { $0 == "interval" }.count, 3)
    XCTAssertTrue(
      try news.contains {
        try $0.name == "chunk" && $0.json().objectValue?["completedIterations"] == .int(3)
      })
  }

  func test_silence_isBrokenByHeartbeats() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let stream = events(fixture, id, .log, heartbeatMs: 5).stream
    var heartbeats = 0
    while heartbeats < 3, let piece = try stream.nextPiece() {
      if piece == Array(": \n\n".utf8) { heartbeats += 1 }
    }
    XCTAssertEqual(heartbeats, 3)
  }

  func test_deletedWhileStreamed_ends() throws {
    let fixture = try APIFixture()
    let id = try completed(fixture, perRegion: 1)
    // Opened, but not read before the execution is gone.
    let stream = events(fixture, id, .log).stream
    XCTAssertEqual(try fixture.call("DELETE", "/executions/\(id)").status, 200)
    let text = String(decoding: try stream.readAll(), as: UTF8.self)
    XCTAssertEqual(ServerSentEventParser.events(text).last?.name, "end")
  }

  func test_head_answersTheHeadersOnly() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let api = fixture.api
    let server = try HTTPServer(address: HostPort(host: "127.0.0.1", port: 0)) { api.handle($0) }
    defer { server.stop() }
    let head = try HTTPClient(port: server.port).send("HEAD", "/executions/\(id)/stream")
    XCTAssertEqual(head.status, 200)
    XCTAssertEqual(head.headers["content-type"], "text/event-stream")
    XCTAssertEqual(head.body, [])
    // Of everything that is streamed: no byte of a body may pass for the next answer.
    for path in ["/executions/\(id)/logs", "/executions/\(id)/results.csv", "/executions"] {
      let answer = try HTTPClient(port: server.port).send("HEAD", path)
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer.body, [], path)
    }
  }

  func test_limits_areShownWithWhatTheyMeasure() throws {
    let fixture = try APIFixture()
    _ = try fixture.call("POST", "/regions", #"{"name":"north"}"#)
    let script = try fixture.call("POST", "/scripts", APIFixture.stepsScript).id()
    let configuration = try fixture.call(
      "POST", "/test-confs",
      """
      {"name":"Limited","scriptId":\(script),"iterations":4,"concurrentClients":1,
       "regions":["north"],"limits":[
        {"metric":"firstReceivedMs","statistic":"p95","op":"<","value":1},
        {"metric":"success","statistic":"count","op":">","value":0}]}
      """
    ).id()
    let id = try fixture.call("POST", "/test-confs/\(configuration)/executions").id()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: 3)
    try fixture.ingester.finish(ExecutionID(id))
    _ = try fixture.call("PATCH", "/executions/\(id)/stop")
    let shown = events(try fixture.call("GET", "/executions/\(id)/stream?events=limit"))
    XCTAssertEqual(shown.map(\.name), ["limit", "limit", "end"])
    let limits = try fixture.call("GET", "/executions/\(id)").object()["limits"]?.arrayValue
    XCTAssertEqual(try shown.dropLast().map { try $0.json() }, limits)
  }
}

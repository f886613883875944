import Foundation
import Shared
import TestSupport
import XCTest

/// `throng watch` and `throng logs -f`, through cuts and to the end.
final class FollowTests: XCTestCase {
  private let execution = """
    {"id":1,"completed":true,"limitBreached":true,"concurrentClients":5,"durationSecs":30}
    """

  private func event(_ id: Int, _ name: String, _ data: String) -> String {
    "id: c\(id)\nevent: \(name)\ndata: \(data)\n\n"
  }

  private func log(_ id: Int, level: String = "Info", system: Bool = true) -> String {
    event(
      id, "log",
      """
      {"id":\(id),"level":"\(level)","msg":"entry \(id)","isSystem":\(system),\
      "loggedAt":"2026-11-25T12:00:0\(id).000Z"}
      """)
  }

  private func interval(_ start: Int, count: Int) -> String {
    event(
      start, "interval",
      """
      {"intervalStart":\(start),"count":\(count),"maxConcurrentClients":5,"metrics":[
      {"metricDef":"connectionCloseMs","metricValueMap":{"p50":4,"p95":12.5,"p99":30}},
      {"metricDef":"failure","metricValue":2}]}
      """.replacing("\n", with: ""))
  }

  private func run(_ stream: PlayedStream, _ arguments: String...) throws -> ChildProcess {
    try ChildProcess(product: "throng", arguments + ["--server", stream.url])
  }

  func test_logs_areToldOnceThroughCuts() throws {
    let stream = try PlayedStream(
      [
        .init(text: "retry: 100\n\n" + log(1) + log(2) + "id: c9\nevent: log\ndata: {\"msg"),
        .init(text: ": nothing yet\n\n"),
        .init(text: "", status: "503 Service Unavailable"),
        .init(text: log(3, system: false) + event(4, "end", "{}"), ends: true),
      ], execution: execution)
    let child = try run(stream, "logs", "1", "-f")
    XCTAssertEqual(try child.waitForExit(), 0, child.errors)
    XCTAssertEqual(
      child.output,
      (1...3).map { "2026-11-25T12:00:0\($0).000Z INFO entry \($0)\n" }.joined())
    let requests = stream.streamRequests
    XCTAssertEqual(requests.count, 4)
    XCTAssert(requests[0].contains("/executions/1/stream?events=log%2Cstate "), requests[0])
    XCTAssertFalse(requests[0].contains("Last-Event-ID"), requests[0])
    for request in requests.dropFirst() {
      XCTAssert(request.contains("\nLast-Event-ID: c2\r\n"), request)
    }
    XCTAssert(child.errors.contains("connection lost: "), child.errors)
    XCTAssert(child.errors.contains("connected again"), child.errors)
  }

  func test_watch_printsALineForEachIntervalAndEndsLikeRun() throws {
    let running =
      #"{"id":1,"running":true,"allocated":true,"startedAt":"2026-11-25T12:00:00.000Z"}"#
    let stream = try PlayedStream(
      [
        .init(
          text: event(1, "state", running) + interval(1_000_000, count: 20)
            + interval(1_000_000, count: 100) + log(1) + log(2, level: "Warning")),
        .init(
          text: interval(1_010_000, count: 50) + event(3, "state", execution)
            + event(4, "end", "{}"), ends: true),
      ], execution: execution)
    let child = try run(stream, "watch", "1")
    XCTAssertEqual(try child.waitForExit(), 99, child.errors)
    let lines = child.output.split(separator: "\n").map(String.init)
    XCTAssertEqual(
      Array(lines.prefix(5)),
      [
        "execution 1 running", "2026-11-25T12:00:02.000Z WARNING entry 2",
        "1970-01-01T00:16:40.000Z  clients 5  10 req/s  requests 100  errors 2  p50 4ms  "
          + "p95 12.5ms  p99 30ms",
        "execution 1 breached",
        "1970-01-01T00:16:50.000Z  clients 5  5 req/s  requests 50  errors 2  p50 4ms  "
          + "p95 12.5ms  p99 30ms",
      ])
    XCTAssertFalse(child.output.contains("\u{1b}"), child.output)
  }

  func test_watchOfWhatIsOver_endsAtOnce() throws {
    let stream = try PlayedStream([], execution: execution)
    let child = try run(stream, "watch", "1", "--json")
    XCTAssertEqual(try child.waitForExit(), 99, child.errors)
    XCTAssertEqual(child.output, "")
    XCTAssertEqual(stream.streamRequests.count, 1)
  }

  func test_interrupt_leavesTheWatchAndNotTheTest() throws {
    let remote = try RemoteCluster()
    let id = try remote.line("start", try remote.steps(sleepMs: 5), "-u", "2", "-d", "10m")
    try remote.execution(id).waitUntilCount(1)
    let watch = try remote.begin(["watch", id])
    try watch.waitForLine(containing: "execution \(id) running")
    watch.send(signal: SIGINT)
    XCTAssertEqual(try watch.waitForExit(), 130)
    XCTAssert(watch.errors.contains("throng stop \(id) stops it"), watch.errors)
    XCTAssertEqual(try remote.json("show", id)["completed"]?.boolValue, false)
    try remote.throng("stop", id, "--wait")
  }

  func test_following_seesAllOfALiveExecution() throws {
    let remote = try RemoteCluster()
    let id = try remote.line("start", try remote.steps(sleepMs: 5), "-u", "2", "-d", "10m")
    let logs = try remote.begin(["logs", id, "-f"])
    let events = try remote.begin(["watch", id, "--json"])
    try remote.execution(id).waitUntilCount(10)
    try logs.waitForLine(containing: "Testing is underway")
    try remote.throng("stop", id, "--wait")
    XCTAssertEqual(try logs.waitForExit(), 0, logs.errors)
    XCTAssertEqual(logs.output, try remote.execution(id).log())
    XCTAssertEqual(try events.waitForExit(), 105, events.errors)
    let kinds = try events.output.split(separator: "\n").map {
      try JSONValue.parse(text: String($0))["event"]?.stringValue ?? ""
    }
    XCTAssertEqual(kinds.last, "end")
    XCTAssert(Set(kinds).isSuperset(of: ["state", "interval", "log"]), "\(kinds)")
  }

  func test_interrupt_leavesTheWatchOfAScript() throws {
    let remote = try RemoteCluster()
    let url = "\(remote.nginx.url)/json"
    try remote.directory.write(
      "load.js", "module.exports = async () => { await http.get('\(url)') }")
    let start = try remote.begin(["start", "load.js", "-u", "1", "-d", "10m", "--watch"])
    try start.waitForLine(containing: "execution 1 running")
    start.send(signal: SIGTERM)
    XCTAssertEqual(try start.waitForExit(), 130)
    XCTAssert(start.errors.contains("throng stop 1 stops it"), start.errors)
    try remote.throng("stop", "1", "--wait")
  }

  func test_terminalsThatCannotMove_getLines() throws {
    let stream = try PlayedStream(
      [
        .init(text: event(1, "state", execution) + event(2, "end", "{}"), ends: true)
      ], execution: execution)
    let throng = ChildProcess.productsDirectory + "/throng"
    let script = try ChildProcess(
      executable: try ChildProcess.find("script"),
      ["-qec", "exec '\(throng)' watch 1 --server \(stream.url)", "/dev/null"],
      environment: ["TERM": "dumb"])
    XCTAssertEqual(try script.waitForExit(), 99, script.output)
    XCTAssert(script.output.contains("execution 1 breached"), script.output)
    XCTAssertFalse(script.output.contains("\u{1b}"), script.output)
  }

  func test_terminal_isPaintedInPlace() throws {
    let running =
      #"{"id":1,"allocated":true,"concurrentClients":5,"durationSecs":30,"#
      + #""startedAt":"2026-11-25T12:00:00.000Z"}"#
    let stream = try PlayedStream(
      [
        .init(
          text: event(1, "state", running) + interval(1_000_000, count: 100)
            + log(1, level: "Error", system: false) + event(4, "end", "{}"), ends: true)
      ], execution: execution)
    let throng = ChildProcess.productsDirectory + "/throng"
    // A terminal of its own, 60 columns wide.
    let script = try ChildProcess(
      executable: try ChildProcess.find("script"),
      [
        "-qec", "stty cols 60; exec '\(throng)' watch 1 --server \(stream.url)", "/dev/null",
      ], environment: ["TERM": "xterm", "NO_COLOR": ""])
    XCTAssertEqual(try script.waitForExit(), 99, script.output)
    XCTAssert(script.output.contains("\u{1b}[J"), script.output)
    for words in ["requests   100", "p95 12.5ms", "entry 1", "\u{1b}[31m", "clients    5 of 5"] {
      XCTAssert(script.output.contains(words), "\(words) is missing in \(script.output)")
    }
  }
}

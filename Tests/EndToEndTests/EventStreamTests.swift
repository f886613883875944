import Foundation
import Shared
import TestSupport
import XCTest

/// Following a test through its stream of events, over real sockets.
final class EventStreamTests: XCTestCase {
  private func talkative(_ cluster: Cluster, seconds: Int) throws -> Execution {
    try cluster.start(
      code: """
        module.exports = async () => {
          log.info(`client ${vu.index} iteration ${vu.iteration}`);
          await http.get('\(cluster.nginx.url)/json');
          await sleep(0.05);
        };
        """, regions: [("eu-west", 6), ("us-east", 3)],
      """
      "durationSecs":\(seconds),
      "limits":[{"metric":"success","statistic":"count","op":">","value":10}]
      """)
  }

  func test_runningTest_isFollowedAcrossCuts_withEveryEntryOnce() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try talkative(cluster, seconds: 5)
    let port = cluster.coordinator.httpPort
    let path = "/executions/\(execution.id)/stream"
    var seen: [ServerSentEvent] = []
    var connections = 0
    var latencies: [Double] = []
    while seen.last?.name != "end" {
      let client = try EventStreamClient(port: port, path, lastEventID: seen.last?.id)
      XCTAssertEqual(client.status, 200)
      XCTAssertEqual(client.headers["content-type"], "text/event-stream")
      connections += 1
      // Cut at another place each time.
      for _ in 0..<(3 + connections * 7) {
        guard let event = try client.next() else { break }
        seen.append(event)
        if event.name == "log", let text = try event.json()["createdAt"]?.stringValue,
          let created = Self.seconds(text)
        {
          latencies.append(Double(Clock.wallMicros()) / 1e6 - created)
        }
      }
      XCTAssertEqual(client.parser.retry, 1_000)
      client.cut()
    }
    XCTAssertGreaterThan(connections, 4)
    let named = Dictionary(grouping: seen, by: \.name)
    let logs = try XCTUnwrap(try execution.get("/logs")["logs"]?.arrayValue)
    XCTAssertGreaterThan(logs.count, 100)
    XCTAssertEqual(try named["log"]?.map { try $0.json() }, logs)
    // What was read as it came, not on a connection that had to catch up.
    XCTAssertLessThan(try XCTUnwrap(latencies.sorted().dropLast(latencies.count / 10).last), 0.5)

    let state = try XCTUnwrap(try named["state"]?.last?.json())
    XCTAssertEqual(
      state,
      try execution.get("?down=false&up=false&includeScript=false&includeSummary=false"))
    for interval in try XCTUnwrap(execution.get("/intervals").arrayValue) {
      let last = try named["interval"]?.last {
        try $0.json()["intervalStart"] == interval["intervalStart"]
      }
      XCTAssertEqual(try last?.json(), interval)
    }
    let regions = try XCTUnwrap(execution.get()["regions"]?.arrayValue)
    for chunk in regions.flatMap({ $0["chunks"]?.arrayValue ?? [] }) {
      let last = try named["chunk"]?.last { try $0.json()["id"] == chunk["id"] }
      XCTAssertEqual(try last?.json()["completedIterations"], chunk["completedIterations"])
      XCTAssertEqual(try last?.json()["completed"], .bool(true))
    }
    XCTAssertEqual(try named["limit"]?.last?.json(), try execution.get()["limits"]?[0])
    let after = try EventStreamClient(port: port, path, lastEventID: seen.last?.id)
    XCTAssertEqual(after.status, 204)
  }

  private static func seconds(_ text: String) -> Double? {
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return format.date(from: text)?.timeIntervalSince1970
  }

  func test_intervals_areSentAtMostOnceASecond() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try talkative(cluster, seconds: 4)
    let client = try EventStreamClient(
      port: cluster.coordinator.httpPort,
      "/executions/\(execution.id)/stream?events=interval,state")
    var sentAt: [String: Double] = [:]
    var intervals = 0
    while let event = try client.next() {
      guard event.name == "interval" else { continue }
      intervals += 1
      let now = Double(Clock.monotonicNanos()) / 1e9
      let start = try XCTUnwrap(try event.json()["intervalStart"]?.text)
      if let before = sentAt[start] { XCTAssertGreaterThan(now - before, 0.9) }
      sentAt[start] = now
    }
    XCTAssertTrue(client.endedCleanly)
    XCTAssertGreaterThanOrEqual(intervals, 4)
  }

  func test_curl_readsAFinishedTest() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(steps: cluster.get("/json"), "\"iterations\":5")
    try execution.waitUntilCompleted()
    let url = "http://127.0.0.1:\(cluster.coordinator.httpPort)/executions/\(execution.id)/stream"
    let text = try ChildProcess.run("curl", ["-sS", "--fail", "--max-time", "20", "-N", url])
    let events = ServerSentEventParser.events(text)
    XCTAssertEqual(events.first?.name, "state")
    XCTAssertEqual(events.last?.name, "end")
    XCTAssertEqual(
      events.count { $0.name == "log" }, try execution.get("/logs")["size"]?.intValue)
  }

  func test_shutdown_endsOpenStreams() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/json") + #",{"sleepMs":20}"#, "\"durationSecs\":600")
    try execution.waitUntilRunning()
    let finished = try cluster.start(steps: cluster.get("/json"), "\"iterations\":1")
    let clients = try (0..<30).map { index in
      try EventStreamClient(
        port: cluster.coordinator.httpPort,
        "/executions/\(index % 2 == 0 ? execution.id : finished.id)/stream?events=state,log")
    }
    for client in clients { XCTAssertNotNil(try client.next()) }
    XCTAssertEqual(try cluster.coordinator.process.terminate(), 0)
    for client in clients {
      _ = try client.rest()
      XCTAssertTrue(client.endedCleanly)
    }
  }
}

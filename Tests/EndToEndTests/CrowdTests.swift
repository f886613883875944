import Foundation
import Shared
import TestSupport
import XCTest

/// One client cannot take the rest down: crowds of them, over real sockets and processes.
final class CrowdTests: XCTestCase {
  /// The slowest of `times` answers, in milliseconds.
  private func slowest(times: Int, _ body: () throws -> Void) rethrows -> Double {
    var most = 0.0
    for _ in 0..<times {
      let began = Clock.monotonicNanos()
      try body()
      most = max(most, Double(Clock.monotonicNanos() - began) / 1e6)
    }
    return most
  }

  /// Idle and half-open connections from several addresses, as many as a test may open.
  private func crowd(_ port: UInt16, text: String?) throws -> [TCPStream] {
    var crowd: [TCPStream] = []
    for number in 0..<1_400 {
      let stream = try TCPStream(port: port, from: UInt8(2 + number % 7))
      // One that was closed to make room may refuse it.
      if let text { try? stream.write(text) }
      crowd.append(stream)
    }
    return crowd
  }

  /// What begins a test of a `Code` script.
  private func start(_ script: String) -> String {
    JSONValue.object([
      "script": .object(["scriptType": .string("Code"), "content": .string(script)]),
      "regions": .array([.string("eu-west")]),
    ]).text
  }

  func test_crowdsOfHalfOpenConnections_keepNobodyOut() throws {
    DescriptorLimit.raise()
    let coordinator = try CoordinatorProcess()
    let agent = try AgentProcess(port: coordinator.agentPort, region: "eu-west", name: "a")
    for (port, text) in [
      (coordinator.httpPort, "GET /healthz HTTP/1.1\r\nHo"), (coordinator.httpPort, nil),
      (coordinator.agentPort, "{\"type\":\"jo"), (coordinator.agentPort, nil),
    ] {
      let crowd = try crowd(port, text: text)
      let millis = try slowest(times: 20) {
        XCTAssertEqual(try coordinator.http.get("/healthz").status, 200)
        XCTAssertEqual(
          try coordinator.http.send("POST", "/regions", body: #"{"name":"eu-west"}"#).status / 100,
          4)
      }
      // Not the time that it takes here, but far below what waiting for one of them would.
      XCTAssertLessThan(millis, 1_500)
      withExtendedLifetime(crowd) {}
    }
    let agents = try coordinator.http.get("/agents")
    XCTAssertTrue(agents.text.contains(#""state":"connected""#), agents.text)
    withExtendedLifetime(agent) {}
  }

  func test_slowCompilations_delayNothingElse() throws {
    let coordinator = try CoordinatorProcess()
    _ = try coordinator.http.send("POST", "/regions", body: #"{"name":"eu-west"}"#)
    // Loads for as long as it may.
    let script = "let i = 0; while (true) i += 1; export default function () {}"
    let body = start(script)
    let streams = try (0..<20).map { _ in
      let stream = try TCPStream(port: coordinator.httpPort)
      try stream.write(
        "POST /start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      return stream
    }
    let millis = try slowest(times: 50) {
      XCTAssertEqual(try coordinator.http.get("/healthz").status, 200)
      XCTAssertEqual(try coordinator.http.get("/agents").status, 200)
    }
    XCTAssertLessThan(millis, 2_000)
    // The first of them is told why.
    let answer = try streams[0].readLine()
    XCTAssertTrue(answer?.contains("422") ?? false, answer ?? "nothing")
    withExtendedLifetime(streams) {}
  }

  func test_scriptsThatTakeGigabytes_areRefused_andNothingElseIsTouched() throws {
    let coordinator = try CoordinatorProcess()
    _ = try coordinator.http.send("POST", "/regions", body: #"{"name":"eu-west"}"#)
    let pid = coordinator.process.processIdentifier
    _ = try coordinator.http.get("/healthz")
    let before = ProcessMemory.residentBytes(of: pid)
    for source in [
      "const a = 'a'.repeat(50000).replaceAll('a', 'x'.repeat(50000));",
      "const a = new Array(3000).fill('x'.repeat(1000000)).join('y');",
    ] {
      let body = start("\(source) export default function () {}")
      let began = Clock.monotonicNanos()
      let answer = try coordinator.http.send("POST", "/start", body: body)
      XCTAssertEqual(answer.status, 422, answer.text)
      XCTAssertLessThan(Clock.monotonicNanos() - began, 15_000_000_000, source)
      XCTAssertEqual(try coordinator.http.get("/healthz").status, 200)
    }
    XCTAssertLessThan(ProcessMemory.residentBytes(of: pid) - before, 96 << 20)
  }
}

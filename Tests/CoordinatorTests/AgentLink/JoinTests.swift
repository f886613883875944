import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Agents that may not join, over a real socket.
final class JoinTests: XCTestCase {
  func test_regionThatNoConfigurationCouldName_isRefused() throws {
    let fixture = try SharingFixture()
    for region in [
      "", String(repeating: "r", count: 101), "a\nb", "\u{7F}",
    ] {
      let stream = try TCPStream(port: fixture.coordinator.agentAddress.port)
      defer { stream.shutDown() }
      let join = JoinMessage(
        protocol: 1, agentId: UUID().uuidString, bootNo: 1, spoolId: "s", name: "a",
        region: region, labels: [:], capacity: 1, version: "test", resume: [])
      try stream.write(AgentMessage.join(join).encode())
      var line = try XCTUnwrap(try stream.readLine())
      // The coordinator speaks first.
      if case .hello = try CoordinatorMessage.decode(Array(line.utf8)) {
        line = try XCTUnwrap(try stream.readLine())
      }
      guard case .error(let error) = try CoordinatorMessage.decode(Array(line.utf8)) else {
        XCTFail(line)
        continue
      }
      XCTAssertEqual(error.code, "badJoin")
      XCTAssertTrue(error.fatal)
    }
    XCTAssertEqual(try fixture.call("GET", "/regions").text, "[]")
    let longest = String(repeating: "\u{FC}", count: 100)
    _ = try PlayedAgent(fixture.coordinator, region: longest)
    XCTAssertTrue(try fixture.call("GET", "/regions").text.contains(longest))
  }

  func test_namesWithControls_areRefused() throws {
    let fixture = try SharingFixture()
    for (id, name) in [("a\u{1B}", "n"), ("a", "n\u{1B}[2J"), ("a", "\n")] {
      XCTAssertEqual(try refusal(fixture, id: id, name: name).code, "badJoin")
    }
  }

  func test_strangerUnderTheIdOfAnAgent_isRefused_andTheAgentIsNot() throws {
    let fixture = try SharingFixture()
    let agent = try PlayedAgent(fixture.coordinator)
    XCTAssertEqual(try refusal(fixture, id: agent.id, spool: "other").code, "agentInUse")
    agent.send(
      .heartbeat(
        HeartbeatMessage(
          t1: 1, leases: [], health: AgentHealth(loopLagMs: 0, cpu: 0, rss: 0, fds: 0))))
    _ = try agent.next("acknowledgement") { if case .heartbeatAck = $0 { true } else { nil } }
    // The same agent over a new link, whatever we still think of the old one.
    _ = try PlayedAgent(fixture.coordinator, id: agent.id)
  }

  func test_batchOfALeaseThatTheAgentDoesNotHold_isRefused() throws {
    let fixture = try SharingFixture()
    let stranger = try PlayedAgent(fixture.coordinator)
    let key = BatchKey(chunk: ChunkID(7), epoch: 1, seq: 1)
    var line: [UInt8] = []
    _ = ResultBatchCodec.encode(ResultBatch(), key: key, into: &line)
    stranger.send(line: line)
    let nack = try stranger.next("nack") { if case .nack(let nack) = $0 { nack } else { nil } }
    XCTAssertEqual(nack.code, .unknownLease)
    XCTAssertEqual(nack.chunk, ChunkID(7))
  }

  private func refusal(
    _ fixture: SharingFixture, id: String, name: String = "n", spool: String = "s"
  ) throws -> LinkErrorMessage {
    let stream = try TCPStream(port: fixture.coordinator.agentAddress.port)
    defer { stream.shutDown() }
    let join = JoinMessage(
      protocol: 1, agentId: id, bootNo: 1, spoolId: spool, name: name, region: "r", labels: [:],
      capacity: 1, version: "test", resume: [])
    try stream.write(AgentMessage.join(join).encode())
    while let line = try stream.readLine() {
      if case .error(let error) = try CoordinatorMessage.decode(Array(line.utf8)) { return error }
    }
    throw TestFailure("no refusal came")
  }
}

import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Agents that may not join, over a real socket.
final class JoinTests: XCTestCase {
  func test_regionThatNoConfigurationCouldName_isRefused() throws {
    let fixture = try SharingFixture()
    for region in ["", String(repeating: "r", count: 101), "a\nb", "\u{7F}"] {
      let error = try refusal(fixture, id: UUID().uuidString, region: region)
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
    let lease = LeaseKey(chunk: ChunkID(7), epoch: 1)
    stranger.send(line: BatchFactory.line(ResultBatch(), lease, seq: 1))
    let nack = try stranger.next("nack") { if case .nack(let nack) = $0 { nack } else { nil } }
    XCTAssertEqual(nack.code, .unknownLease)
    XCTAssertEqual(nack.chunk, ChunkID(7))
  }

  func test_batchesOfNoLease_areRefusedAfterABound_andTheAgentMayComeAgain() throws {
    let fixture = try SharingFixture()
    let agent = try PlayedAgent(fixture.coordinator)
    let lease = LeaseKey(chunk: ChunkID(7), epoch: 1)
    let line = BatchFactory.line(ResultBatch(), lease, seq: 1)
    for _ in 0..<Limits.strayBatchesMax { agent.send(line: line) }
    let error = try agent.next("error") { if case .error(let error) = $0 { error } else { nil } }
    XCTAssertEqual(error.code, "unknownLease")
    XCTAssertTrue(error.fatal)
    XCTAssertEqual(fixture.coordinator.ingester.queue.depth.lines, 0)
    _ = try PlayedAgent(fixture.coordinator, id: agent.id)
  }

  func test_resultsThatNameNoRun_areErrorsOfTheProtocol() throws {
    for text in [#"{"type":"results",}"#, #"{"type":"results","chunk":"x","epoch":[],"seq":1}"#] {
      let fixture = try SharingFixture()
      let agent = try PlayedAgent(fixture.coordinator)
      for _ in 0..<20 { agent.send(line: Array(text.utf8)) }
      let fatal = try agent.next("end") {
        if case .error(let error) = $0, error.fatal { error } else { nil }
      }
      XCTAssertEqual(fatal.code, "malformed")
      XCTAssertEqual(fixture.coordinator.ingester.queue.depth.lines, 0)
    }
  }

  func test_batchesOfNoLease_areForgiven_onceOneIsTaken() throws {
    let fixture = try SharingFixture()
    try fixture.run(clients: [1])
    let (agent, lease) = (fixture.agents[0], fixture.leases[0])
    let held = LeaseKey(chunk: lease.chunk, epoch: lease.epoch)
    let other = LeaseKey(chunk: ChunkID(lease.chunk.rawValue + 1), epoch: 1)
    let stray = BatchFactory.line(ResultBatch(), other, seq: 1)
    for seq in 1...3 {
      for _ in 0..<Limits.strayBatchesMax / 2 { agent.send(line: stray) }
      agent.send(line: BatchFactory.line(ResultBatch(), held, seq: seq))
      _ = try agent.next("acknowledgement") {
        if case .ack(let ack) = $0, ack.upTo == seq { true } else { nil }
      }
    }
  }

  private func refusal(
    _ fixture: SharingFixture, id: String, name: String = "n", spool: String = "s",
    region: String = "r"
  ) throws -> LinkErrorMessage {
    let stream = try TCPStream(port: fixture.coordinator.agentAddress.port)
    defer { stream.shutDown() }
    let join = JoinMessage(
      protocol: 1, agentId: id, bootNo: 1, spoolId: spool, name: name, region: region, labels: [:],
      capacity: 1, version: "test", resume: [])
    try stream.write(AgentMessage.join(join).encode())
    while let line = try stream.readLine() {
      switch try CoordinatorMessage.decode(Array(line.utf8)) {
      case .error(let error): return error
      // The coordinator speaks first.
      case .hello: continue
      default: throw TestFailure("no refusal: \(line)")
      }
    }
    throw TestFailure("no refusal came")
  }
}

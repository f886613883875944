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
}

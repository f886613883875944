import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// What an agent finds in its state directory.
final class AgentIdentityTests: XCTestCase {
  func test_identity_isTheSameAfterARestart_andStartsAreCounted() throws {
    let directory = try TemporaryDirectory()
    let first = try Seen(directory)
    let second = try Seen(directory)
    XCTAssertEqual(first.agent, second.agent)
    XCTAssertEqual(first.spool, second.spool)
    XCTAssertEqual([first.boot, second.boot], [1, 2])
  }

  func test_whateverTheFilesHold_theAgentStarts() throws {
    let extremes = [
      "", "0", "-1", "2147483648", "-2147483648", "9007199254740992", "9223372036854775807",
      "-9223372036854775808", "9223372036854775808", "1e300", "NaN", "Infinity", "\u{1B}[2J",
      String(repeating: "9", count: 100_000),
    ]
    for text in extremes {
      let directory = try TemporaryDirectory()
      for name in ["agent-id", "spool-id", "boot-no"] { _ = try directory.write(name, text) }
      let seen = try Seen(directory)
      XCTAssertNotNil(UUID(uuidString: seen.agent), text)
      XCTAssertNotNil(UUID(uuidString: seen.spool), text)
      XCTAssertTrue((1...Limits.wholeNumberMax).contains(seen.boot), text)
    }
    let directory = try TemporaryDirectory()
    try Data([0xFF, 0xFE, 0]).write(to: URL(fileURLWithPath: directory.file("boot-no")))
    XCTAssertEqual(try Seen(directory).boot, 1)
  }

  func test_files_areReadableByTheirOwnerAlone() throws {
    let directory = try TemporaryDirectory()
    _ = try Seen(directory)
    for name in ["agent-id", "spool-id", "boot-no"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
      XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600, name)
    }
  }

  func test_directoryOfARunningAgent_isRefused() throws {
    let directory = try TemporaryDirectory()
    let identity = try AgentIdentity(directory: directory.path)
    XCTAssertThrowsError(try AgentIdentity(directory: directory.path)) {
      XCTAssertTrue($0 is StateDirectoryInUse, "\($0)")
    }
    XCTAssertEqual(identity.bootNo, 1)
  }

  /// What one start of an agent found; the directory is free again afterwards.
  private struct Seen {
    var agent: String
    var spool: String
    var boot: Int64

    init(_ directory: TemporaryDirectory) throws {
      let identity = try AgentIdentity(directory: directory.path)
      (agent, spool, boot) = (identity.agentId, identity.spoolId, identity.bootNo)
    }
  }
}

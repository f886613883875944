import XCTest

/// The scripts and units that operators meet first.
final class DeployTests: XCTestCase {
  private static let commands = [
    "deploy/quickstart", "deploy/test", "deploy/install", "deploy/bench",
    "deploy/lib/verify-units", ".ci/run",
  ]

  func test_scripts_areExecutableAndStopAtTheFirstError() throws {
    for path in Self.commands {
      let file = SourceTree.root.appending(path: path).path
      XCTAssert(FileManager.default.isExecutableFile(atPath: file), "\(path) is not executable")
      let text = try SourceTree.text(path)
      XCTAssert(text.hasPrefix("#!/usr/bin/env bash\n"), "\(path) does not name its shell")
      XCTAssert(text.contains("\nset -euo pipefail\n"), "\(path) goes on after errors")
    }
  }

  func test_units_areServicesThatSystemdWatches() throws {
    for path in ["throng-coordinator.service", "throng-agent@.service"] {
      let text = try SourceTree.text("deploy/systemd/\(path)")
      for setting in [
        "Type=notify", "WatchdogSec=", "Restart=always", "StateDirectory=", "EnvironmentFile=-",
        "LimitNOFILE=1048576", "TimeoutStopSec=30s",
      ] {
        XCTAssert(text.contains("\n\(setting)"), "\(path) lacks \(setting)")
      }
    }
  }

  func test_units_areAcceptedBySystemd() throws {
    let process = Process()
    process.executableURL = SourceTree.root.appending(path: "deploy/lib/verify-units")
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0, text)
  }
}

import Foundation
import TestSupport
import XCTest

/// SIGTERM in the middle of a test: everything that was requested is stored, within 20 s.
final class DrainTests: XCTestCase {
  func test_agentDrains_uploadsEverything() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"durationSecs\":600,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(20)
    XCTAssertEqual(try cluster.agents[0].process.terminate(seconds: 20), 0)
    try execution.waitUntilCompleted()
    try Accounting(execution, cluster).check()
  }

  func test_coordinatorDrains_commitsEverything_andServesItAgain() throws {
    let directory = try TemporaryDirectory()
    let cluster = try Cluster(dataDirectory: directory.file("data"))
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"durationSecs\":600,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(20)
    XCTAssertEqual(try cluster.coordinator.process.terminate(seconds: 20), 0)
    XCTAssertEqual(try cluster.agents[0].process.terminate(seconds: 20), 0)
    let again = try CoordinatorProcess(dataDirectory: directory.file("data"))
    let stored = Execution(id: execution.id, coordinator: again)
    XCTAssertEqual(try stored.get()["completed"]?.boolValue, true)
    try Accounting(stored, cluster).check()
  }

  func test_coordinatorKilled_keepsWhatWasCommitted() throws {
    let directory = try TemporaryDirectory()
    let cluster = try Cluster(dataDirectory: directory.file("data"))
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"durationSecs\":600,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(20)
    cluster.coordinator.process.send(signal: SIGKILL)
    XCTAssertEqual(try cluster.coordinator.process.waitForExit(), 128 + SIGKILL)
    let again = try CoordinatorProcess(dataDirectory: directory.file("data"))
    let stored = Execution(id: execution.id, coordinator: again)
    let record = try stored.get()
    XCTAssertEqual(record["completed"]?.boolValue, true)
    XCTAssertNotNil(record["failure"]?.stringValue)
    XCTAssertGreaterThanOrEqual(try stored.count(), 20)
    XCTAssertEqual(try stored.results().rows.count, try stored.count())
    XCTAssert(try stored.log().contains("ERROR The coordinator was restarted"))
  }
}

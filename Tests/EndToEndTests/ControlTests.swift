import Foundation
import Shared
import TestSupport
import XCTest

/// What operators do to running executions; nothing gets lost by it.
final class ControlTests: XCTestCase {
  func test_stopInTheMiddle_keepsWhatWasRequested() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/json") + "," + cluster.get("/slow"),
      regions: [("eu-west", 5), ("us-east", 2)], "\"durationSecs\":600")
    try execution.waitUntilCount(7)
    let began = Clock.monotonicNanos()
    try execution.send("PATCH", "/stop")
    let record = try execution.waitUntilCompleted()
    // Running iterations may end: at most the two seconds that /slow takes, with room.
    XCTAssertLessThan(Double(Clock.monotonicNanos() - began) / 1e9, 9)
    XCTAssertEqual(record["cancelledByUser"]?.boolValue, true)
    XCTAssertEqual(record["running"]?.boolValue, false)
    try Accounting(execution, cluster).check()
    XCTAssert(try execution.log().contains("INFO Test completed"))
    try execution.send("PATCH", "/stop", expect: 409)
  }

  func test_extensionFrom5To9Iterations_runsExactlyNinePerClient() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 5), ("us-east", 2)],
      "\"iterations\":5,\"iterationSleepSecs\":0.5")
    try execution.waitUntilCount(8)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":9}")
    let record = try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 7 * 9)
    XCTAssertEqual(record["iterations"]?.intValue, 9)
    XCTAssertEqual(record["expectedResultCount"]?.intValue, 63)
    let iterations = try accounting.iterationsPerClient()
    XCTAssertEqual(iterations.count, 7)
    XCTAssert(iterations.values.allSatisfy { $0 == Set(0..<9) }, "\(iterations)")
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":12}", expect: 409)
  }

  func test_extensionWhileSomeClientsHaveEnded_resumesThem() throws {
    let cluster = try Cluster()
    // The first client is through long before the last one has begun.
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"iterations\":2,\"rampupSecs\":4")
    try execution.waitUntilCount(2)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":6}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let iterations = try accounting.iterationsPerClient()
    XCTAssertEqual(iterations.count, 4)
    XCTAssert(iterations.values.allSatisfy { $0 == Set(0..<6) }, "\(iterations)")
  }

  func test_shortening_endsAfterTheRunningIteration() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 5), ("us-east", 2)],
      "\"iterations\":500,\"iterationSleepSecs\":0.2")
    try execution.waitUntilCount(14)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":5}")
    let record = try execution.waitUntilCompleted()
    XCTAssertEqual(record["cancelledByUser"]?.boolValue, false)
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    for (client, done) in try accounting.iterationsPerClient() {
      XCTAssertEqual(done, Set(0..<done.count), "client \(client) left one out")
      XCTAssert((5...20).contains(done.count), "client \(client) ran \(done.count)")
    }
  }

  func test_duration_canBeExtended() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"durationSecs\":2,\"iterationSleepSecs\":0.05")
    try execution.waitUntilCount(4)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":9}", expect: 422)
    try execution.send("POST", "/live-extension", body: "{\"newDuration\":4}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let starts = accounting.log.map(\.startTime).sorted()
    XCTAssertEqual(starts[starts.count - 1] - starts[0], 4, accuracy: 0.4)
  }

  func test_manualStart_waitsForIt() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"iterations\":2,\"manualStart\":true")
    try cluster.coordinator.process.waitForLine(
      containing: "Waiting for the manual start execution=\(execution.id)", in: .errors)
    try Poll.until("allocated") { try execution.get()["allocated"]?.boolValue == true }
    XCTAssertEqual(try execution.get()["running"]?.boolValue, false)
    XCTAssertEqual(try execution.count(), 0)
    try execution.send("PUT", "/manual-start")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 8)
  }

  func test_delete_needsCompletion() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(steps: cluster.get("/"), "\"durationSecs\":600")
    try execution.waitUntilCount(1)
    try execution.send("DELETE", "", expect: 409)
    try execution.send("PATCH", "/stop")
    try execution.waitUntilCompleted()
    XCTAssertEqual(try execution.send("DELETE", "")["id"]?.intValue, execution.id)
    XCTAssertEqual(try cluster.http.send("HEAD", "/executions/\(execution.id)").status, 404)
    XCTAssertEqual(try cluster.http.get("/executions/\(execution.id)/results.csv").status, 404)
  }

  func test_stoppedWhileItWaits_isOverWithItsRegions() throws {
    let cluster = try Cluster([.init("eu-west", "small", capacity: 2)])
    let execution = try cluster.start(steps: cluster.get("/"), "\"iterations\":3")
    try cluster.coordinator.process.waitForLine(
      containing: "Waiting for agents in eu-west", in: .errors)
    XCTAssertEqual(
      try execution.send("POST", "/send-event", body: #"{"name":"x"}"#, expect: 409)["detail"],
      .string("No clients of execution \(execution.id) run"))
    try execution.send("PATCH", "/stop")
    let record = try execution.waitUntilCompleted()
    let region = try XCTUnwrap(record["regions"]?.arrayValue?.first)
    XCTAssertEqual(region["completed"]?.boolValue, true)
    XCTAssertNotNil(region["finishedAt"])
    XCTAssertNil(region["startedAt"])
  }

  func test_clients_showHoweverShortTheTest() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 5), ("us-east", 2)], "\"iterations\":1")
    try execution.waitUntilCompleted()
    let intervals = try XCTUnwrap(execution.get("/intervals").arrayValue)
    for interval in intervals where interval["count"]?.intValue ?? 0 > 0 {
      XCTAssertGreaterThan(interval["maxConcurrentClients"]?.intValue ?? 0, 0)
    }
    let most = try XCTUnwrap(execution.get("/summary")["maxConcurrentClients"]?.intValue)
    XCTAssertTrue((2...7).contains(most), "\(most)")
    let samples = try execution.get("/metric?name=memory")["metricValueMap"]?["count"]?.intValue
    XCTAssertGreaterThanOrEqual(samples ?? 0, 3, "a sample of each agent")
  }

  func test_regionWithoutRoom_waitsForAnAgent() throws {
    let cluster = try Cluster([.init("eu-west", "small", capacity: 2)])
    let execution = try cluster.start(steps: cluster.get("/"), "\"iterations\":3")
    try cluster.coordinator.process.waitForLine(
      containing: "Waiting for agents in eu-west", in: .errors)
    let second = try AgentProcess(
      port: cluster.coordinator.agentPort, region: "eu-west", name: "second", capacity: 2)
    try execution.waitUntilCompleted()
    withExtendedLifetime(second) {}
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 12)
  }
}

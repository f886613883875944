import Foundation
import TestSupport
import XCTest

/// Every request in nginx's log is a result, and every result is in the log.
final class AccountingTests: XCTestCase {
  func test_oneRegion_everyRequestIsAccountedFor() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(steps: cluster.get("/"), "\"iterations\":50")
    let record = try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 200)
    XCTAssertEqual(accounting.summary["iterationsExecuted"]?.intValue, 200)
    XCTAssertNil(record["failure"])
    // One connection per client, kept alive over all iterations.
    XCTAssertEqual(Set(accounting.log.map(\.connection)).count, 4)
    XCTAssertEqual(Set(try accounting.results.column("connectionId")).count, 4)
    XCTAssert(accounting.log.allSatisfy { $0.userAgent.hasPrefix("throng/") })
  }

  func test_twoRegionsOnThreeAgents_everyRequestIsAccountedFor() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/json"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"durationSecs\":3,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(Set(try accounting.results.column("agentId")).count, 3)
    XCTAssertEqual(Set(try accounting.results.column("chunkId")).count, 3)
    XCTAssertEqual(Set(try accounting.results.column("region")), ["eu-west", "us-east"])
    XCTAssertEqual(
      Set(try accounting.results.numbers("client")), Set((0..<9).map(Double.init)))
  }

  func test_agents_beginWithin50MsOfEachOther() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)], "\"iterations\":1")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let starts = accounting.log.map(\.startTime).sorted()
    XCTAssertEqual(starts.count, 9)
    XCTAssertLessThan(starts[8] - starts[0], 0.05)
  }

  func test_severalRequestsPerIteration_areAllAccountedFor() throws {
    let cluster = try Cluster()
    let steps = [
      cluster.get("/", name: "page"), cluster.get("/json"),
      "{\"repeat\":3,\"steps\":[\(cluster.get("/status/404"))]}",
      "{\"sleepMs\":{\"min\":1,\"max\":5}}", cluster.get("/large"),
    ]
    let execution = try cluster.start(steps: steps.joined(separator: ","), "\"iterations\":10")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 4 * 10 * 6)
    let perIteration = try accounting.perIteration()
    XCTAssertEqual(perIteration.count, 40)
    XCTAssert(perIteration.values.allSatisfy { $0 == 6 })
    XCTAssertEqual(accounting.metric("failure")?["metricValue"]?.intValue, 120)
    XCTAssertEqual(Accounting.tally(try accounting.results.column("resource"))["page"], 40)
  }

  func test_rampUp_isSpreadEvenlyOverTheClientsOfAllAgents() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 6)],
      "\"iterations\":3,\"iterationSleepSecs\":0.05,\"rampupSecs\":2.4")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let firsts = Dictionary(grouping: accounting.log, by: \.connection).values
      .map { $0.map(\.startTime).min() ?? 0 }.sorted()
    XCTAssertEqual(firsts.count, 12)
    for (index, start) in firsts.enumerated() {
      XCTAssertEqual(start - firsts[0], Double(index) * 0.2, accuracy: 0.1, "client \(index)")
    }
  }
}

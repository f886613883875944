import Foundation
import Shared
import TestSupport
import XCTest

/// Events for running virtual users, from the REST API to what they request.
final class SendEventTests: XCTestCase {
  private static let wait = #"{"waitForEvent":"load","timeoutMs":30000}"#

  private func follow(_ cluster: Cluster) -> String {
    cluster.get("/json?page=${event.page}", name: "GET /json")
  }

  private func pages(_ accounting: Accounting, _ page: Int) -> [AccessLogEntry] {
    accounting.log.filter { $0.uri == "/json?page=\(page)" }
  }

  func test_event_reachesEveryClientOnce_within250Milliseconds() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/") + "," + Self.wait + "," + follow(cluster),
      regions: [("eu-west", 6), ("us-east", 3)], "\"iterations\":1")
    try execution.waitUntilCount(9)
    let sent = Double(Clock.wallMicros()) / 1e6
    try execution.send(
      "POST", "/send-event", body: #"{"name":"load","contents":{"page":7}}"#)
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let followed = pages(accounting, 7)
    XCTAssertEqual(followed.count, 9)
    let latest = try XCTUnwrap(followed.map(\.startTime).max())
    XCTAssertLessThan(latest - sent, 0.25)
    try execution.send("POST", "/send-event", body: #"{"name":"load"}"#, expect: 409)
  }

  func test_eventWhileLinksAreDown_comesOnceAfterwards() throws {
    var proxies: [FaultProxy] = []
    let cluster = try Cluster(Cluster.threeAgents) { port in
      proxies.append(try FaultProxy(to: port))
      return proxies[0].port
    }
    let execution = try cluster.start(
      steps: [cluster.get("/"), Self.wait, follow(cluster), Self.wait, follow(cluster)]
        .joined(separator: ","),
      regions: [("eu-west", 6), ("us-east", 3)], "\"iterations\":1")
    try execution.waitUntilCount(9)
    try execution.send(
      "POST", "/send-event", body: #"{"name":"load","contents":{"page":1}}"#)
    try execution.waitUntilCount(18)
    try proxies[0].cut(refusing: true)
    try Poll.until("agents were refused") { try proxies[0].refusals() >= 3 }
    try execution.send(
      "POST", "/send-event", body: #"{"name":"load","contents":{"page":2}}"#)
    try proxies[0].restore()
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(pages(accounting, 1).count, 9)
    XCTAssertEqual(pages(accounting, 2).count, 9)
  }

  func test_eventThatDoesNotCome_failsTheIteration() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: #"{"waitForEvent":"load","timeoutMs":50},"# + follow(cluster) + ","
        + cluster.get("/"), regions: [("eu-west", 2)], "\"iterations\":2")
    let record = try execution.waitUntilCompleted()
    XCTAssertEqual(record["completed"]?.boolValue, true)
    XCTAssertEqual(try cluster.nginx.accessLog(), [])
  }
}

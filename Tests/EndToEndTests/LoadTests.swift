import Foundation
import Shared
import TestSupport
import XCTest

/// Loads other than so many iterations of each client.
final class LoadTests: XCTestCase {
  func test_sharedIterations_areExactOnThreeAgents_alsoWhenExtended() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"iterationSleepSecs\":0.3,\"load\":{\"model\":\"sharedIterations\",\"iterations\":31}")
    try execution.waitUntilCount(12)
    try execution.send("POST", "/live-extension", body: "{\"newDuration\":9}", expect: 422)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":58}")
    let record = try execution.waitUntilCompleted()
    XCTAssertEqual(record["expectedResultCount"]?.intValue, 58)
    XCTAssertEqual(record["load"]?["iterations"]?.intValue, 58)
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 58)
    // 58 over 9 clients: the first four run one more.
    for (client, done) in Dictionary(
      grouping: zip(
        try accounting.results.numbers("client"), try accounting.results.numbers("iteration")),
      by: \.0)
    {
      XCTAssertEqual(done.count, client < 4 ? 7 : 6, "client \(client)")
    }
  }

  func test_rampingClients_comeAndGoEvenly_whicheverAgentRunsThem() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"iterationSleepSecs\":0.05,\"load\":{\"model\":\"rampingClients\",\"stages\":["
        + "{\"durationSecs\":2.7,\"clients\":9},{\"durationSecs\":1,\"clients\":9},"
        + "{\"durationSecs\":2.7,\"clients\":0}]}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let clients = Dictionary(grouping: accounting.log, by: \.connection).values
    XCTAssertEqual(clients.count, 9)
    let firsts = clients.map { $0.map(\.startTime).min() ?? 0 }.sorted()
    let lasts = clients.map { $0.map(\.startTime).max() ?? 0 }.sorted()
    for index in 0..<9 {
      XCTAssertEqual(firsts[index] - firsts[0], Double(index) * 0.3, accuracy: 0.15, "\(firsts)")
      // The last of those who came goes first.
      let wanted = 3.7 + Double(index) * 0.3
      XCTAssertEqual(lasts[index] - firsts[0], wanted, accuracy: 0.2, "\(lasts)")
    }
  }

  func test_arrivals_ofThreeAgentsTogether_areTheSchedule() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"load\":{\"model\":\"arrivalRate\",\"startRate\":0,\"stages\":["
        + "{\"durationSecs\":2,\"iterationsPerSec\":100},"
        + "{\"durationSecs\":2,\"iterationsPerSec\":100}]}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let dropped = accounting.summary["droppedIterations"]?.intValue ?? 0
    XCTAssertEqual(accounting.log.count + dropped, 300)
    XCTAssertEqual(accounting.metric("droppedIterations")?["metricValue"]?.intValue, dropped)
    XCTAssertEqual(
      accounting.metric("iterationIntendedDurationMs")?["metricValueMap"]?["count"]?.intValue,
      accounting.log.count)
    let starts = accounting.log.map(\.startTime).sorted()
    // Half of a second after its beginning the rate has reached 25, and 6 have begun: ½·50·t².
    for (seconds, count) in [(0.5, 6.25), (1, 25.0), (2, 100), (3, 200)] {
      let found = starts.count { $0 - starts[0] <= seconds }
      XCTAssertEqual(Double(found), count, accuracy: 12 + Double(dropped), "\(seconds) s")
    }
  }

  func test_arrivalsThatNobodyIsFreeFor_areDroppedAndCounted() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/") + "," + cluster.get("/slow"), regions: [("eu-west", 2)],
      "\"load\":{\"model\":\"arrivalRate\",\"maxClients\":2,"
        + "\"stages\":[{\"durationSecs\":2,\"iterationsPerSec\":20}]}")
    try execution.waitUntilCount(1)
    try execution.send("POST", "/live-extension", body: "{\"newDuration\":3}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let dropped = accounting.summary["droppedIterations"]?.intValue ?? 0
    XCTAssertGreaterThan(dropped, 30)
    XCTAssert(try execution.log().contains("\(dropped) iterations were dropped"))
    let iterations = accounting.summary["iterationsExecuted"]?.intValue ?? 0
    XCTAssertEqual(iterations + dropped, 60)
    XCTAssertEqual(accounting.log.count, 2 * iterations)
  }

  /// What `throng run` prints, and the requests that nginx has logged of it.
  private func run(_ flags: String...) throws -> (output: String, requests: Int) {
    let nginx = try NginxServer()
    let run = try ChildProcess(product: "throng", ["run", "\(nginx.url)/"] + flags)
    XCTAssertEqual(try run.waitForExit(), 0, run.errors)
    return (run.output, try nginx.accessLog().count)
  }

  func test_run_hasFlagsForLoads() throws {
    XCTAssertEqual(try run("--shared-iterations", "17", "-u", "5", "-q").requests, 17)
    let ramp = try run("--stage", "300ms:4", "--stage", "200ms:0", "--sleep", "10ms")
    XCTAssert(ramp.output.contains("4 users (local 4), 0.5s"), ramp.output)
    XCTAssertGreaterThan(ramp.requests, 4)
    let rate = try run("--rate", "1200/m", "-d", "2s", "-q")
    let words = rate.output.split { " :\n".contains($0) }
    let dropped = words.firstIndex { $0.hasPrefix("dropped_iterations") }.flatMap {
      Int(words[$0 + 1])
    }
    XCTAssertEqual(rate.requests + (dropped ?? 0), 40, rate.output)
  }

  func test_run_badFlagsForLoads_end104NamingThem() throws {
    let cases: [([String], String)] = [
      (["--rate", "fast"], "--rate"), (["--rate", "5/d"], "--rate"),
      (["--rate", "5/s", "-i", "3"], "--iterations"), (["--stage", "5"], "--stage"),
      (["--stage", "5s:x"], "--stage"), (["--stage", "5s:3", "-d", "3s"], "--duration"),
      (["--shared-iterations", "0"], "--shared-iterations"),
      (["--stage", "5s:3", "--ramp-up", "1s"], "rampupSecs"),
      (["--stage", "5s:30", "-u", "3"], "concurrentClients"),
    ]
    for (flags, name) in cases {
      let run = try ChildProcess(product: "throng", ["run", "http://127.0.0.1:1/"] + flags)
      XCTAssertEqual(try run.waitForExit(), 104, "\(flags): \(run.errors)")
      XCTAssert(run.errors.contains(name), "\(flags): \(run.errors)")
    }
  }
}

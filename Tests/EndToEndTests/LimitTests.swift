import Foundation
import Shared
import TestSupport
import XCTest

/// Pass/fail criteria, from the file or flag that states them to the exit code.
final class LimitTests: XCTestCase {
  func test_breach_stopsTheRun_andEndsIt99() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let run = try ChildProcess(
      product: "throng",
      [
        "run", "\(nginx.url)/json", "-u", "3", "-d", "10m", "--sleep", "50ms",
        "--threshold", "http_reqs:count<20", "--threshold", "http_req_failed:rate<0.5",
        "--stop-on-breach", "--json", directory.file("out.json"),
      ])
    XCTAssertEqual(try run.waitForExit(seconds: 40), 99, run.errors)
    let requests = try nginx.accessLog().count
    let json = try JSONValue.parse(text: directory.read("out.json"))
    XCTAssertEqual(json["summary"]?["count"]?.intValue, requests)
    XCTAssertEqual(json["limitBreached"]?.boolValue, true)
    XCTAssertEqual(json["cancelledByUser"]?.boolValue, false)
    let limits = try XCTUnwrap(json["limits"]?.arrayValue)
    XCTAssertEqual(limits.map { $0["breached"]?.boolValue }, [true, false])
    let measured = try XCTUnwrap(limits[0]["measured"]?.intValue)
    XCTAssertGreaterThanOrEqual(measured, 20)
    XCTAssertLessThanOrEqual(measured, requests)
    XCTAssert(
      run.errors.contains("Limit breached: count of results is \(measured), must be < 20"),
      run.errors)
    XCTAssert(run.output.contains("✗ count<20 count=\(measured)"), run.output)
    XCTAssert(run.output.contains("✓ rate<0.5 rate=0%"), run.output)
  }

  func test_thresholdThatFailsOnlyAtTheEnd_ends99() throws {
    let nginx = try NginxServer()
    let run = try ChildProcess(
      product: "throng",
      [
        "run", "\(nginx.url)/json", "-u", "2", "-i", "5", "-q",
        "--threshold", "http_reqs:count>10",
      ])
    XCTAssertEqual(try run.waitForExit(), 99, run.errors)
    XCTAssert(run.output.contains("✗ count>10 count=10"), run.output)
    XCTAssertEqual(try nginx.accessLog().count, 10)
  }

  func test_thresholdsThatHold_areShownUnderTheirMetrics() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let script = """
      {"steps":[{"request":{"url":"\(nginx.url)/json","name":"Home"},"check":[{"status":200}]},
                {"request":{"url":"\(nginx.url)/status/404"}}]}
      """
    let run = try ChildProcess(
      product: "throng",
      [
        "run", try directory.write("script.json", script), "-u", "2", "-i", "5", "-q",
        "--threshold", "http_req_duration{name:Home}:p(95)<30000",
        "--threshold", "http_reqs{name:Home}:count==10", "--threshold", "checks:rate>0.99",
        "--threshold", "http_req_failed:rate<=0.5", "--threshold", "iterations:count==10",
      ])
    XCTAssertEqual(try run.waitForExit(), 0, run.errors + run.output)
    let lines = run.output.split(separator: "\n").map(String.init)
    let metric = try XCTUnwrap(
      lines.firstIndex { $0.contains("http_req_duration{name:Home}") }, run.output)
    XCTAssert(lines[metric + 1].contains("avg="), run.output)
    XCTAssert(lines[metric + 2].contains("✓ p(95)<30000 p(95)="), run.output)
    for text in [
      "✓ count==10 count=10", "✓ rate>0.99 rate=100%", "✓ rate<=0.5 rate=50%",
    ] {
      XCTAssert(run.output.contains(text), "\(text) is missing in\n\(run.output)")
    }
    XCTAssertFalse(run.output.contains("✗ p("), run.output)
  }

  func test_badThresholds_end104NamingThem() throws {
    for (threshold, name) in [
      ("http_req_duration", "METRIC:EXPR"), ("http_req_duration:count<5", "count<5"),
      ("my_trend:p(95)", "my_trend"), ("http_req_duration{type:API}:avg<5", "{type:API}"),
    ] {
      let run = try ChildProcess(
        product: "throng", ["run", "http://127.0.0.1:1/", "--threshold", threshold])
      XCTAssertEqual(try run.waitForExit(), 104, threshold)
      XCTAssert(run.errors.contains("--threshold"), run.errors)
      XCTAssert(run.errors.contains(name), run.errors)
    }
  }

  func test_breachOverTheAPI_endsTheExecution_andTheLogSaysHowEachLimitStood() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/json", name: "Json") + "," + cluster.get("/status/503"),
      regions: [("eu-west", 5), ("us-east", 2)],
      """
      "durationSecs":600,"iterationSleepSecs":0.1,"limits":[
        {"metric":"failure","statistic":"rate","op":"<","value":0.4,"region":"us-east",
         "afterSecs":1,"stop":true},
        {"metric":"firstReceivedMs","statistic":"p95","op":"<","value":30000,"resource":"Json"},
        {"metric":"results","statistic":"count","op":">","value":1000000}]
      """)
    let record = try execution.waitUntilCompleted()
    XCTAssertEqual(record["limitBreached"]?.boolValue, true)
    XCTAssertEqual(record["cancelledByUser"]?.boolValue, false)
    XCTAssertNil(record["failure"])
    let limits = try XCTUnwrap(record["limits"]?.arrayValue)
    XCTAssertEqual(limits.map { $0["breached"]?.boolValue }, [true, false, true])
    XCTAssertEqual(limits[2]["measured"]?.intValue, record["summary"]?["count"]?.intValue)
    try Accounting(execution, cluster).check()
    let log = try execution.log()
    let lines = log.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1)[1] }
    func index(_ beginning: String) throws -> Int {
      try XCTUnwrap(lines.firstIndex { $0.hasPrefix(beginning) }, "\(beginning): \(log)")
    }
    let breached = try index("ERROR Limit breached: rate of failure in us-east is 0.")
    let stopping = try index("INFO Stopping because of the breached limit")
    let analysing = try index("INFO Analyzing and aggregating results")
    let was = try index("INFO Limit was breached: rate of failure in us-east is 0.")
    let held = try index("INFO Limit held: p95 of firstReceivedMs of Json is ")
    let few = try index("ERROR Limit breached: count of results is ")
    let cleaning = try index("INFO Finished processing results, cleaning up resources")
    XCTAssertEqual(
      [breached, stopping, analysing, was, held, few, cleaning].sorted(),
      [breached, stopping, analysing, was, held, few, cleaning], log)
    XCTAssertEqual(lines.filter { $0.contains("Limit breached: rate") }.count, 1, log)
  }

  func test_coordinatorKilled_judgesByWhatWasCommitted() throws {
    let directory = try TemporaryDirectory()
    let cluster = try Cluster(dataDirectory: directory.file("data"))
    let execution = try cluster.start(
      steps: cluster.get("/json"),
      """
      "durationSecs":600,"iterationSleepSecs":0.05,"limits":[
        {"metric":"results","statistic":"count","op":">","value":1000000},
        {"metric":"failure","statistic":"count","op":"<","value":1}]
      """)
    try execution.waitUntilCount(10)
    cluster.coordinator.process.send(signal: SIGKILL)
    try cluster.coordinator.process.waitForExit()
    let again = try CoordinatorProcess(dataDirectory: directory.file("data"))
    let record = try Execution(id: execution.id, coordinator: again).get()
    XCTAssertEqual(record["limitBreached"]?.boolValue, true)
    let limits = try XCTUnwrap(record["limits"]?.arrayValue)
    XCTAssertEqual(limits.map { $0["breached"]?.boolValue }, [true, false])
    XCTAssertEqual(limits[0]["measured"]?.intValue, record["summary"]?["count"]?.intValue)
    let log = try Execution(id: execution.id, coordinator: again).log()
    XCTAssert(log.contains("ERROR Limit breached: count of results is "), log)
    XCTAssert(log.contains("INFO Limit held: count of failure is 0 (< 1)"), log)
  }
}

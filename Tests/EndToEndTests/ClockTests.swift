import Foundation
import Shared
import TestSupport
import XCTest

@testable import throng

/// The system's clocks are set in the middle of tests.
final class ClockTests: XCTestCase {
  private static let hour = 3_600

  private func millis(_ json: JSONValue, _ name: String) throws -> Int64 {
    try XCTUnwrap(Figures.millis(json[name]), name)
  }

  /// What must hold of a test of four seconds, whatever the clocks did.
  private func check(_ execution: Execution, beganMs: Int64) throws {
    let record = try execution.waitUntilCompleted()
    let (started, finished) = (try millis(record, "startedAt"), try millis(record, "finishedAt"))
    XCTAssert((3_500...20_000).contains(finished - started), "\(finished - started) ms")
    XCTAssertEqual(Double(started - beganMs), 0, accuracy: 20_000)
    XCTAssertGreaterThanOrEqual(try millis(record, "updatedAt"), finished)
    XCTAssertNil(record["failure"]?.stringValue, record.text)
    XCTAssertEqual(record["limitBreached"]?.boolValue, false, record.text)
    let results = try execution.results()
    let times = try results.column("timestamp").map { Figures.millis(.string($0)) ?? 0 }
    XCTAssertGreaterThan(times.count, 40)
    for time in times { XCTAssert((started...finished).contains(time), "\(time - started) ms") }
    let logged = try execution.get("/logs")["logs"]?.arrayValue ?? []
    let loggedAt = try logged.map { try millis($0, "loggedAt") }
    XCTAssertGreaterThan(loggedAt.count, 2)
    for time in loggedAt { XCTAssert((started - 20_000...finished + 20_000).contains(time)) }
  }

  /// About 80 requests a second at least: a rate over a wrong duration breaches a limit.
  private func start(_ cluster: Cluster) throws -> Execution {
    try cluster.start(
      steps: cluster.get("/"),
      """
      "durationSecs":4,"iterationSleepSecs":0.02,"limits":[
      {"metric":"results","statistic":"rate","op":"<","value":2000,"afterSecs":1},
      {"metric":"results","statistic":"rate","op":">","value":2,"afterSecs":1}]
      """)
  }

  func test_clocksThatAreSetMeanwhile_changeNothing() throws {
    let clocks = (coordinator: try SettableClock(), agents: try SettableClock())
    let cluster = try Cluster(clocks: clocks)
    // After joining: what the agent knows of the coordinator's clock is old.
    try clocks.agents.set(bySecs: 5 * Self.hour)
    let began = Clock.wallMicros() / 1_000
    let execution = try start(cluster)
    try execution.waitUntilCount(20)
    try clocks.coordinator.set(bySecs: -Self.hour)
    try clocks.agents.set(bySecs: -3 * Self.hour)
    try check(execution, beganMs: began)
  }

  func test_clockThatIsSetBetweenTests_holdsForTheNext() throws {
    let clocks = (coordinator: try SettableClock(), agents: try SettableClock())
    let cluster = try Cluster(clocks: clocks)
    try check(try start(cluster), beganMs: Clock.wallMicros() / 1_000)
    try clocks.coordinator.set(bySecs: -Self.hour)
    try cluster.coordinator.process.waitForLine(
      containing: "the system's clock was set", in: .errors)
    let began = Clock.wallMicros() / 1_000 - Int64(Self.hour) * 1_000
    try check(try start(cluster), beganMs: began)
  }

  func test_coordinatorThatIsKilled_andBeginsAnHourEarlier_endsNothingBeforeItsStart() throws {
    let clocks = (coordinator: try SettableClock(), agents: try SettableClock())
    let directory = try TemporaryDirectory()
    let cluster = try Cluster(dataDirectory: directory.file("data"), clocks: clocks)
    let execution = try start(cluster)
    try execution.waitUntilCount(20)
    cluster.coordinator.process.send(signal: SIGKILL)
    XCTAssertEqual(try cluster.coordinator.process.waitForExit(), 128 + SIGKILL)
    try clocks.coordinator.set(bySecs: -Self.hour)
    let again = try CoordinatorProcess(
      dataDirectory: directory.file("data"), environment: clocks.coordinator.environment)
    let record = try Execution(id: execution.id, coordinator: again).get()
    let (started, finished) = (try millis(record, "startedAt"), try millis(record, "finishedAt"))
    XCTAssert((0...20_000).contains(finished - started), "\(finished - started) ms")
    for region in record["regions"]?.arrayValue ?? [] {
      XCTAssertGreaterThanOrEqual(try millis(region, "finishedAt"), try millis(region, "startedAt"))
    }
  }

  func test_run_showsItsTrueDuration() throws {
    let clock = try SettableClock()
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let run = try ChildProcess(
      product: "throng",
      [
        "run", "\(nginx.url)/json", "-u", "2", "-d", "3s", "--sleep", "20ms",
        "--threshold", "http_reqs:rate<2000", "--threshold", "http_reqs:rate>2",
        "--json", directory.file("out.json"),
      ], environment: clock.environment)
    try Poll.until("requests") { try nginx.requestsSoFar() >= 10 }
    try clock.set(bySecs: -Self.hour)
    XCTAssertEqual(try run.waitForExit(seconds: 40), 0, run.errors)
    let record = try JSONValue.parse(text: directory.read("out.json"))
    let took = try millis(record, "finishedAt") - millis(record, "startedAt")
    XCTAssert((2_500...15_000).contains(took), "\(took) ms")
  }
}

import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// JUnit reports, as xmllint and Python read them.
final class JUnitRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
  }

  override func tearDown() {
    fixture = nil
  }

  /// The suites of the report, once it is valid and its counts add up.
  private func report() throws -> JSONValue {
    let answer = try fixture.call("GET", "/executions/\(id)/junit.xml")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.header("Content-Type"), "application/xml")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"execution-\(id)-junit.xml\"")
    let directory = try TemporaryDirectory()
    let path = try directory.write("report.xml", answer.text)
    try ChildProcess.run("xmllint", ["--noout", "--schema", Fixtures.path("junit.xsd"), path])
    let output = try ChildProcess.run("python3", [Fixtures.path("oracles/junit.py"), path])
    return try JSONValue.parse(text: output)
  }

  private func limit(_ statistic: LimitStatistic, _ value: Double, _ resource: String? = nil)
    -> LimitState
  {
    LimitState(
      TestLimit(
        namespace: MetricDefinition.systemNamespace, metric: "firstReceivedMs",
        statistic: statistic, op: .less, value: value, resource: resource))
  }

  func test_finishedExecution_isJudged() throws {
    try fixture.commit(of: id) { _, _ in
      var batch = RecordFactory.batch { records in
        records.suiteResults = [
          RecordFactory.suite(duration: 1_500_000), RecordFactory.suite(duration: 2_500_000),
          RecordFactory.suite(failure: "expected 200", client: 2),
          RecordFactory.suite("Login", "forgets", duration: 1_000),
          RecordFactory.suite("Cart", "is empty", failure: "not empty"),
          RecordFactory.suite("Cart", "is empty", failure: "no cart"),
        ]
      }
      batch.strings = ["body is there", "status is 200"]
      batch.checks = [
        CheckCount(name: 0, intervalStartMs: 1_700_000_000_000, passes: 4, fails: 0),
        CheckCount(name: 1, intervalStartMs: 1_700_000_000_000, passes: 3, fails: 1),
      ]
      return batch
    }
    try fixture.change(id) {
      $0.startedAtMs = 1_700_000_000_000
      $0.finishedAtMs = 1_700_000_012_500
      $0.completed = true
      var breached = limit(.percentile(95), 500, "GET http://a/")
      (breached.measured, breached.breached) = (812.5, true)
      var held = limit(.max, 2_000)
      held.measured = 900
      $0.limits = [breached, held, limit(.mean, 7)]
    }
    let suites = try report()
    let names = Set(suites.objectValue?.members.map(\.key) ?? [])
    XCTAssertEqual(names, ["execution", "limits", "checks", "Login", "Cart"])
    let execution = try XCTUnwrap(suites["execution"])
    XCTAssertEqual(execution["cases"]?["completed"]?["outcome"], "passed")
    XCTAssertEqual(execution["cases"]?["completed"]?["time"]?.number, 12.5)
    XCTAssertEqual(execution["timestamp"], "2023-11-14T22:13:20")
    XCTAssertEqual(execution["properties"]?["executionId"]?.stringValue, "\(id)")
    XCTAssertEqual(execution["properties"]?["testConf"], "Five clients")
    XCTAssertEqual(execution["properties"]?["regions"], "north; south")
    XCTAssertEqual(execution["properties"]?["throngVersion"]?.stringValue, throngVersion)
    let limits = try XCTUnwrap(suites["limits"]?["cases"])
    let breach = limits["p95(firstReceivedMs) < 500 [GET http://a/]"]
    XCTAssertEqual(breach?["outcome"], "failure")
    XCTAssertEqual(
      breach?["message"],
      "Limit breached: p95 of firstReceivedMs of GET http://a/ is 812.5 ms, must be < 500 ms")
    XCTAssertEqual(limits["max(firstReceivedMs) < 2000"]?["outcome"], "passed")
    XCTAssertEqual(limits["mean(firstReceivedMs) < 7"]?["outcome"], "passed")
    XCTAssertEqual(suites["checks"]?["cases"]?["body is there"]?["outcome"], "passed")
    XCTAssertEqual(suites["checks"]?["cases"]?["status is 200"]?["message"], "failed 2 of 8 times")
    let login = try XCTUnwrap(suites["Login"]?["cases"]?["answers"])
    XCTAssertEqual(login["message"], "failed 2 of 6 times: expected 200")
    let details = try XCTUnwrap(login["details"]?.stringValue)
    XCTAssertTrue(
      details.hasPrefix(
        "2 × expected 200\nfirst at 2023-11-14T22:13:20.000Z by client 2 in iteration 2 in "),
      details)
    XCTAssertTrue(details.hasSuffix("\nat s.js:1:2"), details)
    XCTAssertEqual(login["time"]?.number, 1.334)
    XCTAssertTrue(login["output"]?.stringValue?.hasPrefix("executed: 6\npassed: 4\n") ?? false)
    XCTAssertEqual(suites["Login"]?["cases"]?["forgets"]?["outcome"], "passed")
    XCTAssertEqual(
      suites["Cart"]?["cases"]?["is empty"]?["message"],
      "failed 4 of 4 times: no cart (and 1 other message)")
  }

  func test_shortTests_takeADecimalOfSeconds() throws {
    try fixture.commit(of: id) { _, _ in
      RecordFactory.batch { $0.suiteResults = [RecordFactory.suite(duration: 8)] }
    }
    let tests = try report()["Login"]?["cases"]?.objectValue?.members ?? []
    XCTAssertEqual(tests.map { $0.value["time"]?.number }, [0.000_008])
  }

  func test_runningExecution_isNotJudgedYet() throws {
    try fixture.change(id) {
      $0.running = true
      $0.startedAtMs = APIFixture.nowMs - 3_000
      var breached = limit(.max, 5)
      (breached.measured, breached.breached) = (6, true)
      $0.limits = [limit(.mean, 7), breached]
    }
    let suites = try report()
    let completed = suites["execution"]?["cases"]?["completed"]
    XCTAssertEqual(completed?["outcome"], "skipped")
    XCTAssertEqual(completed?["time"]?.number, 3)
    let limits = suites["limits"]?["cases"]
    XCTAssertEqual(limits?["mean(firstReceivedMs) < 7"]?["outcome"], "skipped")
    XCTAssertEqual(limits?["max(firstReceivedMs) < 5"]?["outcome"], "failure")
  }

  func test_abortedExecution_isAnError() throws {
    XCTAssertEqual(try report()["execution"]?["cases"]?["completed"]?["outcome"], "skipped")
    try fixture.change(id) { $0.cancelledByUser = true }
    XCTAssertEqual(
      try report()["execution"]?["cases"]?["completed"]?["message"], "stopped by a user")
    try fixture.change(id) { $0.failure = "the agent <a & \"b\"> was lost" }
    let completed = try report()["execution"]?["cases"]?["completed"]
    XCTAssertEqual(completed?["outcome"], "error")
    XCTAssertEqual(completed?["message"], "the agent <a & \"b\"> was lost")
  }

  func test_hostileTexts_stayText() throws {
    let text = "]]> <!-- & \"'\u{0}\u{1}\u{B}\u{FFFE}\u{1F600}\tx\r\ny"
    try fixture.commit(of: id) { _, _ in
      RecordFactory.batch {
        $0.suiteResults = [RecordFactory.suite(text, text, failure: text)]
      }
    }
    let suites = try report()
    let name = "]]> <!-- & \"'\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{1F600}\tx\r\ny"
    let test = try XCTUnwrap(suites[name]?["cases"]?[name], "\(suites)")
    XCTAssertEqual(test["message"]?.stringValue, "failed 2 of 2 times: \(name)")
    XCTAssertTrue(
      test["details"]?.stringValue?.hasPrefix("2 × \(name)\nfirst at ") ?? false, "\(test)")
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
}

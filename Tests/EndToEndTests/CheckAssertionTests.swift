import Foundation
import Shared
import TestSupport
import XCTest

/// Checks of scripts are assertions: each is listed once, with whose it is.
final class CheckAssertionTests: XCTestCase {
  /// What the routes list and add up, which must agree with the summary.
  private struct Assertions {
    let all: [JSONValue]
    let counts: [String: [Int]]

    init(_ execution: Execution, file: StaticString = #filePath, line: UInt = #line) throws {
      all = try execution.get("/suite-results").arrayValue ?? []
      let failed = all.filter { $0["passed"]?.boolValue == false }
      var counts: [String: [Int]] = [:]
      for check in all {
        let name = "\(check["suite"]?.stringValue ?? ""): \(check["test"]?.stringValue ?? "")"
        counts[name, default: [0, 0]][check["passed"]?.boolValue == true ? 0 : 1] += 1
      }
      self.counts = counts
      func same<Value: Equatable>(_ what: String, _ left: Value, _ right: Value) {
        XCTAssertEqual(left, right, what, file: file, line: line)
      }
      same("failed", try execution.get("/failed-suite-results").arrayValue ?? [], failed)
      var summaries: [String: [Int]] = [:]
      for test in try execution.get("/suite-summaries").arrayValue ?? [] {
        let name = "\(test["suite"]?.stringValue ?? ""): \(test["test"]?.stringValue ?? "")"
        summaries[name] = [test["passed"]?.intValue ?? -1, test["failed"]?.intValue ?? -1]
      }
      same("summaries", summaries, counts)
      let errors = try execution.get("/suite-errors").arrayValue ?? []
      same("errors", errors.reduce(0) { $0 + ($1["count"]?.intValue ?? 0) }, failed.count)
      same("ways to fail", errors.count, counts.values.count { $0[1] > 0 })
      let checks = try execution.get("/summary")["checks"]?.arrayValue ?? []
      same(
        "checks of the summary",
        checks.map { [$0["passes"]?.intValue, $0["fails"]?.intValue] }.map { "\($0)" }.sorted(),
        counts.values.map { [Optional($0[0]), Optional($0[1])] }.map { "\($0)" }.sorted())
      let ids = all.compactMap { $0["id"]?.intValue }
      same("ids", Set(ids).count, all.count)
    }
  }

  func test_k6Checks_areListed_inGroups_failingAndThrowing() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      code: """
        import http from 'k6/http';
        import { check, group, sleep } from 'k6';
        export const options = { vus: 3, iterations: 4 };
        export default function () {
          const page = http.get('\(cluster.nginx.url)/');
          check(page, {
            'status is 200': (r) => r.status === 200, 'is a teapot': (r) => r.status === 418,
          });
          group('Shop', () => group('cart', () => {
            check(page, { 'has text': (r) => r.body.length > 0 });
          }));
          sleep(0.7);
          check(page, { 'still there': true });
          check(page, {
            before: true, throws: () => { throw new Error('of its own'); }, after: true,
          });
          check(page, { 'never made': true });
        }
        """, regions: [("eu-west", 6), ("us-east", 3)], "\"iterations\":4")
    try execution.waitUntilCompleted()
    let assertions = try Assertions(execution)
    XCTAssertEqual(
      assertions.counts,
      [
        "checks: status is 200": [36, 0], "checks: is a teapot": [0, 36],
        "Shop::cart: has text": [36, 0], "checks: still there": [36, 0],
        "checks: before": [36, 0], "checks: throws": [0, 36],
      ])
    let results = try execution.results()
    let known = Dictionary(
      uniqueKeysWithValues: zip(
        try results.column("id"),
        zip(try results.column("threadId"), try results.column("iteration")).map { "\($0) \($1)" }))
    for check in assertions.all {
      XCTAssertEqual(
        known[check["resultId"]?.text ?? ""],
        "\(check["threadId"]?.stringValue ?? "") \(check["iteration"]?.text ?? "")", check.text)
    }
    let junit = try execution.coordinator.http.get("/executions/\(execution.id)/junit.xml").text
    XCTAssertEqual(junit.ranges(of: #"name="is a teapot""#).count, 1, junit)
    XCTAssertEqual(junit.ranges(of: #"<testsuite name="Shop::cart""#).count, 1, junit)
    XCTAssert(junit.contains("failed 36 of 36 times"), junit)
    let report = try execution.coordinator.http.get("/executions/\(execution.id)/results.pdf")
    XCTAssertEqual(report.status, 200)
    try commandShows(execution)
  }

  /// `throng results --checks` as table and CSV.
  private func commandShows(_ execution: Execution) throws {
    let server = ["--server", "http://127.0.0.1:\(execution.coordinator.httpPort)"]
    let table = try ChildProcess(
      product: "throng", ["results", "\(execution.id)", "--checks"] + server)
    XCTAssertEqual(try table.waitForExit(), 0, table.errors)
    let teapot = try XCTUnwrap(
      table.output.split(separator: "\n").first { $0.contains("is a teapot") })
    XCTAssertEqual(
      teapot.split(separator: " ").prefix(7),
      ["checks", "is", "a", "teapot", "36", "0", "36"], table.output)
    let csv = try ChildProcess(
      product: "throng",
      ["results", "\(execution.id)", "--checks", "--csv", "-", "-n", "50"] + server)
    XCTAssertEqual(try csv.waitForExit(), 0, csv.errors)
    XCTAssertEqual(try CSVReader(csv.output).rows.count, 50)
  }

  func test_asynchronousChecks_thatReject_haveFailed() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      code: """
        import { check as wait } from 'https://jslib.k6.io/k6-utils/1.6.0/index.js';
        export const options = { vus: 1, iterations: 2 };
        export default async function () {
          await wait(1, { settles: async () => true, 'settles badly': async () => 0 });
          await wait(1, { rejects: async () => { throw new Error('of its own'); }, after: true });
        }
        """, regions: [("eu-west", 2)], "\"iterations\":2")
    try execution.waitUntilCompleted()
    XCTAssertEqual(
      try Assertions(execution).counts,
      ["checks: settles": [4, 0], "checks: settles badly": [0, 4], "checks: rejects": [0, 4]])
    XCTAssert(try execution.log().contains("of its own"))
  }

  private func checkedSteps(_ cluster: Cluster) -> String {
    """
    {"request":{"url":"\(cluster.nginx.url)/json"},
      "check":[{"status":200},{"bodyContains":"no such words"}]}
    """
  }

  func test_checksOfSteps_areListed() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: checkedSteps(cluster), regions: [("eu-west", 4)], "\"iterations\":25")
    try execution.waitUntilCompleted()
    let assertions = try Assertions(execution)
    XCTAssertEqual(assertions.counts.values.sorted { $0[0] < $1[0] }, [[0, 100], [100, 0]])
    let one = try execution.get("/suite-results?threadId=\(execution.id):eu-west:2").arrayValue
    XCTAssertEqual(one?.count, 50)
    let followed = assertions.all.compactMap { $0["resultId"]?.text }
    XCTAssertEqual(Set(followed), Set(try execution.results().column("id")))
  }

  func test_checks_areCountedOnce_whoeverIsKilled() throws {
    let directory = try TemporaryDirectory()
    let cluster = try Cluster(
      [.init("eu-west", "one", capacity: 2), .init("eu-west", "two", capacity: 2)],
      dataDirectory: directory.file("data"))
    let execution = try cluster.start(
      steps: checkedSteps(cluster), regions: [("eu-west", 4)],
      "\"durationSecs\":600,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(100)
    cluster.agents[0].process.send(signal: SIGKILL)
    XCTAssertEqual(try cluster.agents[0].process.waitForExit(), 128 + SIGKILL)
    try execution.waitUntilCount(try execution.count() + 100)
    cluster.coordinator.process.send(signal: SIGKILL)
    XCTAssertEqual(try cluster.coordinator.process.waitForExit(), 128 + SIGKILL)
    let again = try CoordinatorProcess(dataDirectory: directory.file("data"))
    let stored = Execution(id: execution.id, coordinator: again)
    let assertions = try Assertions(stored)
    // Two of each request, whose results were committed along.
    let results = try stored.results().column("id")
    XCTAssertGreaterThanOrEqual(results.count, 200)
    XCTAssertEqual(
      assertions.all.compactMap { $0["resultId"]?.text }.sorted(), (results + results).sorted())
  }
}

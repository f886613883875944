import Foundation
import Shared
import TestSupport
import XCTest

/// Scripts as they are published for k6 run unmodified, with the same counts as in k6.
final class K6ScriptTests: XCTestCase {
  func test_batch() throws { try run(.batch) }
  func test_cookies() throws { try run(.cookies) }
  func test_customMetrics() throws { try run(.customMetrics) }
  func test_expectedStatuses() throws { try run(.expectedStatuses) }
  func test_formPost() throws { try run(.formPost) }
  func test_groupsAndChecks() throws { try run(.groupsAndChecks) }
  func test_htmlPages() throws { try run(.htmlPages) }
  func test_jsonCorrelation() throws { try run(.jsonCorrelation) }
  func test_pageObjects() throws { try run(.pageObjects) }
  func test_redirects() throws { try run(.redirects) }
  func test_retries() throws { try run(.retries) }
  func test_scenarioExec() throws { try run(.scenarioExec) }
  func test_setupTeardown() throws { try run(.setupTeardown) }
  func test_sharedArray() throws { try run(.sharedArray) }
  func test_signatures() throws { try run(.signatures) }
  func test_thresholdsAndTags() throws { try run(.thresholdsAndTags) }
  func test_urlNames() throws { try run(.urlNames) }

  /// Runs a script against httpbin with throng and, where there is one, with k6.
  private func run(_ script: K6Script) throws {
    let ours = try withHttpbin { try script.runOurs(target: $0) }
    XCTAssertEqual(ours.logged, script.requests, "requests that httpbin has seen")
    XCTAssertEqual(ours.counts.requests, script.requests, "requests that were counted")
    XCTAssertEqual(ours.counts.iterations, script.iterations, "iterations")
    XCTAssertEqual(ours.counts.checks, script.checks, "checks")
    guard let k6 = K6Program.path else { return }
    let theirs = try withHttpbin { try script.runTheirs(k6, target: $0) }
    XCTAssertEqual(theirs.logged, ours.logged, "k6 makes other requests")
    XCTAssertEqual(theirs.counts, ours.counts, "k6 counts otherwise")
  }

  /// What a run counted, and what the target has seen of it.
  private func withHttpbin(
    _ body: (String) throws -> K6Counts
  ) throws -> (counts: K6Counts, logged: Int) {
    let httpbin = try HttpbinServer()
    let counts = try body(httpbin.url)
    return (counts, try httpbin.requests().count)
  }

  // MARK: scripts with something of their own

  func test_smoke() throws {
    let nginx = try NginxServer()
    let counts = try K6Script.smoke.runOurs(target: nginx.url)
    XCTAssertEqual(try nginx.accessLog().count, 5)
    XCTAssertEqual(counts.requests, 5)
    XCTAssertEqual(counts.checks, ["status is 200": [5, 0]])
  }

  /// How many iterations come of a load is up to the machine; what is counted is not.
  func test_loadModels_countWhatNginxSaw() throws {
    for (script, name, range) in [
      (K6Script.stages, "front::front page is there", 10...250),
      (K6Script.arrivalRate, "has a symbol", 38...42),
    ] {
      let nginx = try NginxServer()
      let counts = try script.runOurs(target: nginx.url)
      let logged = try nginx.accessLog().count
      XCTAssertEqual(counts.requests, logged, script.file)
      XCTAssertEqual(counts.iterations, logged, script.file)
      XCTAssertEqual(counts.checks, [name: [logged, 0]], script.file)
      XCTAssert(range.contains(logged), "\(script.file): \(logged) iterations")
    }
  }

  func test_handleSummary_tellsTheEnd() throws {
    let expected = try JSONValue.parse(
      text: """
        {"requests":4,"iterations":4,"passes":4,"fails":0,"bytes":400,"threshold":true,
         "statistics":["avg","p(99)"],"checks":["has 100 bytes"]}
        """)
    func report(_ output: String) throws -> JSONValue {
      let line = try XCTUnwrap(
        output.split(separator: "\n").first { $0.hasPrefix("REPORT ") }, output)
      return try JSONValue.parse(text: String(line.dropFirst(7)))
    }
    let httpbin = try HttpbinServer()
    let arguments = ["run", "-q", "-e", "BASE_URL=\(httpbin.url)", K6Script.path("handle-summary")]
    let ours = try ChildProcess(product: "throng", arguments)
    XCTAssertEqual(try ours.waitForExit(seconds: 60), 0, ours.errors)
    XCTAssertEqual(try report(ours.output), expected)
    XCTAssertFalse(ours.output.contains("http_req_duration"), ours.output)
    XCTAssertEqual(try httpbin.requests().count, 4)
    guard let k6 = K6Program.path else { return }
    let theirs = try ChildProcess(executable: k6, arguments)
    XCTAssertEqual(try theirs.waitForExit(seconds: 60), 0, theirs.errors)
    XCTAssertEqual(try report(theirs.output), expected)
  }
}

import Foundation
import Shared
import TestSupport
import XCTest

/// The scripts that the README shows, and those that `throng new` writes.
final class ScriptExampleTests: XCTestCase {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/scripts")

  private func path(_ name: String) -> String { Self.folder.appending(path: name).path }

  /// Runs a script and answers its summary.
  private func run(_ script: String, _ nginx: NginxServer, _ flags: [String]) throws -> JSONValue {
    let directory = try TemporaryDirectory()
    let json = directory.file("out.json")
    let run = try ChildProcess(
      product: "throng",
      ["run", script, "-q", "-e", "BASE_URL=\(nginx.url)", "--json", json] + flags)
    let code = try run.waitForExit(seconds: 60)
    guard code == 0, !run.errors.contains("throng: error") else {
      throw TestFailure("\(script) ended with \(code):\n\(run.output)\n\(run.errors)")
    }
    return try XCTUnwrap(JSONValue.parse(text: directory.read("out.json"))["summary"])
  }

  /// Passes and fails by the last part of the checks' names.
  private func checks(_ summary: JSONValue) -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    for check in summary["checks"]?.arrayValue ?? [] {
      let path = check["name"]?.stringValue ?? ""
      let name = path.ranges(of: "::").last.map { String(path[$0.upperBound...]) } ?? path
      found[name] = [check["passes"]?.intValue ?? -1, check["fails"]?.intValue ?? -1]
    }
    return found
  }

  /// The value of a counter of the script's own.
  private func counter(_ name: String, _ summary: JSONValue) -> Int? {
    let metric = summary["metrics"]?.arrayValue?.first { $0["metricDef"]?.stringValue == name }
    return metric?["metricValue"]?.intValue
  }

  func test_suites_makeWhatTheySay() throws {
    let nginx = try NginxServer()
    let summary = try run(path("suites.js"), nginx, ["-u", "3", "-i", "4"])
    let log = try nginx.accessLog()
    XCTAssertEqual(log.filter { $0.uri == "/" }.count, 12)
    XCTAssertEqual(log.filter { $0.uri == "/json" }.count, 12)
    XCTAssertEqual(summary["count"]?.intValue, 24)
    XCTAssertEqual(
      checks(summary), ["page is there": [12, 0], "page is not empty": [12, 0]])
    XCTAssertEqual(counter("prices_read", summary), 12, summary.text)
  }

  func test_k6Style_makesWhatItSays() throws {
    let nginx = try NginxServer()
    let summary = try run(path("k6-style.js"), nginx, [])
    let log = try nginx.accessLog()
    let pages = log.filter { $0.uri == "/" }.count
    XCTAssertGreaterThan(pages, 10)
    XCTAssertEqual(summary["count"]?.intValue, log.count)
    XCTAssertEqual(
      checks(summary), ["page is there": [pages, 0], "price is above zero": [pages, 0]])
  }

  func test_sharedData_meetsAndWaitsForTheEvent() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let http = cluster.http
    let table = try http.send(
      "POST", "/data-tables?name=users",
      body: "name\n" + (1...9).map { "user\($0)\n" }.joined(),
      headers: ["Content-Type": "text/csv"])
    XCTAssertEqual(table.status, 201, table.text)
    let source = try String(contentsOfFile: path("shared-data.js"), encoding: .utf8)
    let script: JSONObject = ["scriptType": .string("Code"), "content": .string(source)]
    let response = try http.send(
      "POST", "/start",
      body: """
        {"script":\(JSONValue.object(script).text),"iterations":1,
         "scriptParams":{"BASE_URL":"\(cluster.nginx.url)"},
         "regions":[{"name":"eu-west","concurrentClients":6},
                    {"name":"us-east","concurrentClients":3}]}
        """)
    let id = try XCTUnwrap(response.json()["id"]?.intValue, response.text)
    let execution = Execution(id: id, coordinator: cluster.coordinator)
    try Poll.until("all users are past the barrier") {
      let value = try http.get("/executions/\(id)/metric?ns=User&name=ready")
      return value.status == 200 && (try? value.json()["metricValue"]?.intValue) == 9
    }
    XCTAssertEqual(try cluster.nginx.requestsSoFar(), 0)
    try execution.send(
      "POST", "/send-event", body: #"{"name":"go","contents":{"path":"/"}}"#)
    try execution.waitUntilCompleted()
    let users = try cluster.nginx.accessLog().map(\.uri)
    XCTAssertEqual(users.sorted(), (1...9).map { "/?user=user\($0)" })
  }

  func test_starters_runAsTheyAre() throws {
    for (flags, load) in [([], ["-u", "2", "-i", "3"]), (["--k6"], ["-u", "2", "-i", "3"])] {
      let nginx = try NginxServer()
      let directory = try TemporaryDirectory()
      let new = try ChildProcess(
        product: "throng", ["new", "load.js"] + flags, directory: directory.path)
      XCTAssertEqual(try new.waitForExit(), 0, new.errors)
      let summary = try run(directory.file("load.js"), nginx, load)
      let log = try nginx.accessLog()
      XCTAssertEqual(log.filter { $0.uri == "/" }.count, 6, "\(flags)")
      XCTAssertEqual(log.count, 12, "\(flags)")
      for (name, counts) in checks(summary) { XCTAssertEqual(counts, [6, 0], name) }
      XCTAssertGreaterThanOrEqual(checks(summary).count, 3, summary.text)
      XCTAssertEqual(counter("items_seen", summary), 6, summary.text)
    }
  }
}

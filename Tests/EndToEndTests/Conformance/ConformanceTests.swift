import Foundation
import Shared
import TestSupport
import XCTest

/// Every documented route of executions, live and finished, has the documented keys with their
/// types, and beside them nothing but what the table names.
final class ConformanceTests: XCTestCase {
  private var cluster: Cluster!
  private var ids: [String: Int] = [:]

  override func tearDown() {
    cluster = nil
  }

  private func script() -> String {
    """
    module.exports = async () => {
      const page = await http.get('\(cluster.nginx.url)/json');
      check(page, { 'page is there': (res) => res.status === 200 });
      await describe('prices', () => {
        it('are there', () => { results.counter('prices_read'); });
        it('are low', () => { throw new Error('too high'); });
      });
      log.info('read');
    };
    """
  }

  private func create(_ settings: String) throws -> Execution {
    let script = JSONValue.object([
      "scriptType": .string("Code"), "content": .string(script()),
    ])
    let response = try cluster.http.send(
      "POST", "/start",
      body: """
        {"script":\(script.text),"regions":[{"name":"eu-west","concurrentClients":2}],
         "manualStart":true,"tracing":{"perMinute":2},"secrets":["key"],
         "scriptParams":{"key":"s3cret"},"limits":[
           {"metric":"firstReceivedMs","statistic":"p95","op":"<","value":60000}],\(settings)}
        """)
    XCTAssertEqual(response.status, 201, response.text)
    let created = try response.json()
    expect(created, Samples.created, Additions.changed, "POST /start", absent: ["$.startedAt"])
    let id = try XCTUnwrap(created["id"]?.intValue)
    XCTAssertEqual(response.headers["location"], "/executions/\(id)")
    return Execution(id: id, coordinator: cluster.coordinator)
  }

  func test_answers_haveTheDocumentedKeysAndTypes_liveAndFinished() throws {
    cluster = try Cluster()
    let execution = try create(#""iterations":100000,"iterationSleepSecs":0.1"#)
    let path = "/executions/\(execution.id)"
    expect(
      try execution.send("PATCH", "/manual-start"), Samples.started, Additions.changed,
      "manual-start", absent: ["$.finishedAt"])
    try waitUntilEverythingIsThere(execution)
    try findIDs(execution)
    try walk(execution, isFinished: false)
    XCTAssertEqual(try cluster.http.send("HEAD", path).status, 200)

    expect(
      try execution.send("POST", "/send-event", body: #"{"name":"x","contents":"y"}"#), "{}",
      Additions.event, "send-event")
    let extended = try execution.send(
      "POST", "/live-extension", body: #"{"newIterations":1}"#)
    expect(extended, Samples.started, Additions.changed, "live-extension")
    try execution.waitUntilCompleted()
    try walk(execution, isFinished: true)

    let deleted = try execution.send("DELETE", "")
    expect(deleted, Samples.stopped, Additions.changed, "DELETE")
    let head = try cluster.http.send("HEAD", path)
    XCTAssertEqual(head.status, 404)
    XCTAssertEqual(head.body, [])
  }

  func test_startAndStop_answerAsDocumented() throws {
    cluster = try Cluster()
    let first = try create(#""iterations":100000,"iterationSleepSecs":0.1"#)
    let conf = try XCTUnwrap(first.get()["testConf"]?["id"]?.intValue)
    let response = try cluster.http.send("POST", "/test-confs/\(conf)/executions")
    XCTAssertEqual(response.status, 201, response.text)
    expect(
      try response.json(), Samples.created, Additions.changed, "POST executions",
      absent: ["$.startedAt"])
    expect(
      try first.send("PATCH", "/start"), Samples.started, Additions.changed, "start",
      absent: ["$.finishedAt"])
    try first.waitUntilCount(2)
    let stopped = try first.send("PATCH", "/stop")
    expect(stopped, Samples.stopped, Additions.changed, "stop")
    XCTAssertEqual(stopped["cancelledByUser"]?.boolValue, true)
  }

  /// Samples of the agent, traces and records come a moment after the first results.
  private func waitUntilEverythingIsThere(_ execution: Execution) throws {
    try Poll.until("everything to show") {
      let metrics = try execution.get("/intervals").arrayValue?.flatMap {
        $0["metrics"]?.arrayValue?.compactMap { $0["metricDef"]?.stringValue } ?? []
      }
      let lists = try ["/traces", "/suite-errors", "/results?limit=1"].map {
        try execution.get($0).arrayValue?.isEmpty ?? true
      }
      return metrics?.contains("tickLatencyMs") == true && !lists.contains(true)
    }
  }

  private func findIDs(_ execution: Execution) throws {
    let whole = try execution.get()
    ids = [
      "conf": try XCTUnwrap(whole["testConf"]?["id"]?.intValue),
      "region": try XCTUnwrap(whole["regions"]?[0]?["id"]?.intValue),
      "resource": try XCTUnwrap(
        execution.get("/resources")[0]?["resource"]?["id"]?.intValue),
      "trace": try XCTUnwrap(execution.get("/traces")[0]?["id"]?.intValue),
    ]
  }

  private func target(_ path: String, _ execution: Execution) -> String {
    var target =
      path.hasPrefix("//") ? String(path.dropFirst()) : "/executions/\(execution.id)\(path)"
    for (name, id) in ids {
      target = target.replacingOccurrences(of: "{\(name)}", with: String(id))
    }
    return target
  }

  private func walk(_ execution: Execution, isFinished: Bool) throws {
    for row in ConformanceTable.rows {
      let target = target(row.path, execution)
      let response = try cluster.http.get(target)
      XCTAssertEqual(response.status, 200, "\(target): \(response.text)")
      XCTAssertEqual(response.headers["content-type"], "application/json", target)
      expect(
        try response.json(), row.sample, row.ours, "\(isFinished ? "finished" : "live") \(target)",
        absent: isFinished ? [] : row.atEnd, sometimes: row.sometimes)
    }
    for (path, columns) in ConformanceTable.downloads {
      let target = target(path, execution)
      let response = try cluster.http.get(target)
      XCTAssertEqual(response.status, 200, target)
      XCTAssertEqual(
        response.headers["content-type"], "text/csv; charset=utf-8; header=present", target)
      let reader = try CSVReader(response.text)
      XCTAssertEqual(reader.header, columns, target)
      XCTAssertFalse(reader.rows.isEmpty, target)
    }
    try walkLog(execution)
  }

  /// Lines of the log have the documented form, and say what the JSON says.
  private func walkLog(_ execution: Execution) throws {
    let query = "systemOnly=true&limit=3"
    let lines = try cluster.http.get("/executions/\(execution.id)/logs.txt?\(query)").text
    let entries = try XCTUnwrap(execution.get("/logs?\(query)")["logs"]?.arrayValue)
    XCTAssertEqual(entries.count, 3)
    XCTAssertEqual(
      lines,
      entries.map { entry in
        let parts = ["loggedAt", "level", "msg"].map { entry[$0]?.stringValue ?? "?" }
        return "\(parts[0]) \(parts[1].uppercased()) \(parts[2])\n"
      }.joined())
  }

  private func expect(
    _ answer: JSONValue, _ sample: String, _ ours: String, _ what: String,
    absent: Set<String> = [], sometimes: Set<String> = [], line: UInt = #line
  ) {
    do {
      var conformance = Conformance(absent: absent, sometimes: sometimes)
      conformance.check(
        answer, sample: try JSONValue.parse(text: sample), ours: try JSONValue.parse(text: ours))
      let found = conformance.problems.prefix(8).joined(separator: "\n")
      XCTAssert(found.isEmpty, "\(what):\n\(found)", line: line)
    } catch {
      XCTFail("the table of \(what) is no JSON: \(error)", line: line)
    }
  }
}

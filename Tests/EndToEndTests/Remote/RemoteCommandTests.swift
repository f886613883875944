import Foundation
import Shared
import TestSupport
import XCTest

/// `throng` driving a coordinator: tests, scripts, executions and what came out.
final class RemoteCommandTests: XCTestCase {
  /// The rows of a table, cells cut at two spaces or more.
  private func rows(_ output: String) -> [[String]] {
    output.split(separator: "\n").map { line in
      line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }
    }
  }

  func test_createStartAndLookAt_agreeWithNginx() throws {
    let remote = try RemoteCluster()
    let test = try remote.line(
      "test", "create", try remote.steps(), "-u", "3", "-i", "20", "--name", "nightly",
      "--limit", "p95(firstReceivedMs)<60000", "--param", "n=3", "-e", "TOKEN=abc")
    let shown = try remote.json("test", "show", test)
    XCTAssertEqual(shown["name"]?.stringValue, "nightly")
    XCTAssertEqual(shown["concurrentClients"]?.intValue, 3)
    XCTAssertEqual(shown["iterations"]?.intValue, 20)
    XCTAssertEqual(shown["regions"]?[0]?["name"]?.stringValue, "eu-west")
    XCTAssertEqual(shown["limits"]?[0]?["metric"]?.stringValue, "firstReceivedMs")
    XCTAssertEqual(
      try JSONValue.parse(text: shown["scriptParams"]?.stringValue ?? ""),
      .object(["n": .int(3), "TOKEN": .string("abc")]))

    let id = try remote.line("start", test)
    let watched = try remote.throng("watch", id)
    XCTAssertEqual(try remote.nginx.accessLog().count, 60)
    XCTAssert(watched.output.contains("requests    60  "), watched.output)
    XCTAssert(watched.output.contains("✓ p95(firstReceivedMs) < 60000"), watched.output)

    let list = rows(try remote.throng("list").output)
    XCTAssertEqual(list[0].prefix(3), ["ID", "STATE", "TEST"])
    XCTAssertEqual(list[1].prefix(3), [id, "completed", "nightly"])
    XCTAssertEqual(list[1].dropFirst(5).prefix(3), ["3", "60", "0"])
    XCTAssertEqual(try remote.json("list", "--test", test).arrayValue?.count, 1)

    let results = rows(try remote.throng("results", "latest").output)
    XCTAssertEqual(results.count, 2)
    XCTAssertEqual(results[1].prefix(3), ["GET \(remote.nginx.url)/json", "60", "0"])
    let show = try remote.throng("show", id).output
    for words in ["completed", "nightly", "eu-west", "3 clients, 20 iterations"] {
      XCTAssert(show.contains(words), "\(words) is missing in\n\(show)")
    }
    let log = try remote.throng("logs", id).output
    XCTAssertEqual(log, try remote.execution(id).log())
    let last = try remote.throng("logs", id, "-n", "2").output
    XCTAssertEqual(last.split(separator: "\n"), log.split(separator: "\n").suffix(2))

    XCTAssertEqual(try remote.line("delete", id), "deleted execution \(id)")
    XCTAssertEqual(try remote.line("test", "delete", test), "deleted test \(test)")
    XCTAssertEqual(try remote.json("test", "list"), .array([]))
  }

  func test_json_isWhatTheAPIAnswers() throws {
    let remote = try RemoteCluster()
    let id = try remote.line("start", try remote.steps(), "-u", "1", "-i", "2")
    try remote.execution(id).waitUntilCompleted()
    for (words, route) in [
      ("list", "/executions"), ("show \(id)", "/executions/\(id)"), ("agents", "/agents"),
      ("regions", "/regions"), ("test list", "/test-confs"), ("script list", "/scripts"),
      ("script show 1", "/scripts/1"), ("results \(id)", "/executions/\(id)/resources"),
      ("logs \(id)", "/executions/\(id)/logs"),
    ] {
      let child = try remote.begin(words.split(separator: " ").map(String.init) + ["--json"])
      XCTAssertEqual(try child.waitForExit(), 0, child.errors)
      let answer = try remote.cluster.http.get(route).text
      // Agents tell of themselves all the time.
      if words == "agents" {
        XCTAssertEqual(
          try JSONValue.parse(text: child.output)[0]?["name"]?.stringValue, "solo", words)
      } else {
        XCTAssertEqual(child.output, answer + "\n", words)
      }
    }
  }

  func test_files_areScriptsOrConfigurations() throws {
    let remote = try RemoteCluster(Cluster.threeAgents)
    let code = "const url = open('url.txt').trim(); module.exports = () => http.get(url)"
    try remote.directory.write("url.txt", remote.nginx.url + "/json")
    try remote.directory.write("load.js", code)
    let configuration = """
      {"name":"conf","script":{"scriptType":"Steps","content":{"steps":[
        \(remote.cluster.get("/json"))]}},
        "regions":["eu-west"],"concurrentClients":1,"iterations":1,"scriptParams":{"a":1}}
      """
    try remote.directory.write("conf.json", configuration)
    let ids = [
      try remote.line("test", "create", "load.js", "-u", "4", "--regions", "eu-west,us-east"),
      try remote.line("test", "create", "conf.json"),
      try remote.line(
        "test", "create", "conf.json", "--regions", "eu-west=2,us-east=3", "-d", "1s", "--name",
        "other", "--param", "b=2", "--manual-start"),
      try remote.line("test", "create", "conf.json", "--users", "5"),
    ]
    let tests = try ids.map { try remote.json("test", "show", $0) }
    XCTAssertEqual(tests.map { $0["concurrentClients"]?.intValue }, [4, 1, 5, 5])
    XCTAssertEqual(tests.map { $0["name"]?.stringValue }, ["load.js", "conf", "other", "conf"])
    XCTAssertEqual(tests[2]["durationSecs"]?.intValue, 1)
    XCTAssertNil(tests[2]["iterations"])
    XCTAssertEqual(tests[2]["manualStart"]?.boolValue, true)
    XCTAssertEqual(tests[2]["scriptParams"]?.stringValue, #"{"a":1,"b":2}"#)
    XCTAssertEqual(tests[3]["iterations"]?.intValue, 1)

    let execution = try remote.line("start", ids[0])
    try remote.execution(execution).waitUntilCompleted()
    XCTAssertGreaterThanOrEqual(try remote.nginx.accessLog().count, 4)
    XCTAssertEqual(try remote.line("script", "show", "1"), code)
    let script = try remote.line("script", "create", "load.js", "--name", "mine")
    XCTAssertEqual(try remote.json("script", "show", script)["name"]?.stringValue, "mine")
    try remote.throng("script", "delete", script)
    // Which of the two regions, nobody can know.
    let open = try remote.throng("start", "load.js", expect: 104).errors
    XCTAssert(open.contains("eu-west, us-east"), open)
  }

  func test_standardInput_isReadAsAFile() throws {
    let remote = try RemoteCluster()
    let steps = try remote.steps()
    let throng = ChildProcess.productsDirectory + "/throng"
    for command in [
      "'\(throng)' test create - -u 1 -i 1 < '\(steps)'",
      "echo 'module.exports = async () => {}' | '\(throng)' test create - -u 1 -i 1",
    ] {
      let shell = try ChildProcess(
        executable: "/bin/sh", ["-c", command], environment: ["THRONG_SERVER": remote.server])
      XCTAssertEqual(try shell.waitForExit(), 0, shell.errors)
    }
    let types = try remote.json("script", "list").arrayValue?.map { $0["scriptType"]?.stringValue }
    XCTAssertEqual(types, ["Code", "Steps"])
  }

  func test_stopExtendEventAndManualStart_reachTheExecution() throws {
    let remote = try RemoteCluster()
    try remote.directory.write(
      "events.js",
      """
      let told = false
      module.exports = async () => {
        if (!told) {
          const sale = new Promise((resolve) => events.on('sale', resolve));
          log.info('listening')
          log.info('got ' + JSON.stringify(await sale))
          told = true
        }
        await sleep(0.05)
      }
      """)
    let id = try remote.line(
      "start", "events.js", "-u", "1", "-d", "10m", "--manual-start")
    try remote.cluster.coordinator.process.waitForLine(
      containing: "execution=\(id)", in: .errors)
    try Poll.until("ready") { try remote.throng("show", id).output.contains("ready") }
    try remote.throng("manual-start", id)
    try Poll.until("the client listens") {
      try remote.throng("logs", id).output.contains("listening")
    }
    let event = try remote.line("event", id, "sale", #"{"discount":0.2}"#)
    XCTAssert(event.hasPrefix("sent as event "), event)
    try Poll.until("the event is logged") {
      try remote.throng("logs", id).output.contains(#"got {"discount":0.2}"#)
    }
    XCTAssertEqual(
      try remote.line("extend", id, "--duration", "20m"), "execution \(id) now ends after 20m00s")
    let wrong = try remote.throng("extend", id, "-i", "5", expect: 104).errors
    XCTAssert(wrong.contains("newIterations"), wrong)
    let early = try remote.throng("delete", id, expect: 1).errors
    XCTAssertFalse(early.contains("{"), early)
    XCTAssertEqual(try remote.line("stop", id, "--wait"), "execution \(id) has stopped")
    XCTAssertEqual(try remote.json("show", id)["completed"]?.boolValue, true)
    XCTAssertEqual(rows(try remote.throng("list").output)[1][1], "stopped")
    try remote.throng("watch", id, expect: 105)
  }

  func test_resultsAndReports_areReadByOthers() throws {
    let remote = try RemoteCluster(Cluster.threeAgents)
    let id = try remote.line(
      "start", try remote.steps(), "--regions", "eu-west=2,us-east=1", "-i", "10")
    try remote.execution(id).waitUntilCompleted()
    try remote.directory.write("all.csv", "old")
    XCTAssert(
      try remote.line("report", id, "--csv", "all.csv").hasPrefix("wrote all.csv ("))
    let all = try CSVReader(remote.directory.read("all.csv"))
    XCTAssertEqual(all.rows.count, 30)
    try remote.throng("results", id, "--csv", "us.csv", "--region", "us-east", "--limit", "4")
    XCTAssertEqual(try CSVReader(remote.directory.read("us.csv")).rows.count, 4)
    let resource = "GET \(remote.nginx.url)/json"
    let piped = try remote.throng("results", id, "--csv", "-", "--resource", resource)
    XCTAssertEqual(try CSVReader(piped.output).rows.count, 30)
    let table = rows(try remote.throng("results", id, "--region", "us-east").output)
    XCTAssertEqual(table[1][1], "10")
    // A failed download leaves neither itself nor a temporary file, and keeps what was there.
    try remote.throng("report", "999", "--csv", "all.csv", expect: 1)
    XCTAssertEqual(try CSVReader(remote.directory.read("all.csv")).rows.count, 30)
    let files = try FileManager.default.contentsOfDirectory(atPath: remote.directory.path)
    XCTAssertEqual(files.sorted(), ["all.csv", "steps.json", "us.csv"])
    try remote.throng("report", id, "--csv", "nowhere/a.csv", expect: 1)
    try remote.throng("report", id, expect: 104)
  }

  func test_breachedLimit_ends99() throws {
    let remote = try RemoteCluster()
    let watched = try remote.throng(
      "start", try remote.steps(), "-u", "1", "-i", "5", "--watch", "--limit",
      "count(success) > 1000", expect: 99)
    XCTAssert(watched.output.contains("✗ count(success) > 1000"), watched.output)
    XCTAssertFalse(watched.output.contains("\u{1b}"), "no terminal, no colours")
  }
}

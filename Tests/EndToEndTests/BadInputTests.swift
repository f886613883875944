import Foundation
import Shared
import TestSupport
import XCTest

/// Wrong input gets an answer that names what is wrong, and harms nothing.
final class BadInputTests: XCTestCase {
  private static let script =
    "\"script\":{\"content\":{\"steps\":[{\"request\":{\"url\":\"http://127.0.0.1:1/\"}}]}}"
  private static let regions = "\"regions\":[{\"name\":\"eu-west\",\"concurrentClients\":1}]"

  func test_malformedJSON_is400WithTheOffset() throws {
    let coordinator = try CoordinatorProcess()
    let response = try coordinator.http.send("POST", "/test-confs", body: "{\"name\": }")
    XCTAssertEqual(response.status, 400)
    XCTAssertEqual(response.headers["content-type"], "application/problem+json")
    XCTAssert(response.text.contains("9"), response.text)
  }

  func test_badConfigurations_are422NamingTheField() throws {
    let cluster = try Cluster()
    let (script, regions) = (Self.script, Self.regions)
    let cases: [(body: String, field: String)] = [
      ("\(script),\(regions),\"iterations\":1,\"colour\":1", "colour"),
      ("\(script),\(regions),\"iterations\":-1", "iterations"),
      ("\(script),\(regions),\"iterations\":0", "iterations"),
      ("\(script),\(regions),\"iterations\":99999999999999", "iterations"),
      ("\(script),\(regions),\"durationSecs\":1e300", "durationSecs"),
      ("\(script),\(regions),\"durationSecs\":-0.5", "durationSecs"),
      ("\(script),\(regions),\"iterations\":1,\"durationSecs\":1", "durationSecs"),
      ("\(script),\(regions)", "iterations"),
      ("\(script),\(regions),\"iterations\":1,\"rampupSecs\":-1", "rampupSecs"),
      ("\(script),\(regions),\"iterations\":\"1\"", "iterations"),
      (
        "\(script),\"regions\":[{\"name\":\"atlantis\",\"concurrentClients\":1}],\"iterations\":1",
        "regions[0].name"
      ),
      (
        "\(script),\"regions\":[{\"name\":\"eu-west\",\"concurrentClients\":0}],\"iterations\":1",
        "regions[0].concurrentClients"
      ),
      ("\"scriptId\":999,\(regions),\"iterations\":1", "scriptId"),
      (
        "\"script\":{\"content\":{\"steps\":[{\"request\":{}}]}},\(regions),\"iterations\":1",
        "script.content.steps[0].request.url"
      ),
    ]
    for (body, field) in cases {
      let response = try cluster.http.send("POST", "/start", body: "{\(body)}")
      XCTAssertEqual(response.status, 422, "\(body): \(response.text)")
      let errors = try response.json()["errors"]?.arrayValue ?? []
      XCTAssert(
        errors.contains { $0["field"]?.stringValue == field },
        "\(field) is not named for \(body): \(response.text)")
    }
    XCTAssertEqual(try cluster.http.get("/executions").json().arrayValue?.count, 0)
  }

  func test_severalBadFields_areNamedAtOnce() throws {
    let coordinator = try CoordinatorProcess()
    let response = try coordinator.http.send(
      "POST", "/start",
      body: "{\"iterations\":-1,\"rampupSecs\":\"x\",\"colour\":1,\"regions\":[]}")
    XCTAssertEqual(response.status, 422)
    let fields = Set(
      try response.json()["errors"]?.arrayValue?.compactMap { $0["field"]?.stringValue } ?? [])
    XCTAssert(fields.isSuperset(of: ["iterations", "rampupSecs", "colour"]), "\(fields)")
  }

  func test_hostileRequests_areAnsweredOrClosed_andServingGoesOn() throws {
    let coordinator = try CoordinatorProcess()
    let http = coordinator.http
    XCTAssertEqual(try http.get("/nothing").status, 404)
    XCTAssertEqual(try http.get("/executions/x").status, 404)
    XCTAssertEqual(try http.get("/executions/99999999999999999999").status, 404)
    let notAllowed = try http.send("POST", "/healthz", body: "{}")
    XCTAssertEqual(notAllowed.status, 405)
    XCTAssert(notAllowed.headers["allow"]?.contains("GET") == true)
    XCTAssertEqual(try http.get("/executions?limit=many").status, 422)
    XCTAssertEqual(try http.get("/executions?colour=red").status, 422)
    let deep = String(repeating: "[", count: 100_000)
    XCTAssertEqual(try http.send("POST", "/scripts", body: deep).status, 400)
    for bytes in [
      "nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + String(repeating: "x", count: 200_000),
      "POST /scripts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n{}",
    ] {
      let stream = try TCPStream(port: coordinator.httpPort, seconds: 10)
      try? stream.write(bytes)
      stream.finishWriting()
      XCTAssert(stream.waitUntilClosed())
    }
    XCTAssertEqual(try http.get("/healthz").status, 200)
    XCTAssert(coordinator.process.isRunning)
  }

  func test_targetsThatMisbehave_areResultsWithAReason() throws {
    let cluster = try Cluster()
    let resetting = try RawServer.resetsMidBody()
    let silent = try RawServer.neverAnswers()
    let nonsense = try RawServer.talksNonsense()
    let refusing = try FreePort.refusing()
    let steps = [refusing, resetting.port, silent.port, nonsense.port].map {
      "{\"request\":{\"url\":\"http://127.0.0.1:\($0)/\"}}"
    }
    let unresolvable = "{\"request\":{\"url\":\"http://no-such-host.invalid/\"}}"
    let execution = try cluster.start(
      steps: (steps + [unresolvable]).joined(separator: ","), regions: [("eu-west", 2)],
      "\"iterations\":3,\"requestTimeoutMs\":400")
    let record = try execution.waitUntilCompleted()
    XCTAssertNil(record["failure"], "the target's failure is not the test's")
    let results = try execution.results()
    XCTAssertEqual(results.rows.count, 30)
    let reasons = Accounting.tally(try results.column("errorReason"))
    XCTAssertEqual(
      reasons,
      ["connectRefused": 6, "reset": 6, "timeout": 6, "protocolError": 6, "dns": 6])
    XCTAssertEqual(try execution.count(), 30)
    XCTAssertEqual(try results.numbers("failure").reduce(0, +), 30)
  }

  func test_portInUse_isNamed() throws {
    let first = try CoordinatorProcess()
    let directory = try TemporaryDirectory()
    for flag in ["--http", "--agents"] {
      let port = flag == "--http" ? first.httpPort : first.agentPort
      let other = flag == "--http" ? "--agents" : "--http"
      let second = try ChildProcess(
        product: "throng-coordinator",
        [
          flag, "127.0.0.1:\(port)", other, "127.0.0.1:0", "--data-dir",
          directory.file("data"),
        ])
      XCTAssertEqual(try second.waitForExit(), 1)
      XCTAssert(second.errors.contains("127.0.0.1:\(port)"), second.errors)
      XCTAssert(second.errors.contains("in use"), second.errors)
    }
  }

  func test_unusableDataDirectory_isNamed() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("file", "")
    let locked = try CoordinatorProcess(dataDirectory: directory.file("taken"))
    for path in ["\(file)/data", locked.dataDirectory] {
      let process = try ChildProcess(
        product: "throng-coordinator",
        ["--http", "127.0.0.1:0", "--agents", "127.0.0.1:0", "--data-dir", path])
      XCTAssertEqual(try process.waitForExit(), 1)
      XCTAssert(process.errors.contains(path), process.errors)
    }
  }

  func test_twoAgentsInOneStateDirectory_isRefused() throws {
    let coordinator = try CoordinatorProcess()
    let directory = try TemporaryDirectory()
    let arguments = [
      "--coordinator", "127.0.0.1:\(coordinator.agentPort)", "--region", "eu", "--state-dir",
      directory.path,
    ]
    let first = try ChildProcess(product: "throng-agent", arguments)
    try first.waitForLine(containing: "joined")
    let second = try ChildProcess(product: "throng-agent", arguments)
    XCTAssertEqual(try second.waitForExit(), 104)
    XCTAssert(second.errors.contains(directory.path), second.errors)
  }
}

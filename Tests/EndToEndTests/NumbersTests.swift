import Foundation
import Shared
import TestSupport
import XCTest

/// Extreme numbers from outside: whatever comes, both processes live on, before and after a
/// restart, and the coordinator never answers with an error of its own.
final class NumbersTests: XCTestCase {
  private static let extremes = ExtremeNumbers.all + ["NaN", "Infinity", "-Infinity"]

  func test_queriesAndBodies_areNeverAnErrorOfTheCoordinator() throws {
    let directory = try TemporaryDirectory()
    var id = 0
    do {
      let cluster = try Cluster(dataDirectory: directory.path)
      let execution = try cluster.start(steps: cluster.get("/json"), "\"iterations\":3")
      try execution.waitUntilCompleted()
      id = execution.id
      let bodies = try sendBodies(cluster.http)
      XCTAssertGreaterThan(bodies.taken, 100)
      XCTAssertGreaterThan(bodies.refused, 1_000)
      for waiting in try cluster.http.get("/executions?running=false").json().arrayValue ?? [] {
        let id = try XCTUnwrap(waiting["id"]?.intValue)
        XCTAssertEqual(try cluster.http.get("/executions/\(id)").status, 200)
      }
      XCTAssertGreaterThan(try askQueries(cluster.http, id), 100)
      XCTAssertTrue(cluster.coordinator.process.isRunning)
      XCTAssertTrue(cluster.agents.allSatisfy(\.process.isRunning))
      cluster.coordinator.process.send(signal: SIGKILL)
      _ = try cluster.coordinator.process.waitForExit()
    }
    // What was taken is settled at the start.
    let cluster = try Cluster(dataDirectory: directory.path)
    XCTAssertEqual(try cluster.http.get("/executions/\(id)").status, 200)
    XCTAssertGreaterThan(try askQueries(cluster.http, id), 100)
    XCTAssertTrue(cluster.coordinator.process.isRunning)
  }

  func test_scriptsThatThrowAndMeasureExtremes_hurtOnlyThemselves() throws {
    let cluster = try Cluster()
    let refused = try cluster.http.send(
      "POST", "/start",
      body: JSONValue.object([
        "script": .object([
          "scriptType": .string("Code"),
          "content": .string("throw { message: 'm', line: Infinity, column: 1e300 };"),
        ]),
        "regions": .array([
          .object(["name": .string("eu-west"), "concurrentClients": .int(1)])
        ]), "iterations": .int(1),
      ]).text)
    XCTAssertLessThan(refused.status, 500, refused.text)
    let execution = try cluster.start(
      code: """
        const numbers = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 63, -(2 ** 63), 1e300,
          -1e300, NaN, Infinity, -Infinity];
        let round = 0;
        module.exports = async () => {
          const number = numbers[round++ % numbers.length];
          for (const name of ['counter', 'timing', 'metered']) {
            try { results[name](name, number); } catch (error) { log.info(String(error)); }
          }
          throw { message: 'extreme', line: number, column: number, sourceURL: 'script.js' };
        };
        """, regions: [("eu-west", 1)], "\"iterations\":13")
    let whole = try execution.waitUntilCompleted()
    XCTAssertNil(whole["failure"]?.stringValue)
    XCTAssertTrue(try execution.log().contains("extreme"))
    XCTAssertTrue(cluster.coordinator.process.isRunning)
    XCTAssertTrue(cluster.agents.allSatisfy(\.process.isRunning))
    XCTAssertGreaterThan(try askQueries(cluster.http, execution.id), 100)
  }

  /// A script with a number in every field of a step that has one.
  private static let script =
    #"{"scriptType":"Steps","content":{"steps":[{"request":{"url":"http://127.0.0.1:9/","#
    + #""timeoutMs":100},"check":[{"status":200},{"status":[200,404]},{"maxMs":50}]},"#
    + #"{"sleepMs":{"min":1,"max":2}},{"repeat":2,"steps":[{"sleepMs":1}]}]}}"#

  /// A configuration with a number in every field but the load; no agent is in its region.
  private static let configuration =
    #""regions":[{"name":"nowhere","concurrentClients":2}],"limits":[{"metric":"#
    + #""firstReceivedMs","statistic":"p95","op":"<","value":5,"afterSecs":1}],"#
    + #""tracing":{"perMinute":2},"requestTimeoutMs":100,"scriptTimeoutMs":1000,"#
    + #""http":{"redirectsMax":3,"bodyBytesMax":1000}"#

  private static let loads = [
    #""iterations":3,"rampupSecs":1,"iterationSleepSecs":1"#, #""durationSecs":3"#,
    #""iterations":3,"load":{"model":"closed","maxDurationSecs":1,"startDelaySecs":1,"#
      + #""gracefulStopSecs":1}"#,
    #""load":{"model":"sharedIterations","iterations":5,"maxDurationSecs":1,"#
      + #""startDelaySecs":1,"gracefulStopSecs":1}"#,
    #""load":{"model":"rampingClients","startClients":1,"stages":[{"durationSecs":1,"#
      + #""clients":2}],"gracefulRampDownSecs":1,"startDelaySecs":1,"gracefulStopSecs":1}"#,
    #""load":{"model":"arrivalRate","startRate":1,"stages":[{"durationSecs":1,"#
      + #""iterationsPerSec":2}],"maxClients":2,"startDelaySecs":1,"gracefulStopSecs":1}"#,
  ]

  /// Every number of every body, extreme in turn.
  ///
  /// - Returns: how many bodies were taken and how many refused.
  private func sendBodies(_ http: HTTPClient) throws -> (taken: Int, refused: Int) {
    var (taken, refused) = (0, 0)
    func send(_ method: String, _ path: String, _ text: String) throws -> Int? {
      for body in ExtremeNumbers.variants(of: text, Self.extremes) {
        let response = try http.send(method, path, body: body)
        XCTAssertLessThan(response.status, 500, "\(method) \(path) \(body): \(response.text)")
        if response.status >= 400 { refused += 1 } else { taken += 1 }
      }
      let response = try http.send(method, path, body: text)
      XCTAssertLessThan(response.status, 300, "\(method) \(path) \(text): \(response.text)")
      return try response.json()["id"]?.intValue
    }
    let script = try XCTUnwrap(
      send("POST", "/scripts", "{\"name\":\"numbers\",\(Self.script.dropFirst())"))
    _ = try send("POST", "/regions", #"{"name":"nowhere","latitude":1.5,"longitude":2.5}"#)
    for load in Self.loads {
      let body = "{\"name\":\"n\",\"scriptId\":\(script),\(Self.configuration),\(load)}"
      let id = try XCTUnwrap(send("POST", "/test-confs", body))
      _ = try send("PUT", "/test-confs/\(id)", body)
      let inline = "{\"script\":\(Self.script),\(Self.configuration),\(load)}"
      let execution = try XCTUnwrap(send("POST", "/start", inline))
      for goal in ["newIterations", "newDuration"] {
        for extreme in Self.extremes {
          let extended = try http.send(
            "POST", "/executions/\(execution)/live-extension",
            body: "{\"\(goal)\":\(extreme)}")
          XCTAssertLessThan(extended.status, 500, extended.text)
        }
      }
    }
    return (taken, refused)
  }

  /// Every numeric parameter of every query that the specification names.
  private func askQueries(_ http: HTTPClient, _ execution: Int) throws -> Int {
    let specification = try http.get("/openapi.json").json()
    var count = 0
    for (path, item) in specification["paths"]?.objectValue?.members ?? [] {
      guard let operation = item["get"], !path.contains("stream") else { continue }
      let parameters =
        (item["parameters"]?.arrayValue ?? [])
        + (operation["parameters"]?.arrayValue ?? [])
      let filled = path.replacing(/\{[^}]+\}/, with: "\(execution)")
      for parameter in parameters where Self.isNumber(parameter, specification) {
        guard let name = parameter["name"]?.stringValue else { continue }
        for extreme in Self.extremes {
          let isQuery = parameter["in"]?.stringValue == "query"
          let target =
            isQuery
            ? "\(filled)?\(name)=\(extreme)"
            : path.replacing("{\(name)}", with: extreme)
              .replacing(/\{[^}]+\}/, with: "\(execution)")
          let response = try http.get(target)
          XCTAssertLessThan(response.status, 500, "\(target): \(response.text.prefix(500))")
          count += 1
        }
      }
    }
    return count
  }

  private static func isNumber(_ parameter: JSONValue, _ specification: JSONValue) -> Bool {
    var schema = parameter["schema"]
    if let reference = schema?["$ref"]?.stringValue {
      schema = reference.split(separator: "/").dropFirst().reduce(specification) {
        $0?[String($1)]
      }
    }
    return ["integer", "number"].contains(schema?["type"]?.stringValue)
  }
}

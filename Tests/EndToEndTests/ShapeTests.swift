import Foundation
import Shared
import TestSupport
import XCTest

/// Answers have the keys and types that clients of the API count on.
final class ShapeTests: XCTestCase {
  func test_answersOfAnExecution_haveTheirShapes() throws {
    let cluster = try Cluster()
    let created = try cluster.http.send(
      "POST", "/start",
      body: """
        {"script":{"content":{"steps":[\(cluster.get("/json"))]}},"iterations":3,
         "manualStart":true,"regions":[{"name":"eu-west","concurrentClients":2}]}
        """)
    XCTAssertEqual(created.status, 201)
    let id = try XCTUnwrap(created.json()["id"]?.intValue)
    XCTAssertEqual(created.headers["location"], "/executions/\(id)")
    expect(try created.json(), ShapeExamples.created)
    let execution = Execution(id: id, coordinator: cluster.coordinator)
    expect(try execution.send("PATCH", "/start"), ShapeExamples.started)
    expect(try execution.waitUntilCompleted(), ShapeExamples.completed)
    expect(try cluster.http.get("/executions").json(), "[\(ShapeExamples.completed)]")
    expect(try execution.get("/summary"), ShapeExamples.summary)
    expect(
      try execution.get("/metric?ns=Testable&name=firstReceivedMs"), ShapeExamples.metric)
    expect(try execution.get("/intervals"), "[\(ShapeExamples.interval)]")
    expect(try execution.get("/resources"), ShapeExamples.resources)
    expect(try execution.get("/logs"), ShapeExamples.logs)
    expect(try execution.get("/results?limit=2"), "[\(ShapeExamples.result)]")
    let record = try execution.get()
    let region = try XCTUnwrap(record["regions"]?[0]?["id"]?.intValue)
    let resource = try XCTUnwrap(
      execution.get("/resources")[0]?["resource"]?["id"]?.intValue)
    for part in ["", "/regions/\(region)"] {
      expect(try execution.get("\(part)/resources/\(resource)"), ShapeExamples.resource)
      expect(
        try execution.get("\(part)/resources/\(resource)/results"),
        "[\(ShapeExamples.result)]")
    }
    expect(try execution.get("/regions/\(region)/intervals"), "[\(ShapeExamples.interval)]")
    expect(try execution.send("DELETE", ""), ShapeExamples.created)
  }

  func test_log_hasTheMessagesOfALifeInTheirOrder() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(steps: cluster.get("/"), "\"iterations\":5")
    try execution.waitUntilCompleted()
    let lines = try execution.log().split(separator: "\n").map { line in
      line.split(separator: " ", maxSplits: 1)
    }
    XCTAssertEqual(
      lines.map { $0.last.map(String.init) ?? "" },
      [
        "INFO Execution started", "INFO Allocating to agents in eu-west",
        "INFO Allocated to agents in eu-west. Testing is underway",
        "INFO Finished execution in eu-west",
        "INFO Finished execution globally, processing 20 results",
        "INFO Analyzing and aggregating results",
        "INFO Finished processing results, cleaning up resources", "INFO Test completed",
      ])
    let time = #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#
    XCTAssert(lines.allSatisfy { $0[0].wholeMatch(of: time) != nil })
    let latest = try execution.get("/logs?asc=false&limit=1")
    XCTAssertEqual(latest["logs"]?[0]?["msg"]?.stringValue, "Test completed")
  }

  func test_lists_followTheirParameters() throws {
    let cluster = try Cluster()
    var ids: [Int] = []
    for _ in 0..<3 {
      let execution = try cluster.start(
        steps: cluster.get("/"), regions: [("eu-west", 1)], "\"iterations\":1")
      try execution.waitUntilCompleted()
      ids.append(execution.id)
    }
    func list(_ query: String) throws -> [JSONValue] {
      try cluster.http.get("/executions?\(query)").json().arrayValue ?? []
    }
    func listed(_ query: String) throws -> [Int] {
      try list(query).compactMap { $0["id"]?.intValue }
    }
    XCTAssertEqual(try listed(""), ids.reversed())
    XCTAssertEqual(try listed("limit=1&offset=1"), [ids[1]])
    XCTAssertEqual(try listed("period=7d"), ids.reversed())
    XCTAssertEqual(try listed("start=0&end=1000"), [])
    XCTAssertEqual(try listed("start=0"), ids.reversed())
    let bare = try list("down=false&includeScript=false&includeSummary=false&limit=1")[0]
    for key in ["regions", "script", "summary"] { XCTAssertNil(bare[key], key) }
    let full = try list("includeResources=true&up=true&limit=1")[0]
    for key in ["regions", "script", "summary", "resources", "testConf"] {
      XCTAssertNotNil(full[key], key)
    }
  }

  private func expect(
    _ actual: JSONValue, _ example: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    do {
      let expected = try JSONValue.parse(text: example)
      let found = Shape.differences(actual, expected)
      XCTAssert(found.isEmpty, found.prefix(8).joined(separator: "\n"), file: file, line: line)
    } catch {
      XCTFail("the example is no JSON: \(error)", file: file, line: line)
    }
  }
}

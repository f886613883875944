import Foundation
import Shared
import TestSupport
import XCTest

/// What lists and logs hold, and in which order.
final class ListTests: XCTestCase {
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
}

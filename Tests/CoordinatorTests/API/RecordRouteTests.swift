import Shared
import XCTest

@testable import Coordinator

/// What scripts said, as the API answers it.
final class RecordRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var path = ""

  override func setUpWithError() throws {
    fixture = try APIFixture()
    let id = try fixture.makeExecution()
    path = "/executions/\(id)"
    var records = RunRecords()
    records.logs = [RecordFactory.log("from the script", level: .warning)]
    records.metrics = [
      RecordFactory.metric(.counter, "logins", [1.5]),
      RecordFactory.metric(.metered, "depth", [-4, 8], resource: "GET http://a/"),
      RecordFactory.metric(.histogram, "plan", keys: ["free", "paid", "free"]),
    ]
    try fixture.commitResults(of: id, perRegion: 2, records: records)
  }

  override func tearDown() {
    fixture = nil
  }

  private func get(_ target: String) throws -> Answer {
    try fixture.call("GET", "\(path)/\(target)")
  }

  func test_logs_nameClientAndIteration() throws {
    let logs = try get("logs").object()["logs"]?.arrayValue
    XCTAssertEqual(logs?.count, 2)
    let entry = logs?.first?.objectValue
    XCTAssertEqual(entry?["msg"], .string("from the script"))
    XCTAssertEqual(entry?["level"], .string("Warning"))
    XCTAssertEqual(entry?["isSystem"], .bool(false))
    XCTAssertEqual(entry?["client"], .int(1))
    XCTAssertEqual(entry?["iteration"], .int(2))
    XCTAssertEqual(try get("logs?systemOnly=true").text, #"{"size":0,"logs":[]}"#)
  }

  func test_customMetric_isFoundByNamespaceAndName() throws {
    XCTAssertEqual(
      try get("metric?ns=User&name=logins").text,
      #"{"namespace":"User","metricDef":"logins","metricType":"Counter","metricValue":3,"#
        + #""metricUnits":"ms"}"#)
    XCTAssertEqual(
      try get("metric?ns=User&name=plan").text,
      #"{"namespace":"User","metricDef":"plan","metricType":"Histogram","#
        + #""metricValueMap":{"free":4,"paid":2}}"#)
    let depth = try get("metric?ns=User&name=depth").object()["metricValueMap"]?.objectValue
    let expected: JSONObject = [
      "count": .int(4), "mean": .int(2), "min": .int(-4), "max": .int(8), "sum": .int(8),
      "var": .int(36), "sd": .int(6), "last": .int(8),
    ]
    for (name, value) in expected.members { XCTAssertEqual(depth?[name], value, name) }
    XCTAssertNotNil(depth?["p95"])
    XCTAssertEqual(try get("metric?ns=User&name=nothing").status, 404)
    XCTAssertEqual(try get("metric?ns=Testable&name=logins").status, 404)
  }

  func test_customMetrics_areInSummariesIntervalsAndResources() throws {
    func names(_ summary: JSONObject?) -> [String] {
      (summary?["metrics"]?.arrayValue ?? []).compactMap { metric in
        let object = metric.objectValue
        guard object?["namespace"] == .string("User") else { return nil }
        return object?["metricDef"]?.stringValue
      }
    }
    XCTAssertEqual(names(try get("summary").object()), ["depth", "logins", "plan"])
    let intervals = try get("intervals").array()
    XCTAssertEqual(names(intervals.first?.objectValue), ["depth", "logins", "plan"])
    XCTAssertEqual(names(intervals.last?.objectValue), [])
    let resources = try get("resources").array().map(\.objectValue)
    XCTAssertEqual(resources.map { names($0?["summary"]?.objectValue) }, [["depth"], []])
    let region = try fixture.store.read { db in
      try db.first("SELECT id FROM execution_regions ORDER BY id") { $0.int64(0) }
    }
    let part = try get("regions/\(try XCTUnwrap(region))/metric?ns=User&name=logins").object()
    XCTAssertEqual(part["metricValue"], .double(1.5))
  }
}

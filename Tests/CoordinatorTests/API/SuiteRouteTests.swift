import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class SuiteRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0
  private var path: String { "/executions/\(id)" }

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
    var records = RunRecords()
    records.suiteResults = [
      RecordFactory.suite(duration: 1_000), RecordFactory.suite(duration: 2_000),
      RecordFactory.suite(failure: "expected 200", duration: 6_500),
      RecordFactory.suite("=Cart", "is empty", failure: "not empty", client: 4),
    ]
    records.files = [RecordFactory.file(0)]
    try fixture.commit(of: id) { _, _ in RecordFactory.batch { $0 = records } }
  }

  override func tearDown() {
    fixture = nil
  }

  private func get(_ target: String) throws -> Answer {
    try fixture.call("GET", "\(path)/\(target)")
  }

  /// The rows of a CSV, its header first.
  private func csvRows(_ answer: Answer) throws -> [[String]] {
    let reader = try CSVReader(answer.text)
    return [reader.header] + reader.rows
  }

  private func regions() throws -> [Int64] {
    try fixture.store.read { db in
      try ExecutionRegionStore.list(of: ExecutionID(id), in: db).map(\.id.rawValue)
    }
  }

  func test_results_tellWhoFailedWhereAndWhy() throws {
    let all = try get("suite-results").array().compactMap(\.objectValue)
    XCTAssertEqual(all.count, 8)
    let failed = all[2]
    XCTAssertEqual(failed["suite"], .string("Login"))
    XCTAssertEqual(failed["test"], .string("answers"))
    XCTAssertEqual(failed["passed"], .bool(false))
    XCTAssertEqual(failed["message"], .string("expected 200"))
    XCTAssertEqual(failed["stack"], .string("at s.js:1:2"))
    XCTAssertEqual(failed["durationMs"], .double(6.5))
    XCTAssertEqual(failed["client"], .int(1))
    XCTAssertEqual(failed["iteration"], .int(2))
    XCTAssertEqual(failed["agentId"], .string("7316fdd5-a620-401f-ae3a-9c9468489ed4"))
    XCTAssertEqual(failed["region"], .string("north"))
    XCTAssertEqual(failed["threadId"], .string("\(id):north:1"))
    XCTAssertTrue(failed["connectionId"]?.stringValue?.hasSuffix(":1#7") ?? false)
    XCTAssertNil(all[0]["message"])
  }

  func test_results_areNarrowedByRegionFailureThreadAndPage() throws {
    let ids = try get("suite-results").array().map { $0.objectValue?["id"] }
    let region = try regions()[1]
    XCTAssertEqual(
      try get("regions/\(region)/suite-results").array().map { $0.objectValue?["id"] },
      Array(ids.suffix(4)))
    XCTAssertEqual(
      try get("failed-suite-results").array().map { $0.objectValue?["id"] },
      [ids[2], ids[3], ids[6], ids[7]])
    XCTAssertEqual(
      try get("regions/\(region)/failed-suite-results?offset=1&limit=5").array()
        .map { $0.objectValue?["id"] }, [ids[7]])
    for region in ["south", "\(region)"] {
      XCTAssertEqual(
        try get("suite-results?threadId=\(id):\(region):4").array().map { $0.objectValue?["id"] },
        [ids[7]])
      XCTAssertEqual(try get("suite-results?threadId=\(id + 1):\(region):4").text, "[]")
    }
    XCTAssertEqual(try get("suite-results?limit=0").text, "[]")
  }

  func test_threadsAndPages_inAllCombinations() throws {
    let regions = try regions()
    for part in [""] + regions.map({ "regions/\($0)/" }) {
      for list in ["suite-results", "failed-suite-results"] {
        let all = try get("\(part)\(list)").array()
        XCTAssertFalse(all.isEmpty)
        XCTAssertEqual(try get("\(part)\(list)?limit=-1").array(), all)
        XCTAssertEqual(try get("\(part)\(list)?offset=\(all.count)&limit=3").text, "[]")
        XCTAssertEqual(try get("\(part)\(list)?offset=99&limit=-1").text, "[]")
        XCTAssertEqual(
          try get("\(part)\(list)?offset=1&limit=1").array(), Array(all.dropFirst().prefix(1)))
        for region in regions {
          for client in [1, 4] {
            let thread = "\(id):\(region == regions[0] ? "north" : "south"):\(client)"
            let mine = all.filter {
              $0.objectValue?["executionRegionId"] == .int(region)
                && $0.objectValue?["client"] == .int(Int64(client))
            }
            XCTAssertTrue(mine.allSatisfy { $0.objectValue?["threadId"] == .string(thread) })
            let query = "\(part)\(list)?threadId=\(thread)"
            XCTAssertEqual(try get(query).array(), mine)
            XCTAssertEqual(
              try get("\(query)&offset=1&limit=-1").array(), Array(mine.dropFirst()))
            let csv = query.replacingOccurrences(of: "?", with: ".csv?")
            XCTAssertEqual(try csvRows(get(csv)).count, mine.count + 1)
          }
        }
        for nobody in [
          "\(id + 1):north:1", "\(id):999:1", "\(id):nor:th:1", "\(id):north:77",
        ] {
          XCTAssertEqual(try get("\(part)\(list)?threadId=\(nobody)").text, "[]")
        }
        for bad in [
          "", "x", "1:2", "north:2:3", "1::3", "1:2:-3", "1:2:%2B3", "1:2:99999999999999999999",
        ] {
          XCTAssertEqual(
            try get("\(part)\(list)?threadId=\(bad)&limit=-2&offset=-1&more=1").badFields(),
            ["offset", "limit", "threadId", "more"], bad)
        }
      }
    }
  }

  func test_csv_hasARowPerResult() throws {
    let answer = try get("failed-suite-results.csv")
    XCTAssertEqual(answer.header("Content-Type"), "text/csv; charset=utf-8; header=present")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"execution-\(id)-failed-suite-results.csv\"")
    let rows = try csvRows(answer)
    XCTAssertEqual(rows.count, 5)
    let row = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[2]))
    XCTAssertEqual(row["suite"], "'=Cart")
    XCTAssertEqual(row["passed"], "false")
    XCTAssertEqual(row["durationMs"], "2")
    XCTAssertEqual(row["message"], "not empty")
    XCTAssertEqual(try csvRows(get("suite-results.csv")).count, 9)
  }

  func test_summaries_countPerTest() throws {
    let summaries = try get("suite-summaries").array().compactMap(\.objectValue)
    XCTAssertEqual(summaries.map { $0["suite"] }, [.string("=Cart"), .string("Login")])
    XCTAssertEqual(summaries[1]["executed"], .int(6))
    XCTAssertEqual(summaries[1]["passed"], .int(4))
    XCTAssertEqual(summaries[1]["failed"], .int(2))
    XCTAssertEqual(summaries[1]["outputFiles"], .int(2))
    XCTAssertEqual(summaries[1]["screenshots"], .int(2))
    XCTAssertEqual(
      summaries[1]["durationMs"]?.text,
      #"{"mean":3.167,"min":1,"max":6.5,"sd":2.392,"p50":2,"p95":6.5,"p99":6.5}"#)
    XCTAssertEqual(summaries[1]["firstFailureAt"], summaries[1]["lastFailureAt"])
    XCTAssertNil(summaries[1]["errors"])
    let region = try regions()[0]
    let part = try get("regions/\(region)/suite-summaries?includeErrors=true").array()
    let errors = part[1].objectValue?["errors"]?.arrayValue?.map(\.objectValue)
    XCTAssertEqual(errors?.count, 1)
    XCTAssertEqual(errors?[0]?["message"], .string("expected 200"))
    XCTAssertEqual(errors?[0]?["count"], .int(1))
    let rows = try csvRows(get("suite-summaries.csv?includeErrors=true"))
    XCTAssertEqual(rows.map { $0[0] }, ["row", "test", "error", "test", "error"])
    XCTAssertEqual(rows[3].prefix(6), ["test", "Login", "answers", "6", "4", "2"])
    XCTAssertEqual(rows[4].prefix(6), ["error", "Login", "answers", "", "", ""])
    XCTAssertEqual(rows[4].suffix(5), ["expected 200", "2", "north; south", "1", "2"])
    XCTAssertEqual(try csvRows(get("suite-summaries.csv")).map { $0[0] }, ["row", "test", "test"])
  }

  func test_errors_areCountedPerTestAndMessage() throws {
    let errors = try get("suite-errors").array().compactMap(\.objectValue)
    XCTAssertEqual(errors.map { $0["message"] }, [.string("not empty"), .string("expected 200")])
    XCTAssertEqual(errors.map { $0["count"] }, [.int(2), .int(2)])
    XCTAssertEqual(errors[0]["suite"], .string("=Cart"))
    XCTAssertEqual(
      errors[0]["regions"]?.arrayValue?.map { $0.objectValue?["name"] },
      [.string("north"), .string("south")])
    XCTAssertEqual(
      errors[0]["example"]?.text,
      #"{"client":4,"iteration":2,"threadId":"\#(id):north:4","#
        + #""stack":"at s.js:1:2"}"#)
    let region = try regions()[0]
    let rows = try csvRows(get("regions/\(region)/suite-errors.csv"))
    XCTAssertEqual(rows.map { $0[3] }, ["count", "1", "1"])
    XCTAssertEqual(
      rows[1].suffix(7), ["north", "\(region)", "4", "2", "\(id):north:4", "at s.js:1:2", "test"])
  }

  func test_manyResults_areReadPageByPage() throws {
    let other = try fixture.makeExecution()
    var records = RunRecords()
    records.suiteResults = (0..<1_300).map { RecordFactory.suite(client: UInt32($0)) }
    try fixture.commit(of: other) { _, _ in RecordFactory.batch { $0 = records } }
    func clients(_ query: String) throws -> [JSONValue?] {
      try fixture.call("GET", "/executions/\(other)/suite-results\(query)").array()
        .map { $0.objectValue?["client"] }
    }
    XCTAssertEqual(try clients("").count, 2_600)
    XCTAssertEqual(try clients("?offset=1299&limit=2"), [.int(1_299), .int(0)])
    XCTAssertEqual(try clients("?offset=2599"), [.int(1_299)])
    XCTAssertEqual(try clients("?offset=5000"), [])
  }
}

import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// `results.pdf`, read by poppler.
final class ReportRouteTests: XCTestCase {
  private var fixture: ReportFixture!

  override func setUpWithError() throws { fixture = try ReportFixture() }

  /// Twelve requests of two resources, half of them 404, in two regions.
  private func commit() throws {
    var records = RunRecords()
    records.suiteResults = [
      RecordFactory.suite(), RecordFactory.suite(failure: "expected 200 but got 500"),
    ]
    records.metrics = [RecordFactory.metric(.timing, "checkout", [10.5, 20.25])]
    records.logs = [RecordFactory.log("the basket is empty", level: .error)]
    try fixture.api.commitResults(of: fixture.id, perRegion: 6, records: records)
  }

  override func tearDown() {
    fixture = nil
  }

  func test_download_isAPDFWithATitle() throws {
    try fixture.complete(seconds: 60)
    let answer = try fixture.get("/results.pdf")
    XCTAssertEqual(answer.header("Content-Type"), "application/pdf")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"execution-\(fixture.id)-report.pdf\"")
    let head = try fixture.api.call("HEAD", "/executions/\(fixture.id)/results.pdf")
    XCTAssertEqual(head.status, 200)
    XCTAssertEqual(head.header("Content-Type"), "application/pdf")
    let document = try ReportDocument(answer.body)
    XCTAssertEqual(document.info["Title"], "Five clients – load test report")
    XCTAssertEqual(document.info["Author"], "Throng")
    XCTAssertEqual(document.info["Page size"], "595.28 x 841.89 pts (A4)")
    XCTAssertEqual(document.info["CreationDate"], "2023-11-14T22:15:00Z")
    XCTAssertEqual(document.info["Encrypted"], "no")
  }

  func test_numbers_areThoseOfTheSummary() throws {
    try commit()
    try fixture.complete(seconds: 60)
    try fixture.api.ingester.finish(ExecutionID(fixture.id))
    let document = try fixture.document()
    let summary = try fixture.get("/summary").object()
    XCTAssertEqual(summary["count"], .int(12))
    XCTAssertEqual(document.line(with: "firstReceivedMs").dropFirst(2).first, "12")
    var compared = 0
    for metric in try XCTUnwrap(summary["metrics"]?.arrayValue) {
      let object = try XCTUnwrap(metric.objectValue)
      let name = try XCTUnwrap(object["metricDef"]?.stringValue)
      let line = document.line(with: name)
      XCTAssertFalse(line.isEmpty, "\(name) is missing")
      if let value = object["metricValue"] {
        XCTAssert(line.contains(value.text), "\(name) \(value.text) in \(line)")
        compared += 1
      }
      for key in ["count", "mean", "min", "p50", "p90", "p95", "p99", "max"] {
        guard let value = object["metricValueMap"]?.objectValue?[key] else { continue }
        XCTAssert(line.contains(value.text), "\(key) of \(name) \(value.text) in \(line)")
        compared += 1
      }
    }
    XCTAssertGreaterThan(compared, 40)
    XCTAssertEqual(
      document.line(with: "http://a/").suffix(7),
      ["6", "0.10", "0", "0%", "5.250", "5.250", "5.250"])
  }

  func test_everyDashboard_worksInEveryState() throws {
    let states: [(String, () throws -> Void)] = [
      ("Not started", {}), ("Running", { try self.fixture.start() }),
      ("Running", { try self.commit() }), ("Completed", { try self.fixture.complete(seconds: 60) }),
    ]
    for (word, enter) in states {
      try enter()
      for dashboard in ReportDashboard.allCases {
        let document = try fixture.document("?dashboardId=\(dashboard.rawValue)")
        XCTAssert(document.contains("Five clients"), "\(word) \(dashboard)")
        XCTAssert(document.contains(word), "\(word) \(dashboard)")
        XCTAssert(document.contains("Page 1 of \(document.pages)"), "\(word) \(dashboard)")
        XCTAssert(document.contains("Page \(document.pages) of \(document.pages)"))
      }
    }
  }

  func test_running_saysAsOfWhen() throws {
    try fixture.start()
    let document = try fixture.document("?tz=Asia/Tokyo")
    XCTAssert(document.contains("As of 15 Nov 2023, 07:15:00 (Asia/Tokyo)"))
    XCTAssert(document.contains("still running"))
  }

  func test_zone_changesTheTimes() throws {
    try fixture.complete(seconds: 60)
    XCTAssert(try fixture.document().contains("14 Nov 2023, 22:13:20 – 22:14:20 (UTC)"))
    let chicago = try fixture.document("?tz=America/Chicago")
    XCTAssert(
      chicago.contains("14 Nov 2023, 16:13:20 – 16:14:20 (America/Chicago, UTC-06:00)"))
    XCTAssert(chicago.contains("Generated 14 Nov 2023, 16:15:00"))
    XCTAssertFalse(chicago.text.contains("22:13"))
  }

  func test_errors_areExplainedWithExamples() throws {
    try commit()
    try fixture.complete(seconds: 60)
    let document = try fixture.document("?dashboardId=errors")
    let line = document.line(with: "404", "Not")
    XCTAssertEqual(Array(line.prefix(7)), ["HTTP", "404", "Not", "found", "6", "50.00", "%"])
    XCTAssert(document.contains("client 0, iteration 1"), document.text)
    XCTAssert(document.contains("expected 200 but got 500"))
    XCTAssert(document.contains("the basket is empty"))
    XCTAssert(document.contains("status is 200"))
  }

  func test_base64_isTheSameKindOfDocument() throws {
    try fixture.complete(seconds: 60)
    let answer = try fixture.get("/results.pdf?enc=base64")
    XCTAssertEqual(answer.header("Content-Type"), "text/plain; charset=us-ascii")
    XCTAssertNil(answer.header("Content-Disposition"))
    let bytes = try XCTUnwrap(Data(base64Encoded: answer.text))
    XCTAssertEqual(try ReportDocument([UInt8](bytes)).text, try fixture.document().text)
  }

  func test_badParameters_areAllNamed() throws {
    let answer = try fixture.get("/results.pdf?tz=IST&dashboardId=all&enc=hex&other=1")
    XCTAssertEqual(answer.status, 422)
    XCTAssertEqual(Set(try answer.badFields()), ["tz", "dashboardId", "enc", "other"])
    XCTAssert(answer.text.contains("IST"), answer.text)
    XCTAssertEqual(try fixture.api.call("GET", "/executions/999/results.pdf").status, 404)
  }

  func test_region_hasAReportOfItsOwn() throws {
    try commit()
    try fixture.complete(seconds: 60)
    let region = fixture.regions[1].id
    let answer = try fixture.get("/regions/\(region)/results.pdf")
    let document = try ReportDocument(answer.body)
    XCTAssert(document.contains("region The south"))
    XCTAssertEqual(document.line(with: "firstReceivedMs").dropFirst(2).first, "6")
    XCTAssertEqual(try fixture.get("/regions/999/results.pdf").status, 404)
  }

  func test_limits_areShownWithWhatWasMeasured() throws {
    let configuration = try fixture.api.call("GET", "/executions/\(fixture.id)?up=true").object()
    let id = try XCTUnwrap(configuration["testConf"]?.objectValue?["id"])
    let script = try XCTUnwrap(configuration["testConf"]?.objectValue?["scriptId"])
    let updated = try fixture.api.call(
      "PUT", "/test-confs/\(id.text)",
      """
      {"name":"Limited","scriptId":\(script.text),"iterations":4,
       "regions":[{"name":"north","concurrentClients":1}],
       "limits":[{"metric":"firstReceivedMs","statistic":"p95","op":"<","value":500}]}
      """)
    XCTAssertEqual(updated.status, 200, updated.text)
    let execution = try fixture.api.call("POST", "/test-confs/\(id.text)/executions").id()
    try fixture.api.commitResults(of: execution, perRegion: 2)
    _ = try fixture.api.call("PATCH", "/executions/\(execution)/start")
    let answer = try fixture.api.call("GET", "/executions/\(execution)/results.pdf")
    let line = try ReportDocument(answer.body).line(with: "p95", "held")
    XCTAssertEqual(
      line, ["p95", "of", "firstReceivedMs", "<", "500", "ms", "5", "ms", "held", "so", "far"])
  }
}

import Foundation
import Shared
import XCTest

@testable import Coordinator

/// What is seen of a deleted execution while most of its rows are still there.
final class DeletionRouteTests: XCTestCase {
  private func records() -> RunRecords {
    var records = RunRecords()
    records.logs = [RecordFactory.log("a")]
    records.suiteResults = [RecordFactory.suite()]
    records.traces = [RecordFactory.trace()]
    records.files = [RecordFactory.file(0)]
    return records
  }

  private func completed() throws -> (APIFixture, id: Int64) {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    try fixture.commitResults(of: id, perRegion: 40, records: records())
    _ = try fixture.call("PATCH", "/executions/\(id)/stop")
    return (fixture, id)
  }

  /// Everything that can be asked about an execution.
  private func paths(_ fixture: APIFixture, _ id: Int64) throws -> [String] {
    let (region, trace, file) = try fixture.store.read { db in
      let execution = ExecutionID(id)
      return (
        try ExecutionRegionStore.list(of: execution, in: db)[0].id.rawValue,
        try db.first("SELECT id FROM traces") { $0.int64(0) } ?? 0,
        try db.first("SELECT id FROM output_files") { $0.int64(0) } ?? 0
      )
    }
    var paths = ["/execution-traces/\(trace)", "/output-files/\(file)/download"]
    for scope in ["/executions/\(id)", "/executions/\(id)/regions/\(region)"] {
      for part in [
        "resources", "resources/1", "summary", "metric?name=success", "intervals", "results",
        "results.csv", "resources/1/results.csv", "suite-results", "suite-results.csv",
        "suite-summaries", "suite-errors.csv", "traces",
      ] {
        paths.append("\(scope)/\(part)")
      }
    }
    return paths + ["", "/logs", "/logs.txt", "/output-files"].map { "/executions/\(id)\($0)" }
  }

  func test_everyRoute_answers404AtOnce() throws {
    let (fixture, id) = try completed()
    let paths = try paths(fixture, id)
    for path in paths { XCTAssertEqual(try fixture.call("GET", path).status, 200, path) }
    let record = try fixture.store.read { try ExecutionStore.find(ExecutionID(id), in: $0) }
    let configuration = try XCTUnwrap(record).configuration
    let lists = ["/executions", "/test-confs/\(configuration)/executions"]
    for list in lists { XCTAssertEqual(try fixture.call("GET", list).array().count, 1, list) }
    let answer = try fixture.call("DELETE", "/executions/\(id)")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(try answer.id(), id)
    for path in paths { XCTAssertEqual(try fixture.call("GET", path).status, 404, path) }
    for (method, path) in [
      ("DELETE", ""), ("PATCH", "/start"), ("PUT", "/stop"), ("POST", "/live-extension"),
      ("POST", "/send-event"),
    ] {
      let answer = try fixture.call(method, "/executions/\(id)\(path)", #"{"name":"a"}"#)
      XCTAssertEqual(answer.status, 404, "\(method) \(path)")
    }
    for list in lists { XCTAssertEqual(try fixture.call("GET", list).array().count, 0, list) }
    XCTAssertEqual(try fixture.call("DELETE", "/test-confs/\(configuration)").status, 200)
  }

  func test_downloadOfAnExecutionThatIsDeletedMeanwhile_isCutOff() throws {
    let (fixture, id) = try completed()
    for path in ["results", "results.csv", "resources/1/results.csv"] {
      let again = try path == "results" ? id : another(in: fixture)
      let response = fixture.api.handle(HTTPRequest("GET", "/executions/\(again)/\(path)"))
      guard case .stream(let stream) = response.body else { return XCTFail("no stream") }
      XCTAssertTrue(try fixture.store.delete(ExecutionID(again)))
      XCTAssertThrowsError(try stream.readAll(), path)
    }
  }

  private func another(in fixture: APIFixture) throws -> Int64 {
    let id = try fixture.makeExecution()
    try fixture.commitResults(of: id, perRegion: 40)
    return id
  }

  func test_readsWhileRowsGo_neverFail() throws {
    let (fixture, id) = try completed()
    let paths = try paths(fixture, id)
    var sweep = DeletionSweep(fixture.store, stepNanosMax: 0)
    // What a request found before the deletion is asked for again after each step of it.
    let target = try XCTUnwrap(
      try fixture.store.read { try ExecutionStore.find(ExecutionID(id), in: $0) })
    XCTAssertTrue(try fixture.store.delete(target.id))
    var steps = 0
    while try sweep.step() {
      steps += 1
      for path in paths { XCTAssertEqual(try fixture.call("GET", path).status, 404, path) }
      XCTAssertNoThrow(try fixture.ingester.snapshot(target.id) { $0.merged().count })
      XCTAssertNoThrow(
        try fixture.store.read { try ExecutionRegionStore.list(of: target.id, in: $0) })
    }
    XCTAssertGreaterThan(steps, 5)
  }

  func test_batchThatComesTooLate_holdsUpNobody() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let other = try fixture.makeExecution()
    try fixture.commitResults(of: id, perRegion: 5)
    XCTAssertTrue(try fixture.store.delete(ExecutionID(id)))
    let chunk = try fixture.store.read { try ChunkStore.list(of: ExecutionID(id), in: $0)[0] }
    let lease = LeaseKey(chunk: chunk.id, epoch: 1)
    XCTAssertNotNil(fixture.ingester.cursor(lease))
    let late = BatchFactory.line(BatchFactory.realistic(requests: 3), lease, seq: 2)
    _ = fixture.ingester.submit(late)
    try fixture.commitResults(of: other, perRegion: 5)
    XCTAssertNil(fixture.ingester.cursor(lease))
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(other)/summary").object()["count"]?.intValue, 10)
  }
}

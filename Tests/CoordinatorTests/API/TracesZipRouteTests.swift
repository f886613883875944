import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class TracesZipRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
  }

  override func tearDown() {
    fixture = nil
  }

  /// Traces of one region, or of two where `perRegion` says so.
  private func commit(_ resources: [String]) throws {
    var records = RunRecords()
    records.traces = resources.map { RecordFactory.trace($0) }
    // As the first request that the fixture commits along.
    records.traces[0].request.startedAtMicros = 1_700_000_000_000_000
    records.traces[0].request.connection = 0
    records.traces[0].request.connectionCloseMicros = 5_250
    try fixture.commitResults(of: id, perRegion: 2, records: records)
  }

  private func zip(_ path: String = "") throws -> ZipReader {
    let answer = try fixture.call("GET", "/executions/\(id)\(path)/traces.zip")
    XCTAssertEqual(answer.status, 200, answer.text)
    XCTAssertEqual(answer.header("Content-Type"), "application/zip")
    XCTAssertEqual(
      answer.header("Content-Disposition"), "attachment; filename=\"execution-\(id)-traces.zip\"")
    return try ZipReader(answer.body)
  }

  func test_everyTrace_hasTwoFiles_thatSayWhatItsRouteSays() throws {
    try commit(["GET http://a/", "GET http://a/b?c=d"])
    let zip = try zip()
    let traces = try fixture.call("GET", "/executions/\(id)/traces").array()
    XCTAssertEqual(traces.count, 4)
    XCTAssertEqual(
      zip.names,
      traces.flatMap { trace -> [String] in
        let words =
          trace["resource"] == .string("GET http://a/") ? "GET_http_a" : "GET_http_a_b_c_d"
        let name = "\(words)-\(trace["id"]?.intValue ?? 0)"
        return ["\(name).json", "\(name)-packets.json"]
      })
    for (index, trace) in traces.enumerated() {
      let path = "/execution-traces/\(trace["id"]?.intValue ?? 0)"
      let bare = try fixture.call("GET", path + "?down=false").json()
      XCTAssertEqual(try zip.entries[2 * index].json(), bare)
      XCTAssertEqual(
        try zip.entries[2 * index + 1].json(), try fixture.call("GET", path).json()["packets"])
    }
    XCTAssertNotNil(try zip.entries[0].json()["result"])
    XCTAssertNil(try zip.entries[2].json()["result"], "its request is not there")
  }

  func test_variants_takeTheTracesOfARegion_aResource_orBoth() throws {
    try commit(["GET http://a/", "=danger()"])
    let traces = try fixture.call("GET", "/executions/\(id)/traces").array()
    let region = try XCTUnwrap(traces[3]["regionId"]?.intValue)
    let ids = try traces.map { try XCTUnwrap($0["id"]?.intValue) }
    XCTAssertEqual(
      try zip("/regions/\(region)").names,
      [
        "GET_http_a-\(ids[2]).json", "GET_http_a-\(ids[2])-packets.json",
        "danger-\(ids[3]).json", "danger-\(ids[3])-packets.json",
      ])
    XCTAssertEqual(
      try zip("/resources/%3Ddanger%28%29").names.filter { !$0.contains("packets") },
      ["danger-\(ids[1]).json", "danger-\(ids[3]).json"])
    XCTAssertEqual(
      try zip("/regions/\(region)/resources/%3Ddanger%28%29").names,
      ["danger-\(ids[3]).json", "danger-\(ids[3])-packets.json"])
  }

  func test_executionWithoutTraces_hasAnEmptyArchive() throws {
    XCTAssertEqual(try zip().names, [])
  }

  func test_hostileResources_makeSafeNames() throws {
    let resources =
      [
        "GET http://a/", "../../etc/passwd", "a/b\\c", "CON", String(repeating: "x", count: 300),
        "🎉", "two\nlines", "Ä ö",
      ] + Array(repeating: "same", count: 50) + ["SAME"]
    try commit(resources)
    let names = try zip().names
    XCTAssertEqual(names.count, resources.count * 2 * 2)
    XCTAssertEqual(Set(names.map { $0.lowercased() }).count, names.count)
    for name in names {
      XCTAssertLessThanOrEqual(name.utf8.count, SafeName.bytesMax)
      XCTAssertNil(name.first { "/\\\n:".contains($0) }, name)
      XCTAssertFalse(name.hasPrefix("."), name)
    }
    XCTAssertTrue(names.contains { $0.hasPrefix("etc_passwd-") })
    XCTAssertTrue(names.contains { $0.hasPrefix("_CON-") })
    XCTAssertTrue(names.contains { $0.hasPrefix("Ä_ö-") })
    let directory = try TemporaryDirectory()
    let bytes = try fixture.call("GET", "/executions/\(id)/traces.zip").body
    XCTAssertEqual(Set(try ZipReader.unpack(bytes, to: directory)), Set(names))
  }

  func test_executionDeletedMeanwhile_cutsTheArchiveOff() throws {
    try commit((0..<300).map { "GET /\($0)" })
    _ = try fixture.control.stop(ExecutionID(id))
    let response = fixture.api.handle(HTTPRequest("GET", "/executions/\(id)/traces.zip"))
    guard case .stream(let stream) = response.body else { return XCTFail("no stream") }
    var buffer = [UInt8](repeating: 0, count: 100)
    XCTAssertGreaterThan(try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }, 0)
    XCTAssertEqual(try fixture.call("DELETE", "/executions/\(id)").status, 200)
    XCTAssertThrowsError(try stream.readAll()) {
      XCTAssertEqual(($0 as? Problem)?.kind, .notFound)
    }
  }

  func test_errors_nameWhatIsWrong() throws {
    XCTAssertEqual(try fixture.call("GET", "/executions/999/traces.zip").status, 404)
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)/regions/999/traces.zip").status, 404)
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/traces.zip?limit=1").badFields(), ["limit"])
    // Of the coordinator, but not of this execution.
    let other = try fixture.makeExecution()
    try fixture.commitResults(of: other, perRegion: 1)
    let resource = try XCTUnwrap(
      fixture.call("GET", "/executions/\(other)/resources").array()[0]["resource"]?["id"]?.intValue)
    let empty = try fixture.makeExecution()
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(empty)/resources/\(resource)/traces.zip").status, 404)
    let posted = try fixture.call("POST", "/executions/\(id)/traces.zip")
    XCTAssertEqual(posted.status, 405)
    XCTAssertEqual(posted.header("Allow"), "GET, HEAD")
    XCTAssertEqual(try fixture.call("HEAD", "/executions/\(id)/traces.zip").status, 200)
  }
}

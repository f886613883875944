import Shared
import XCTest

@testable import Coordinator

final class TraceRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
    var trace = RecordFactory.trace("GET http://a/")
    // As the request that the fixture commits along.
    trace.request.startedAtMicros = 1_700_000_010_000_000
    trace.request.iteration = 1
    trace.request.connection = 0
    trace.request.connectionCloseMicros = 5_250
    trace.request.status = 404
    var failed = RecordFactory.trace()
    failed.request.client = 77
    failed.request.status = 0
    failed.request.error = .timeout
    failed.packets = "no JSON"
    var records = RunRecords()
    records.traces = [trace, failed]
    try fixture.commitResults(of: id, perRegion: 2, records: records)
  }

  override func tearDown() {
    fixture = nil
  }

  private func traces(_ target: String = "") throws -> [JSONObject] {
    try fixture.call("GET", "/executions/\(id)\(target)").array().compactMap(\.objectValue)
  }

  func test_list_hasTheShapeOfTheAPI() throws {
    let answer = try fixture.call("GET", "/executions/\(id)/traces")
    assertShape(try answer.json(), .array(Shapes.trace))
    let list = try traces("/traces")
    XCTAssertEqual(
      list.map { $0["status"] }, ["404", "timeout", "404", "timeout"].map { .string($0) })
    XCTAssertEqual(list[0]["resource"], .string("GET http://a/"))
    XCTAssertEqual(list[0]["length"], .int(219))
    XCTAssertEqual(list[0]["traceAt"], .string("2023-11-14T22:13:30.000Z"))
    guard case .int(let region)? = list[2]["regionId"] else { return XCTFail("no region") }
    XCTAssertEqual(try traces("/regions/\(region)/traces").count, 2)
    XCTAssertEqual(try traces("/traces?offset=3&limit=9").count, 1)
  }

  func test_trace_hasItsResultItsPacketsAndItsRegion() throws {
    guard case .int(let number)? = try traces("/traces")[0]["id"] else { return XCTFail("no id") }
    let path = "/execution-traces/\(number)"
    let answer = try fixture.call("GET", path)
    assertShape(try answer.json(), Shapes.wholeTrace)
    let object = try answer.object()
    let result = object["result"]?.objectValue
    XCTAssertEqual(result?["iteration"], .int(1))
    let packets = object["packets"]?.arrayValue
    XCTAssertEqual(packets?.count, 1)
    XCTAssertEqual(packets?[0].objectValue?["packetType"], .string("DnsLookup"))
    XCTAssertEqual(object["executionRegion"]?.objectValue?["executionId"], .int(id))
    let results = try fixture.call("GET", "/executions/\(id)/results").array()
    XCTAssertTrue(results.contains { $0.objectValue?["id"] == result?["id"] })
    let bare = try fixture.call(
      "GET", "\(path)?up=false&down=false&includeResult=false"
    ).object()
    XCTAssertEqual(
      bare.members.map(\.key),
      ["id", "length", "createdAt", "updatedAt", "traceAt", "status", "regionId", "resource"])
  }

  func test_traceWithoutItsRequest_orWithDamagedPackets_isShownAllTheSame() throws {
    guard case .int(let number)? = try traces("/traces")[1]["id"] else { return XCTFail("no id") }
    let object = try fixture.call("GET", "/execution-traces/\(number)").object()
    XCTAssertNil(object["result"])
    XCTAssertEqual(object["packets"], .array([]))
    XCTAssertEqual(try fixture.call("GET", "/execution-traces/999999").status, 404)
    XCTAssertEqual(try fixture.call("GET", "/execution-traces/x").status, 404)
  }
}

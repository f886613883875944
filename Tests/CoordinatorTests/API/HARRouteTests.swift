import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class HARRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  private static let page = "<h1>größe</h1>"

  private static func packet(_ type: String, _ members: JSONObject) -> JSONValue {
    var packet = members
    packet["packetType"] = .string(type)
    packet["packetAt"] = .string("2023-11-14T22:13:20.000Z")
    return .object(packet)
  }

  private static func message(
    _ startLine: String?, _ headers: JSONObject, _ body: [UInt8], length: Int? = nil
  ) -> JSONObject {
    var packet: JSONObject = [
      "length": .int(Int64(length ?? body.count)), "dataLength": .int(Int64(body.count)),
      "data": .string(Data(body).base64EncodedString()),
    ]
    if let startLine {
      packet["startLine"] = .string(startLine)
      packet["headers"] = .string(JSONValue.object(headers).text)
    }
    return packet
  }

  /// A form that is posted after an interim answer, and a page with cookies.
  private static let packets = JSONValue.array([
    packet("DnsLookup", ["length": .int(0), "dataLength": .int(0)]),
    packet("ConnectionOpened", ["address": .string("[::1]:8080")]),
    packet(
      "DataSent",
      message(
        "POST /?q=a+b HTTP/1.1",
        [
          "Host": .string("a"), "Cookie": .string("sid=***; lang=de"),
          "Content-Type": .string("application/x-www-form-urlencoded"),
        ], [])),
    packet("DataReceived", message("HTTP/1.1 100 Continue", [:], [])),
    packet("DataSent", message(nil, [:], Array("user=me&pass=***".utf8))),
    packet(
      "DataReceived",
      message(
        "HTTP/1.1 303 See Other",
        [
          "Content-Type": .string("text/html; charset=utf-8"), "location": .string("/next"),
          "Set-Cookie": .string("a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT, b=2; HttpOnly"),
        ], Array(page.utf8))),
    packet("ConnectionClosed", [:]),
  ])

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
  }

  override func tearDown() {
    fixture = nil
  }

  /// Four results a region; of the second there is a trace, and further ones of requests that are
  /// not there.
  private func commit() throws {
    var trace = RecordFactory.trace("=danger()")
    trace.request.startedAtMicros = 1_700_000_010_000_000
    trace.request.iteration = 1
    trace.request.connection = 0
    trace.request.connectionCloseMicros = 5_250
    trace.request.status = 404
    trace.method = "POST"
    trace.url = "http://a/?q=a+b#fragment"
    trace.packets = Self.packets.text
    var lost = RecordFactory.trace("lost")
    lost.request.client = 77
    lost.request.status = 0
    lost.request.error = .timeout
    lost.packets = "no JSON"
    var records = RunRecords()
    records.traces = [trace, lost]
    try fixture.commitResults(of: id, perRegion: 4, records: records)
  }

  private func entries(_ path: String) throws -> [JSONValue] {
    let answer = try fixture.call("GET", path)
    XCTAssertEqual(answer.status, 200, answer.text)
    XCTAssertEqual(answer.header("Content-Type"), "application/json")
    return try HARReader(answer.body).entries
  }

  private func pairs(_ value: JSONValue?) -> [String] {
    (value?.arrayValue ?? []).map {
      "\($0["name"]?.stringValue ?? "?")=\($0["value"]?.stringValue ?? "?")"
    }
  }

  func test_results_areEntriesInTheOrderOfTheirIds() throws {
    try commit()
    let entries = try entries("/executions/\(id)/results.har")
    let results = try fixture.call("GET", "/executions/\(id)/results").array()
    XCTAssertEqual(entries.map { $0["_resultId"] }, results.map { $0["id"] })
    XCTAssertEqual(
      entries.map { $0["_traceId"] != nil },
      [false, true, false, false, false, false, false, false])
    let first = entries[0]
    XCTAssertEqual(first["startedDateTime"], .string("2023-11-14T22:13:20.000Z"))
    XCTAssertEqual(first["time"], .double(5.25))
    XCTAssertEqual(first["timings"]?["connect"], .double(0.183))
    XCTAssertEqual(first["timings"]?["dns"], .int(-1))
    XCTAssertEqual(first["timings"]?["receive"], .double(0.25))
    XCTAssertEqual(first["request"]?["url"], .string("http://a/"))
    XCTAssertEqual(first["request"]?["headersSize"], .int(-1))
    XCTAssertEqual(first["response"]?["status"], .int(200))
    XCTAssertEqual(first["response"]?["content"]?["mimeType"], .string("text/html"))
    XCTAssertEqual(first["response"]?["bodySize"], .int(-1))
    XCTAssertEqual(first["_client"], .int(0))
    XCTAssertEqual(first["_region"], .string("north"))
    XCTAssertEqual(first["_bytesReceived"], .int(240))
    XCTAssertEqual(
      entries[3]["request"]?["url"], .string("urn:throng:resource:%3Ddanger%28%29"))
  }

  func test_trace_givesItsEntryHeadersBodiesAndPackets() throws {
    try commit()
    let entry = try entries("/executions/\(id)/results.har")[1]
    let request = try XCTUnwrap(entry["request"])
    XCTAssertEqual(request["url"], .string("http://a/?q=a+b"))
    XCTAssertEqual(request["httpVersion"], .string("HTTP/1.1"))
    XCTAssertEqual(pairs(request["queryString"]), ["q=a b"])
    XCTAssertEqual(pairs(request["cookies"]), ["sid=***", "lang=de"])
    XCTAssertEqual(pairs(request["headers"]).first, "Host=a")
    XCTAssertEqual(request["postData"]?["text"], .string("user=me&pass=***"))
    XCTAssertEqual(request["bodySize"], .int(16))
    XCTAssertEqual(request["headersSize"], .int(64), "80 bytes were sent")
    let response = try XCTUnwrap(entry["response"])
    XCTAssertEqual(response["status"], .int(404), "that of the result")
    XCTAssertEqual(response["statusText"], .string("See Other"))
    XCTAssertEqual(response["redirectURL"], .string("/next"))
    XCTAssertEqual(pairs(response["cookies"]), ["a=1", "b=2"])
    XCTAssertEqual(
      response["cookies"]?[0]?["expires"], .string("2015-10-21T07:28:00.000Z"))
    XCTAssertEqual(pairs(response["headers"]).filter { $0.hasPrefix("Set-Cookie") }.count, 2)
    XCTAssertEqual(response["content"]?["text"], .string(Self.page))
    XCTAssertEqual(response["content"]?["size"], .int(Int64(Self.page.utf8.count)))
    XCTAssertEqual(response["bodySize"], .int(Int64(Self.page.utf8.count)))
    XCTAssertEqual(response["headersSize"], .int(-1), "there was an interim one")
    XCTAssertEqual(entry["serverIPAddress"], .string("::1"))
    XCTAssertEqual(
      entry["_packets"]?.arrayValue?.compactMap { $0["packetType"]?.stringValue },
      [
        "DnsLookup", "ConnectionOpened", "DataSent", "DataReceived", "DataSent", "DataReceived",
        "ConnectionClosed",
      ])
    XCTAssertNil(entry["_packets"]?[2]?["data"])
  }

  func test_variants_andPages_areThoseOfTheResults() throws {
    try commit()
    let results = try fixture.call("GET", "/executions/\(id)/results").array()
    let region = try XCTUnwrap(results[1]["executionRegionId"]?.intValue)
    let resource = try XCTUnwrap(results[1]["resource"]?["id"]?.intValue)
    for scope in [
      "/regions/\(region)", "/resources/\(resource)", "/regions/\(region)/resources/\(resource)",
    ] {
      let path = "/executions/\(id)\(scope)/results"
      let wanted = try fixture.call("GET", path).array()
      XCTAssertLessThan(wanted.count, results.count)
      let entries = try entries(path + ".har")
      XCTAssertEqual(entries.map { $0["_resultId"] }, wanted.map { $0["id"] }, path)
      XCTAssertTrue(entries.contains { $0["_traceId"] != nil }, path)
    }
    let page = try entries("/executions/\(id)/results.har?offset=1&limit=2")
    XCTAssertEqual(page.map { $0["_resultId"] }, [results[1]["id"], results[2]["id"]])
    XCTAssertNotNil(page[0]["_traceId"])
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/results.har?limit=x&up=1").badFields(),
      ["limit", "up"])
  }

  func test_executionWithoutResults_hasNoEntries() throws {
    XCTAssertEqual(try entries("/executions/\(id)/results.har").count, 0)
    let answer = try fixture.call("HEAD", "/executions/\(id)/results.har")
    XCTAssertEqual(
      answer.header("Content-Disposition"), "attachment; filename=\"execution-\(id)-results.har\"")
  }

  func test_oneTrace_isAnArchive_underEachOfItsNames() throws {
    try commit()
    let traces = try fixture.call("GET", "/executions/\(id)/traces").array()
    let number = try XCTUnwrap(traces[0]["id"]?.intValue)
    let inAll = try entries("/executions/\(id)/results.har")[1]
    for path in [
      "/execution-traces/\(number).har", "/traces/\(number).har",
      "/executions/\(id)/traces/\(number).har",
    ] {
      XCTAssertEqual(try entries(path), [inAll], path)
    }
    XCTAssertEqual(
      try fixture.call("GET", "/traces/\(number).har").header("Content-Disposition"),
      "attachment; filename=\"trace-\(number).har\"")
    XCTAssertEqual(
      try fixture.call("GET", "/execution-traces/\(number)").object()["id"], traces[0]["id"])
    let lost = try XCTUnwrap(
      entries("/traces/\(XCTUnwrap(traces[1]["id"]?.intValue)).har").first)
    XCTAssertNil(lost["_resultId"])
    XCTAssertEqual(lost["_error"], .string("timeout"))
    XCTAssertEqual(lost["response"]?["status"], .int(0))
    XCTAssertEqual(lost["_agent"], .string("7316fdd5-a620-401f-ae3a-9c9468489ed4"))
  }

  func test_errors_nameWhatIsNotThere() throws {
    try commit()
    let other = try fixture.makeExecution()
    let number = try XCTUnwrap(
      fixture.call("GET", "/executions/\(id)/traces").array()[0]["id"]?.intValue)
    for path in [
      "/traces/999.har", "/traces/x.har", "/traces/.har", "/traces/\(number)", "/traces/1.HAR",
      "/executions/\(other)/traces/\(number).har", "/executions/999/results.har",
    ] {
      XCTAssertEqual(try fixture.call("GET", path).status, 404, path)
    }
    // Of the coordinator, but not of this execution.
    let third = try fixture.makeExecution()
    try fixture.commitResults(of: third, perRegion: 1)
    let resource = try XCTUnwrap(
      fixture.call("GET", "/executions/\(third)/resources").array()[0]["resource"]?["id"]?.intValue)
    let empty = try fixture.makeExecution()
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(empty)/resources/\(resource)/results.har").status, 404)
    XCTAssertEqual(try fixture.call("GET", "/traces/\(number).har?up=1").badFields(), ["up"])
    XCTAssertEqual(try fixture.call("DELETE", "/traces/\(number).har").status, 405)
  }
}

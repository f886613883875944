import Shared
import XCTest

@testable import Coordinator

final class ReadingRouteTests: XCTestCase {
  private func started(_ fixture: APIFixture, perRegion: Int = 6) throws -> Int64 {
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: perRegion)
    return id
  }

  private func int(_ object: JSONObject?, _ name: String) throws -> Int64 {
    guard case .int(let value)? = object?[name] else {
      throw Unexpected(what: "no integer \(name)")
    }
    return value
  }

  func test_summary_regionsAndResources_addUp() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let whole = try fixture.call("GET", "/executions/\(id)/summary")
    assertShape(try whole.json(), Shapes.summary)
    XCTAssertEqual(try int(try whole.object(), "count"), 12)
    XCTAssertEqual(try int(try whole.object(), "iterationsExecuted"), 12)
    XCTAssertEqual(try int(try whole.object(), "concurrentClients"), 5)

    let regions = try fixture.store.read {
      try ExecutionRegionStore.list(of: ExecutionID(id), in: $0)
    }
    var sum: Int64 = 0
    for region in regions {
      let part = try fixture.call("GET", "/executions/\(id)/regions/\(region.id)/summary")
      assertShape(try part.json(), Shapes.regionSummary)
      sum += try int(try part.object(), "count")
    }
    XCTAssertEqual(sum, 12)

    let resources = try fixture.call("GET", "/executions/\(id)/resources")
    assertShape(
      try resources.json(),
      .array(.object(["resource": Shapes.resource, "summary": Shapes.resourceSummary])))
    let counts = try resources.array().map {
      try int($0.objectValue?["summary"]?.objectValue, "count")
    }
    XCTAssertEqual(counts, [6, 6])
  }

  /// Nanoseconds that the resources of an execution with `count` of them take.
  private func nanosOfResources(_ count: Int) throws -> Int64 {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commit(of: id) { place, _ in
      var batch = ResultBatch()
      batch.strings = ["GET", "text/html"]
      for number in 0..<count / 2 {
        batch.strings.append("GET /\(place)/\(number)")
        var row = BatchFactory.request(resource: UInt32(number + 2))
        row.method = 0
        row.contentType = 1
        batch.requests.append(row)
      }
      return batch
    }
    let began = Clock.monotonicNanos()
    let answer = try fixture.call("GET", "/executions/\(id)/resources")
    let nanos = Clock.monotonicNanos() - began
    XCTAssertEqual(answer.text.components(separatedBy: #""resourceId":"#).count - 1, count)
    return nanos
  }

  func test_manyResources_takeTimeInProportion() throws {
    let (few, many) = try (nanosOfResources(800), nanosOfResources(8_000))
    print("resources: 800 in \(few / 1_000_000) ms, 8,000 in \(many / 1_000_000) ms")
    XCTAssertLessThan(many, few * 40)
  }

  func test_intervals_areAlignedAndAddUp() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let intervals = try fixture.call("GET", "/executions/\(id)/intervals").array()
    try XCTAssertEqual(XCTUnwrap(intervals.isEmpty ? nil : intervals).count, 6)
    let starts = try intervals.map { try int($0.objectValue, "intervalStart") }
    XCTAssertEqual(starts, starts.sorted())
    XCTAssertTrue(starts.allSatisfy { $0 > 0 && $0 % 10_000 == 0 })
    XCTAssertEqual(
      try intervals.reduce(0) { try $0 + int($1.objectValue, "count") }, 12)
    let latest = try fixture.call("GET", "/executions/\(id)/intervals?numIntervals=2").array()
    XCTAssertEqual(latest, Array(intervals.suffix(2)))
    let since = try fixture.call("GET", "/executions/\(id)/intervals?since=\(starts[4])")
    XCTAssertEqual(try since.array(), Array(intervals.suffix(2)))
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/intervals?numIntervals=-1&since=x").badFields(),
      ["numIntervals", "since"])
  }

  func test_metric_hasItsNamespaceAndStatistics() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let path = "/executions/\(id)/metric"
    let timing = try fixture.call("GET", "\(path)?ns=Testable&name=firstReceivedMs")
    assertShape(try timing.json(), Shapes.timing)
    XCTAssertTrue(timing.text.contains(#""mean":5,"min":5,"max":5"#), timing.text)
    XCTAssertEqual(
      try fixture.call("GET", "\(path)?ns=Testable&name=httpResponseCode").text,
      #"{"namespace":"Testable","metricDef":"httpResponseCode","metricType":"Histogram","#
        + #""metricValueMap":{"200":6,"404":6}}"#)
    XCTAssertEqual(
      try fixture.call("GET", "\(path)?ns=Testable&name=failure").object()["metricValue"], .int(6))
    XCTAssertEqual(try fixture.call("GET", "\(path)?name=tlsHandshakeMs").status, 200)
    XCTAssertEqual(try fixture.call("GET", "\(path)?name=nonsense").status, 404)
    XCTAssertEqual(try fixture.call("GET", "\(path)?ns=User&name=success").status, 404)
    XCTAssertEqual(try fixture.call("GET", path).badFields(), ["name"])
    XCTAssertEqual(try fixture.call("GET", "\(path)?name=cpu&name=memory").badFields(), ["name"])
  }

  func test_resource_isFoundByIdAndByName() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let list = try fixture.call("GET", "/executions/\(id)/resources?intervals=true").array()
    let resource = try XCTUnwrap(list.first?.objectValue?["resource"]?.objectValue)
    let number = try int(resource, "id")
    let byID = try fixture.call("GET", "/executions/\(id)/resources/\(number)")
    XCTAssertEqual(byID.status, 200)
    XCTAssertEqual(try byID.object()["intervals"]?.arrayValue?.count, 3)
    XCTAssertEqual(try byID.json(), list.first)
    let byName = try fixture.call("GET", "/executions/\(id)/resources/GET%20http:%2F%2Fa%2F")
    XCTAssertEqual(byName.body, byID.body)
    let short = try fixture.call("GET", "/executions/\(id)/resources/\(number)?intervals=false")
    XCTAssertNil(try short.object()["intervals"])
    let starts = try (list.first?.objectValue?["intervals"]?.arrayValue ?? []).map {
      try int($0.objectValue, "intervalStart")
    }
    for (query, wanted) in [
      ("numIntervals=1", starts.suffix(1)), ("since=\(starts[1])", starts.suffix(2)),
      ("since=0&numIntervals=2&intervals=true", starts.suffix(2)), ("numIntervals=0", []),
    ] {
      let all = try fixture.call("GET", "/executions/\(id)/resources?\(query)").array()
      let one = try fixture.call("GET", "/executions/\(id)/resources/\(number)?\(query)").json()
      XCTAssertEqual(all.first, one, query)
      XCTAssertEqual(all.count, list.count, query)
      XCTAssertEqual(
        try one.objectValue?["intervals"]?.arrayValue?.map {
          try int($0.objectValue, "intervalStart")
        }, Array(wanted), query)
      XCTAssertEqual(one.objectValue?["summary"], list.first?.objectValue?["summary"], query)
    }
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/resources?numIntervals=x&since=y").badFields(),
      ["numIntervals", "since"])
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)/resources/12345").status, 404)
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)/resources/none").status, 404)
  }

  func test_results_haveShapeAndPages() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let all = try fixture.call("GET", "/executions/\(id)/results").array()
    XCTAssertEqual(all.count, 12)
    for result in all { assertShape(result, Shapes.result) }
    let page = try fixture.call("GET", "/executions/\(id)/results?offset=5&limit=3").array()
    XCTAssertEqual(page, Array(all[5..<8]))
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/results?offset=-1&limit=q").badFields(),
      ["offset", "limit"])
    let first = try XCTUnwrap(all.first?.objectValue)
    XCTAssertEqual(first["threadId"], .string("\(id):north:0"))
    let metrics = try XCTUnwrap(first["metrics"]?.arrayValue)
    let open = metrics.first {
      $0.objectValue?["metricDef"] == .string("connectionOpenMs")
    }
    XCTAssertEqual(open?.objectValue?["metricValue"]?.number, 0.183)
    XCTAssertFalse(
      metrics.contains { $0.objectValue?["metricDef"] == .string("tlsHandshakeMs") },
      "what did not happen has no metric")
  }

  func test_results_ofRegionAndResource_areSubsets() throws {
    let fixture = try APIFixture()
    let id = try started(fixture)
    let regions = try fixture.store.read {
      try ExecutionRegionStore.list(of: ExecutionID(id), in: $0)
    }
    let region = try XCTUnwrap(regions.first?.id)
    func count(_ path: String) throws -> Int {
      let csv = try fixture.call("GET", "/executions/\(id)\(path)/results.csv").text
      let json = try fixture.call("GET", "/executions/\(id)\(path)/results").array()
      XCTAssertEqual(csv.split(separator: "\r\n").count - 1, json.count)
      return json.count
    }
    XCTAssertEqual(try count("/regions/\(region)"), 6)
    XCTAssertEqual(try count("/resources/GET%20http:%2F%2Fa%2F"), 6)
    XCTAssertEqual(try count("/regions/\(region)/resources/GET%20http:%2F%2Fa%2F"), 3)
    let other = try fixture.makeExecution()
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(other)/regions/\(region)/results").status, 404)
  }

  func test_resultsCSV_isDownloadWithDefusedText() throws {
    let fixture = try APIFixture()
    let id = try started(fixture, perRegion: 2)
    let answer = try fixture.call("GET", "/executions/\(id)/results.csv")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"execution-\(id)-results.csv\"")
    XCTAssertTrue(answer.header("Content-Type")?.hasPrefix("text/csv") == true)
    let lines = answer.text.components(separatedBy: "\r\n")
    XCTAssertEqual(lines.count, 6)
    XCTAssertEqual(lines.last, "")
    let names = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    let cells = lines[2].split(separator: ",", omittingEmptySubsequences: false)
    XCTAssertEqual(cells.count, names.count)
    let row = Dictionary(uniqueKeysWithValues: zip(names, cells))
    XCTAssertEqual(row["resource"], "'=danger()")
    XCTAssertEqual(row["firstReceivedMs"], "5")
    XCTAssertEqual(row["connectionOpenMs"], "0.183")
    XCTAssertEqual(row["tlsHandshakeMs"], "")
    XCTAssertEqual(row["httpResponseCode"], "404")
    XCTAssertEqual(row["success"], "0")
    XCTAssertEqual(row["failure"], "1")
    XCTAssertEqual(row["bandwidth"], "320")
    XCTAssertEqual(row["region"], "north")
  }

  func test_logs_inBothFormsAndOrders() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let user = "two\nlines\u{1B}[31m\u{2028}\tx"
    try fixture.store.write { db in
      for (index, message) in ["Execution started", user, "Test completed"].enumerated() {
        let at = 1_457_636_257_069 + Int64(index)
        _ = try LogStore.insert(
          LogRecord(
            id: 0, execution: ExecutionID(id), createdAtMs: at, updatedAtMs: at, loggedAtMs: at,
            level: index == 1 ? "Warning" : "Info", message: message, isSystem: index != 1),
          in: db)
      }
    }
    let path = "/executions/\(id)/logs"
    let all = try fixture.call("GET", path)
    assertShape(try all.json(), Shapes.logs)
    XCTAssertEqual(try all.object()["size"], .int(3))
    XCTAssertEqual(
      try fixture.call("GET", "\(path).txt").text,
      "2016-03-10T18:57:37.069Z INFO Execution started\n"
        + "2016-03-10T18:57:37.070Z WARNING two\\nlines\\u001b[31m\\u2028\tx\n"
        + "2016-03-10T18:57:37.071Z INFO Test completed\n")
    XCTAssertEqual(
      try fixture.call("GET", "\(path).txt?asc=false&systemOnly=true&limit=1").text,
      "2016-03-10T18:57:37.071Z INFO Test completed\n")
    let system = try fixture.call("GET", "\(path)?systemOnly=true&offset=1").object()
    XCTAssertEqual(system["size"], .int(1))
    XCTAssertEqual(system["logs"]?.arrayValue?.count, 1)
    XCTAssertEqual(try fixture.call("GET", "\(path)?asc=1").badFields(), ["asc"])
    let empty = try fixture.call("GET", "\(path)?limit=0").text
    XCTAssertEqual(empty, #"{"size":0,"logs":[]}"#)
  }

  func test_summary_beforeResults_isEmptyButWhole() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let answer = try fixture.call("GET", "/executions/\(id)/summary")
    assertShape(try answer.json(), Shapes.summary)
    XCTAssertEqual(try answer.object()["count"], .int(0))
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)/intervals").text, "[]")
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)/results").text, "[]")
  }
}

import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Checks as assertions: every one with whose it is, beside the tests of suites.
final class CheckRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0
  private var path: String { "/executions/\(id)" }
  private static let start = BatchFactory.epochMicros

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
    try fixture.commit(of: id) { place, _ in Self.batch(place) }
    try submit(seq: 2, Self.laterBatch)
  }

  override func tearDown() {
    fixture = nil
  }

  /// Five iterations of one request with two checks, of which the second fails in two.
  private static func batch(_ place: Int) -> ResultBatch {
    var batch = RecordFactory.batch {
      $0.suiteResults = [RecordFactory.suite(), RecordFactory.suite(failure: "expected 200")]
      for (number, name) in ["fine.txt", "failed.txt"].enumerated() {
        var file = RecordFactory.file(UInt32(number))
        file.metadata.name = name
        file.metadata.moment = ClientMoment(
          client: UInt32(10 * place + number), iteration: UInt32(number))
        $0.files.append(file)
      }
    }
    batch.strings = ["GET /a", "b", "GET", "text/html", "status is 200", "::Login::form::token"]
    for index in 0..<5 {
      var row = BatchFactory.request(at: start + Int64(index) * 1_000_000)
      row.client = UInt32(10 * place + index % 2)
      row.iteration = UInt32(index / 2)
      row.connection = row.client
      batch.requests.append(row)
      for name in [4, 5] as [UInt32] {
        batch.assertions.append(
          CheckRow(
            atMicros: row.startedAtMicros + 1_200 + Int64(name) * 1_000, client: row.client,
            iteration: row.iteration, name: name, request: Int32(index),
            passed: name == 4 || index < 3))
      }
    }
    return batch
  }

  /// A check after a pause, one of an iteration without requests.
  private static var laterBatch: ResultBatch {
    var batch = ResultBatch()
    batch.strings = ["status is 200"]
    batch.assertions = [
      CheckRow(atMicros: start + 9_000_000, client: 0, iteration: 2, name: 0, passed: true),
      CheckRow(atMicros: start + 9_000_001, client: 0, iteration: 3, name: 0, passed: true),
    ]
    return batch
  }

  private func submit(seq: Int, _ batch: ResultBatch) throws {
    let chunk = try XCTUnwrap(
      try fixture.store.read { try ChunkStore.list(of: ExecutionID(id), in: $0) }.first)
    _ = fixture.ingester.submit(
      BatchFactory.line(batch, LeaseKey(chunk: chunk.id, epoch: 1), seq: seq))
    fixture.waitUntilCommitted()
  }

  private func get(_ target: String) throws -> Answer {
    try fixture.call("GET", "\(path)/\(target)")
  }

  private func checks(_ target: String) throws -> [JSONValue] {
    try get(target).array().filter { $0["kind"] == "check" }
  }

  func test_everyCheck_tellsWhoseItIs_andWhatItFollowed() throws {
    let all = try get("suite-results").array()
    XCTAssertEqual(all.count, 4 + 22)
    XCTAssertEqual(all.prefix(4).map { $0["kind"]?.stringValue }, ["test", "test", "test", "test"])
    let ids = all.compactMap { $0["id"]?.intValue }
    XCTAssertEqual(Set(ids).count, 26)
    XCTAssertEqual(ids.suffix(22), ids.suffix(22).sorted())
    let results = Dictionary(
      try get("results").array().map { ($0["id"]?.intValue ?? 0, $0) }, uniquingKeysWith: { $1 })
    for check in all.dropFirst(4).prefix(20) {
      let result = try XCTUnwrap(results[check["resultId"]?.intValue ?? 0])
      for member in ["client", "iteration", "threadId", "connectionId", "executionRegionId"] {
        XCTAssertEqual(check[member]?.text, result[member]?.text, member)
      }
      XCTAssertNil(check["durationMs"])
    }
    let failed = all[4 + 7]
    XCTAssertEqual(failed["suite"], "Login::form")
    XCTAssertEqual(failed["test"], "token")
    XCTAssertEqual(failed["passed"]?.text, "false")
    XCTAssertEqual(failed["message"], "check failed")
    XCTAssertEqual(failed["region"], "north")
    XCTAssertEqual(failed["timestamp"], "2023-11-14T22:13:23.006Z")
    XCTAssertEqual(all[4]["suite"], "checks")
    XCTAssertEqual(all[4]["test"], "status is 200")
    XCTAssertNil(all[4]["message"])
  }

  func test_checkAfterAPause_findsItsRequestInAnEarlierBatch() throws {
    let late = try Array(checks("suite-results").suffix(2))
    let result = try XCTUnwrap(
      try get("results").array().first {
        $0["client"]?.intValue == 0 && $0["iteration"]?.intValue == 2
      })
    XCTAssertEqual(late[0]["resultId"]?.text, result["id"]?.text)
    XCTAssertEqual(late[0]["connectionId"]?.text, result["connectionId"]?.text)
    XCTAssertNil(late[1]["resultId"], "its iteration made no request")
    XCTAssertNil(late[1]["connectionId"])
  }

  func test_lists_areNarrowedByFailureRegionThreadAndPage() throws {
    let regions = try fixture.regions(of: id)
    for part in [""] + regions.map({ "regions/\($0)/" }) {
      for list in ["suite-results", "failed-suite-results"] {
        let all = try get("\(part)\(list)").array()
        XCTAssertEqual(
          all,
          try get("suite-results").array().filter {
            (part.isEmpty || part.contains("/\($0["executionRegionId"]?.text ?? "")/"))
              && (list == "suite-results" || $0["passed"]?.text == "false")
          })
        for offset in 0...all.count {
          for limit in [0, 1, 3, 99] {
            XCTAssertEqual(
              try get("\(part)\(list)?offset=\(offset)&limit=\(limit)").array(),
              Array(all.dropFirst(offset).prefix(limit)))
          }
        }
        for thread in ["north:0", "north:1", "south:10", "south:11", "north:11", "south:2"] {
          XCTAssertEqual(
            try get("\(part)\(list)?threadId=\(id):\(thread)").array(),
            all.filter { $0["threadId"]?.stringValue == "\(id):\(thread)" })
        }
        let csv = try CSVReader(get("\(part)\(list).csv").text)
        XCTAssertEqual(
          csv.rows.map { $0[0] }, all.map { $0["id"]?.text ?? "" })
        for (row, json) in zip(csv.rows, all) {
          let row = Dictionary(uniqueKeysWithValues: zip(csv.header, row))
          for column in ["suite", "test", "kind"] {
            XCTAssertEqual(row[column], json[column]?.stringValue, column)
          }
          XCTAssertEqual(row["passed"], json["passed"]?.text)
          XCTAssertEqual(row["resultId"], json["resultId"]?.text ?? "")
          XCTAssertEqual(row["durationMs"], json["durationMs"]?.text ?? "")
        }
      }
    }
  }

  func test_summariesAndErrors_areWhatTheListsAddUpTo() throws {
    for part in [""] + (try fixture.regions(of: id)).map({ "regions/\($0)/" }) {
      let summaries = try checks("\(part)suite-summaries?includeErrors=true")
      XCTAssertEqual(summaries.map { $0["suite"] }, ["Login::form", "checks"])
      for summary in summaries {
        let mine = try checks("\(part)suite-results").filter { $0["test"] == summary["test"] }
        let failed = mine.filter { $0["passed"]?.text == "false" }
        XCTAssertEqual(summary["executed"]?.intValue, mine.count)
        XCTAssertEqual(summary["failed"]?.intValue, failed.count)
        XCTAssertNil(summary["durationMs"])
        let times = mine.compactMap { $0["timestamp"]?.stringValue }.sorted()
        XCTAssertEqual(summary["firstAt"]?.stringValue, times.first)
        XCTAssertEqual(summary["lastAt"]?.stringValue, times.last)
        XCTAssertEqual(
          summary["lastFailureAt"]?.stringValue,
          failed.compactMap { $0["timestamp"]?.stringValue }.max())
        let errors = summary["errors"]?.arrayValue ?? []
        XCTAssertEqual(errors.count, failed.isEmpty ? 0 : 1)
        guard let error = errors.first else { continue }
        XCTAssertEqual(error["count"]?.intValue, failed.count)
        XCTAssertEqual(error["example"]?["threadId"], failed[0]["threadId"])
        XCTAssertEqual(error["example"]?["iteration"], failed[0]["iteration"])
        XCTAssertEqual(error["firstAt"], failed[0]["timestamp"])
      }
      XCTAssertEqual(try checks("\(part)suite-errors").map { $0["test"] }, ["token"])
    }
    let totals = try get("summary").json()["checks"]?.arrayValue ?? []
    XCTAssertEqual(
      totals.map { [$0["passes"]?.intValue, $0["fails"]?.intValue] }, [[6, 4], [12, 0]])
    let rows = try CSVReader(get("suite-summaries.csv?includeErrors=true").text).rows
    XCTAssertEqual(rows.map { $0[0] }, ["test", "error", "check", "error", "check"])
    XCTAssertEqual(rows[4].prefix(6), ["check", "checks", "status is 200", "12", "12", "0"])
    XCTAssertEqual(rows[4].dropFirst(8).prefix(7), ["", "", "", "", "", "", ""])
  }

  func test_mergedBatches_andAggregatesMadeAnew_sayTheSame() throws {
    let lists = ["suite-results", "failed-suite-results", "suite-summaries", "suite-errors"]
    let before = try lists.map { try get($0).text }
    let compactor = Zstandard()
    var from: Int64? = 0
    while let place = from {
      from = try fixture.store.write { db in
        try BatchStore.compact(ExecutionID(id), from: place, compressor: compactor, in: db)
      }
    }
    XCTAssertEqual(try lists.map { try get($0).text }, before)
    let reader = try fixture.store.read {
      try BatchStore.nextIDs(from: 0, of: ExecutionID(id), in: $0)
    }
    XCTAssertEqual(reader?.count, 11, "one batch holds everything")
    XCTAssertEqual(try fixture.ingester.rebuild(ExecutionID(id)), [])
    XCTAssertEqual(try lists.map { try get($0).text }, before)
    let bytes = try fixture.ingester.snapshot(ExecutionID(id)) { $0.encoded() }
    let decoded = try IntervalAggregator(decoding: bytes)
    XCTAssertEqual(
      decoded.checks().summaries,
      try fixture.ingester.snapshot(ExecutionID(id)) { $0.checks().summaries })
  }

  func test_filesOfIterationsWithFailedChecks_areOfFailures() throws {
    func names(_ query: String) throws -> [String] {
      try get("output-files\(query)").array().compactMap { $0["name"]?.stringValue }
    }
    XCTAssertEqual(try names(""), ["fine.txt", "failed.txt", "fine.txt", "failed.txt"])
    XCTAssertEqual(try names("?failuresOnly=true"), ["failed.txt", "failed.txt"])
    XCTAssertEqual(try names("?failuresOnly=true&client=11"), ["failed.txt"])
    XCTAssertEqual(try names("?failuresOnly=true&offset=1&limit=5"), ["failed.txt"])
  }

  func test_checksThatWereOnlyCounted_areInSummariesAsBefore() throws {
    let other = try fixture.makeExecution()
    try fixture.commitResults(of: other, perRegion: 1)
    XCTAssertEqual(try fixture.call("GET", "/executions/\(other)/suite-results").text, "[]")
    let summaries = try fixture.call("GET", "/executions/\(other)/suite-summaries").array()
    XCTAssertEqual(summaries.map { $0["test"] }, ["status is 200"])
    XCTAssertEqual(summaries[0]["executed"]?.intValue, 4)
    XCTAssertEqual(summaries[0]["failed"]?.intValue, 2)
  }
}

import Foundation
import Shared
import XCTest

@testable import Coordinator

/// What downloads of results say, byte for byte, against a rendering that is made row by row.
final class ResultTextTests: XCTestCase {
  private static let texts = [
    "GET http://a/", "=danger()", "GET", "text/html; charset=\"x\"", "a,b\r\nc",
    " gr\u{F6}\u{DF}e ",
  ]

  /// Batches of both leases of the fixture: some like real ones, some with any values.
  private func filled() throws -> (StoreFixture, names: [NameID]) {
    let fixture = try StoreFixture.make(for: self)
    let names = try fixture.store.write { db in
      try Self.texts.map { try NameStore.intern($0, atMs: 1_600_000_000_123, in: db) }
    }
    var next: Int64 = 1
    for index in 0..<24 {
      var batch =
        index % 3 == 0
        ? BatchFactory.hostile(seed: UInt64(index))
        : BatchFactory.realistic(requests: 700, clients: 5, seed: UInt64(index))
      for row in batch.requests.indices where row % 7 == 3 {
        batch.requests[row].resource = UInt32(row % Self.texts.count)
        batch.requests[row].tlsHandshakeMicros = -1
        batch.requests[row].status = 0
        batch.requests[row].contentType = -1
        batch.requests[row].error = ErrorReason.allCases[row % ErrorReason.allCases.count]
        batch.requests[row].success = false
      }
      let stored = StoredBatch(
        batch, names: names, lease: fixture.leases[index % 2], firstResultID: next,
        committedAtMs: 1_700_000_000_000 + Int64(index) * 999)
      try fixture.store.write { db in
        try BatchStore.insert(stored, execution: fixture.execution, compressor: Zstandard(), in: db)
      }
      next = stored.lastResultID + Int64(1 + index % 3)
    }
    return (fixture, names)
  }

  private func reader(_ fixture: StoreFixture, page: Page = .all) -> ResultReader {
    ResultReader(store: fixture.store, execution: fixture.execution, page: page)
  }

  private func all<Text: ResultText>(_ reader: ResultReader, _ text: Text) throws -> String {
    var source = ResultTextSource(reader, text)
    var bytes: [UInt8] = []
    var pieces = 0
    while let piece = try source.next() {
      XCTAssertLessThan(piece.count, 140 << 10, "pieces bound the memory of an answer")
      bytes += piece
      pieces += 1
    }
    XCTAssertNil(try source.next())
    XCTAssertGreaterThan(pieces, 1)
    return try XCTUnwrap(String(validating: bytes, as: UTF8.self))
  }

  private func regions(of fixture: StoreFixture) -> [ExecutionRegionID: String] {
    [fixture.regions[0]: "east", fixture.regions[1]: "-we\"st"]
  }

  func test_csv_isWhatItsRowsSay() throws {
    let (fixture, _) = try filled()
    let regions = regions(of: fixture)
    let text = try all(reader(fixture), ResultsCSV(fixture.execution, regions: regions))
    let lines = text.components(separatedBy: "\r\n")
    let results = try fixture.results()
    XCTAssertGreaterThan(results.count, 10_000)
    var expected = [
      "id,timestamp,executionId,executionRegionId,region,chunkId,agentId,threadId,connectionId,"
        + "client,iteration,overlap,resourceId,resource,dnsLookupMs,connectionOpenMs,"
        + "tlsHandshakeMs,firstReceivedMs,connectionCloseMs,bytesSent,bytesReceived,bandwidth,"
        + "dataPacketsSent,dataPacketsReceived,success,failure,httpMethod,httpResponseCode,"
        + "httpContentType,errorReason"
    ]
    for result in results {
      expected += csv(result, of: fixture.execution, regions).components(separatedBy: "\r\n")
    }
    XCTAssertEqual(lines.last, "")
    XCTAssertEqual(lines.count - 1, expected.count)
    for (line, wanted) in zip(lines, expected) where line != wanted {
      return XCTFail("\(line)\nis not\n\(wanted)")
    }
  }

  private func csv(
    _ result: StoredResult, of execution: ExecutionID, _ regions: [ExecutionRegionID: String]
  ) -> String {
    let row = result.request
    func ms(_ micros: Int32) -> String {
      guard micros >= 0 else { return "" }
      guard micros % 1_000 > 0 else { return String(micros / 1_000) }
      let digits = String(format: "%d.%03d", micros / 1_000, micros % 1_000)
      return String(digits.reversed().drop { $0 == "0" }.reversed())
    }
    let bandwidth = row.bytesSent.addingReportingOverflow(row.bytesReceived)
    return [
      "\(result.id)", ISOTime.text(micros: row.startedAtMicros), "\(execution)",
      "\(result.executionRegion)", cell(regions[result.executionRegion] ?? ""),
      "\(result.chunk)", result.agent,
      cell("\(execution):\(regions[result.executionRegion] ?? ""):\(row.client)"),
      "\(result.chunk):\(result.epoch)#\(row.connection)", "\(row.client)", "\(row.iteration)",
      "false", "\(result.resource.id)", cell(result.resource.name), ms(row.dnsLookupMicros),
      ms(row.connectionOpenMicros), ms(row.tlsHandshakeMicros),
      ms(row.firstReceivedMicros), ms(row.connectionCloseMicros), "\(row.bytesSent)",
      "\(row.bytesReceived)", "\(bandwidth.overflow ? .max : bandwidth.partialValue)",
      "\(row.dataPacketsSent)", "\(row.dataPacketsReceived)", row.success ? "1" : "0",
      row.success ? "0" : "1", cell(result.method), row.status == 0 ? "" : "\(row.status)",
      result.contentType.map(cell) ?? "", row.error == .none ? "" : row.error.name,
    ].joined(separator: ",")
  }

  private func cell(_ text: String) -> String {
    let safe = "=+-@\t\r\n".contains(text.first ?? "x") ? "'" + text : text
    let special = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard special || text.hasPrefix(" ") || text.hasSuffix(" ") else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  func test_json_isWhatTheWriterOfOneResultMakes() throws {
    let (fixture, _) = try filled()
    let regions = regions(of: fixture)
    let text = try all(reader(fixture), ResultsJSON(fixture.execution, regions: regions))
    var json = JSONWriter()
    json.array(try fixture.results()) {
      $0.result($1, of: fixture.execution, region: regions[$1.executionRegion] ?? "")
    }
    XCTAssertEqual(text.utf8.count, json.bytes.count)
    XCTAssertEqual(text, String(decoding: json.bytes, as: UTF8.self))
    XCTAssertNoThrow(try JSONValue.parse(Array(text.utf8)))
  }

  func test_pages_areCutFromTheWhole() throws {
    let (fixture, names) = try filled()
    let count = try fixture.results().count
    for page in [Page(offset: count - 10), Page(offset: 1_234, limit: 700), Page(limit: 0)] {
      for resource in [nil, names[1]] {
        let reader = ResultReader(
          store: fixture.store, execution: fixture.execution, region: fixture.regions[1],
          resource: resource, page: page)
        let regions = regions(of: fixture)
        let text = try all(reader, ResultsJSON(fixture.execution, regions: regions))
        var json = JSONWriter()
        let results = try fixture.results(
          region: fixture.regions[1], resource: resource, page: page)
        json.array(results) {
          $0.result($1, of: fixture.execution, region: regions[$1.executionRegion] ?? "")
        }
        XCTAssertEqual(text, String(decoding: json.bytes, as: UTF8.self))
      }
    }
  }

  func test_executionWithoutResults_isAHeaderOrAnEmptyArray() throws {
    let fixture = try StoreFixture.make(for: self)
    let json = try all(reader(fixture), ResultsJSON(fixture.execution, regions: [:]))
    XCTAssertEqual(json, "[]")
    let csv = try all(reader(fixture), ResultsCSV(fixture.execution, regions: [:]))
    XCTAssertEqual(csv.components(separatedBy: "\r\n").count, 2)
  }
}

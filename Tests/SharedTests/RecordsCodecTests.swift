import XCTest

@testable import Shared

final class RecordsCodecTests: XCTestCase {
  private let key = BatchKey(chunk: ChunkID(7), epoch: 2, seq: 31)

  private func line(_ records: RunRecords) -> [UInt8] {
    var batch = ResultBatch()
    batch.records = records
    var line: [UInt8] = []
    ResultBatchCodec.encode(batch, key: key, into: &line)
    return Array(line.dropLast())
  }

  /// A line whose part of these bytes is another, with the checksum of what it then is.
  private func line(_ records: RunRecords, replacing old: String, with new: String) -> [UInt8] {
    let text = String(decoding: line(records), as: UTF8.self)
    XCTAssertTrue(text.contains(old), "\(old) is not in \(text)")
    let parts = text.replacingOccurrences(of: old, with: new)
      .split(separator: #","strings""#, maxSplits: 1)
    let tail = #","strings""# + parts[1]
    let head = parts[0].prefix { $0 != "," } + #","chunk":7,"epoch":2,"seq":31,"count":0,"#
    return Array("\(head)\"crc32c\":\(CRC32C.checksum(Array(tail.utf8)))\(tail)".utf8)
  }

  private func assertRefused(
    _ line: [UInt8], _ reason: String, file: StaticString = #filePath, at place: UInt = #line
  ) {
    XCTAssertThrowsError(try ResultBatchCodec.decode(line), file: file, line: place) { error in
      let failure = error as? ResultBatchCodec.DecodingFailure
      XCTAssertTrue(failure?.message.contains(reason) ?? false, "\(error)", file: file, line: place)
      XCTAssertEqual(failure?.key, key, file: file, line: place)
    }
  }

  func test_encodedRecords_decodeToThemselves() throws {
    for seed in UInt64(1)...300 {
      var random = SeededGenerator(seed: seed)
      let records = RecordsFactory.random(&random)
      let decoded = try ResultBatchCodec.decode(line(records))
      XCTAssertEqual(decoded.batch.records, records, "seed \(seed)")
    }
  }

  func test_line_isOneLineOfJSON() throws {
    var random = SeededGenerator(seed: 5)
    var records = RunRecords()
    while records.files.isEmpty { records = RecordsFactory.random(&random) }
    let line = line(records)
    XCTAssertFalse(line.contains(UInt8(ascii: "\n")))
    XCTAssertNotNil(try JSONValue.parse(line).objectValue?["files"])
  }

  func test_filesOfAgentsThatKnowNoComparisons_areTaken() throws {
    let moment = ClientMoment(client: 1, iteration: 2)
    var records = RunRecords()
    records.files = [
      FilePart(
        file: 0, index: 0, isLast: true, bytes: [1],
        metadata: FileMetadata(atMicros: 5, name: "a", contentType: "b/c", moment: moment))
    ]
    let text = String(decoding: line(records), as: UTF8.self)
    XCTAssertFalse(text.contains("charset"), text)
    XCTAssertFalse(text.contains("compare"), text)
    XCTAssertEqual(try ResultBatchCodec.decode(line(records)).batch.records, records)
  }

  func test_comparisonsAndCharsetsOfNoForm_areRefused() {
    var metadata = FileMetadata(
      atMicros: 5, name: "a", contentType: "b/c", moment: ClientMoment(client: 1, iteration: 2))
    metadata.charset = "utf-8"
    metadata.compare = "home.png"
    var records = RunRecords()
    records.files = [FilePart(file: 0, index: 0, isLast: true, bytes: [], metadata: metadata)]
    assertRefused(
      line(records, replacing: "home.png", with: "a/b"), "the name of a file must not contain")
    assertRefused(
      line(records, replacing: "utf-8", with: "a b"), "the charset of a file is none")
  }

  func test_batchWithoutRecords_hasNoTraceOfThem() {
    let text = String(decoding: line(RunRecords()), as: UTF8.self)
    XCTAssertTrue(text.hasSuffix(#","strings":[]}"#), text)
  }

  func test_anyFlippedByte_isRefusedOrChangesOnlyTheHead() {
    var random = SeededGenerator(seed: 9)
    let records = RecordsFactory.random(&random)
    let good = line(records)
    for _ in 0..<2_000 {
      var bad = good
      bad[Int.random(in: 0..<bad.count, using: &random)] ^=
        1 << UInt8.random(in: 0...7, using: &random)
      if let decoded = try? ResultBatchCodec.decode(bad) {
        XCTAssertEqual(decoded.batch.records, records)
      }
    }
  }

  func test_damageUnderAValidChecksum_neverCrashes() {
    var random = SeededGenerator(seed: 17)
    var refused = 0
    for _ in 0..<3_000 {
      let text = String(decoding: line(RecordsFactory.random(&random)), as: UTF8.self)
      guard let start = text.range(of: #","strings""#)?.lowerBound else { return XCTFail(text) }
      var tail = Array(text[start...].utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let alphabet = Array("{}[]\":,0123456789.-eE\\u".utf8)
        tail[Int.random(in: 1..<tail.count, using: &random)] =
          alphabet.randomElement(using: &random) ?? 0
      }
      let head = #"{"type":"results","chunk":7,"epoch":2,"seq":31,"crc32c":"#
      let bad = Array(head.utf8) + Array("\(CRC32C.checksum(tail))".utf8) + tail
      if (try? ResultBatchCodec.decode(bad)) == nil { refused += 1 }
    }
    XCTAssertGreaterThan(refused, 1_000)
  }

  func test_referenceToAMissingText_isRefused() {
    var records = RunRecords()
    records.logs = [LogRow(atMicros: 1, level: .info, message: "a")]
    assertRefused(
      line(records, replacing: #""message":0"#, with: #""message":1"#), "a log entry is no entry")
    records = RunRecords()
    records.suiteResults = [
      SuiteResultRow(
        atMicros: 1, durationMicros: 1, suite: "s", test: "t", passed: true,
        moment: ClientMoment(client: 1, iteration: 1))
    ]
    assertRefused(
      line(records, replacing: #""stack":-1"#, with: #""stack":-2"#), "a suite result is no result")
  }

  func test_filesWithPathsForNames_areRefused() {
    var random = SeededGenerator(seed: 3)
    var records = RunRecords()
    records.files = [RecordsFactory.file(1, &random)]
    records.files[0].metadata.name = "../../passwd"
    assertRefused(line(records), "the name of a file must not contain '..'")
    records.files[0].metadata.name = "ok"
    records.files[0].bytes = [UInt8](repeating: 1, count: Limits.filePartBytesMax + 1)
    assertRefused(line(records), "no base64")
  }

  func test_metricsThatDoNotAddUp_areRefused() {
    var totals = MetricTotals()
    totals.record(5, atMicros: 1)
    var records = RunRecords()
    let definition = MetricDefinition(namespace: "User", name: "m", type: .timing, units: "ms")
    records.metrics = [
      MetricDelta(definition: definition, intervalStartMs: 0, totals: totals)
    ]
    let wrong = "values of a metric do not add up"
    assertRefused(line(records, replacing: #""count":1"#, with: #""count":2"#), wrong)
    assertRefused(line(records, replacing: #""min":5"#, with: #""min":6"#), wrong)
    assertRefused(line(records, replacing: #""sum":5"#, with: #""sum":1e999"#), "expected a number")
    assertRefused(
      line(records, replacing: #""type":"Timing""#, with: #""type":"Sum""#), "unknown type")
    assertRefused(
      line(records, replacing: #""ns":"User""#, with: #""ns":"Testable""#), "reserved namespace")
  }

  func test_fileNames_areNamesAndNeverPaths() {
    for name in ["a.txt", "größe 1.png", ".hidden", String(repeating: "x", count: 255)] {
      XCTAssertNil(FileName.problem(name), name)
    }
    for name in [
      "", ".", "..", "a/b", "..\\x", "a\\b", "a..b", "a\nb", "a\u{0}", "\u{85}", "\u{2028}",
      String(repeating: "x", count: 256), String(repeating: "ü", count: 128),
    ] {
      XCTAssertNotNil(FileName.problem(name), name)
    }
  }
}

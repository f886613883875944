import XCTest

@testable import Shared

final class ResultBatchCodecTests: XCTestCase {
  private let key = BatchKey(chunk: ChunkID(7), epoch: 2, seq: 31)

  private func line(_ batch: ResultBatch) -> [UInt8] {
    var line: [UInt8] = []
    ResultBatchCodec.encode(batch, key: key, into: &line)
    return Array(line.dropLast())
  }

  private func randomBatch(_ random: inout SeededGenerator) -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = ["GET http://h/ü\"\\\n", "GET", "text/html"]
    for _ in 0..<Int.random(in: 0...200, using: &random) {
      var row = RequestRow()
      row.startedAtMicros = Int64.random(in: 0...(1 << 52), using: &random)
      row.client = UInt32.random(in: 0...UInt32.max, using: &random)
      row.iteration = UInt32.random(in: 0...9, using: &random)
      row.resource = 0
      row.method = 1
      row.contentType = Int32.random(in: -1...2, using: &random)
      row.firstReceivedMicros = Int32.random(in: -1...Int32.max, using: &random)
      row.bytesReceived = Int64.random(in: 0...(1 << 40), using: &random)
      row.status = UInt16.random(in: 0...599, using: &random)
      row.error = ErrorReason.allCases.randomElement(using: &random) ?? .none
      row.success = Bool.random(using: &random)
      batch.requests.append(row)
    }
    for index in 0..<Int.random(in: 0...20, using: &random) {
      batch.iterations.append(
        IterationRow(
          startedAtMicros: Int64.random(in: 0...(1 << 52), using: &random), durationMicros: 12,
          client: UInt32(index), iteration: 3, failed: Bool.random(using: &random),
          intendedAtMicros: Bool.random(using: &random) ? nil : 7))
    }
    batch.checks = [CheckCount(name: 2, intervalStartMs: 1_700_000_000_000, passes: 3, fails: 0)]
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      batch.assertions.append(
        CheckRow(
          atMicros: Int64.random(in: 0...(1 << 52), using: &random),
          client: UInt32.random(in: 0...UInt32.max, using: &random),
          iteration: UInt32.random(in: 0...9, using: &random),
          name: UInt32.random(in: 0...2, using: &random),
          request: Int32.random(in: -1..<Int32(batch.requests.count), using: &random),
          passed: Bool.random(using: &random)))
    }
    batch.samples = [
      AgentSample(
        atMicros: 5, activeClients: 9, tickLatencyMicros: 80, cpuPermille: 990, memoryBytes: 1)
    ]
    if Bool.random(using: &random) {
      batch.drops = [DroppedIterations(intervalStartMs: 1_700_000_010_000, count: 12)]
    }
    return batch
  }

  func test_encodedBatch_decodesToItself() throws {
    for seed in UInt64(1)...100 {
      var random = SeededGenerator(seed: seed)
      let batch = randomBatch(&random)
      let decoded = try ResultBatchCodec.decode(line(batch))
      XCTAssertEqual(decoded.key, key)
      XCTAssertEqual(decoded.batch, batch, "seed \(seed)")
    }
  }

  func test_lineIsJSON_thatAnyReaderTakes() throws {
    var random = SeededGenerator(seed: 5)
    let value = try JSONValue.parse(line(randomBatch(&random)))
    guard case .object(let object) = value else { return XCTFail("not an object") }
    XCTAssertEqual(object["type"], .string("results"))
    XCTAssertEqual(object["seq"], .int(31))
  }

  func test_anyFlippedByte_isRefusedOrChangesOnlyTheHead() {
    var random = SeededGenerator(seed: 9)
    let batch = randomBatch(&random)
    let good = line(batch)
    for _ in 0..<2_000 {
      var bad = good
      bad[Int.random(in: 0..<bad.count, using: &random)] ^=
        1 << UInt8.random(in: 0...7, using: &random)
      if let decoded = try? ResultBatchCodec.decode(bad) { XCTAssertEqual(decoded.batch, batch) }
    }
  }

  func test_randomBytes_neverCrash() {
    var random = SeededGenerator(seed: 11)
    let alphabet = Array("{}[]\":,0123456789.-eEtruefalsn\\u strings requests count d".utf8)
    for _ in 0..<5_000 {
      let noise = (0..<Int.random(in: 0...120, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      XCTAssertThrowsError(try ResultBatchCodec.decode(noise))
      XCTAssertThrowsError(try ResultBatchCodec.decode(ResultBatchCodec.prefix + noise))
    }
  }

  func test_reference_toMissingString_isRefusedByName() {
    var batch = ResultBatch()
    var row = RequestRow()
    row.resource = 4
    batch.requests = [row]
    batch.strings = ["only one"]
    XCTAssertThrowsError(try ResultBatchCodec.decode(line(batch))) { error in
      XCTAssertEqual(
        error as? ResultBatchCodec.DecodingFailure,
        .init(message: "results: a request refers to a string that is not there", key: key))
    }
  }

  func test_checksThatFollowTheirRequests_takeAColumnOfOneNumberEach() throws {
    var batch = ResultBatch()
    batch.strings = ["GET http://h/", "GET", "status is 200"]
    for index in 0..<500 {
      var row = RequestRow()
      row.startedAtMicros = 1_700_000_000_000_000 + Int64(index * 1_234)
      row.connectionCloseMicros = Int32(500 + index % 7)
      row.client = UInt32(index % 9)
      row.iteration = UInt32(index / 9)
      row.method = 1
      batch.requests.append(row)
      batch.assertions.append(
        CheckRow(
          atMicros: row.startedAtMicros + Int64(row.connectionCloseMicros), client: row.client,
          iteration: row.iteration, name: 2, request: Int32(index), passed: true))
    }
    let text = String(decoding: line(batch), as: UTF8.self)
    let columns = #""name":2,"passed":1,"request":1,"client":0,"iteration":0,"at":0"#
    XCTAssertTrue(text.contains(#""assertions":{"count":500,\#(columns)}"#), text)
    XCTAssertEqual(try ResultBatchCodec.decode(Array(text.utf8)).batch, batch)
  }

  func test_checksOfWhatIsNotThere_areRefused() {
    func problem(_ body: String) -> String? {
      let rest = #","strings":["a"],\#(body)}"#
      let head = #"{"type":"results","chunk":7,"epoch":2,"seq":31,"crc32c":"#
      let line = head + "\(CRC32C.checksum(Array(rest.utf8)))" + rest
      do throws(ResultBatchCodec.DecodingFailure) {
        _ = try ResultBatchCodec.decode(Array(line.utf8))
        return nil
      } catch { return error.message }
    }
    let requests = #""requests":{"count":2,"client":3}"#
    XCTAssertNil(problem(#""assertions":{"count":1,"client":9},\#(requests)"#))
    for columns in [
      #""request":3"#, #""request":-1"#, #""request":9223372036854775807"#,
      #""request":1,"client":-4"#, #""client":-1"#, #""client":4294967296"#, #""iteration":-1"#,
      #""client":9223372036854775807"#, #""at":-1"#, #""at":9223372036854775807"#, #""name":1"#,
      #""passed":256"#,
    ] {
      XCTAssertNotNil(problem(#""assertions":{"count":1,\#(columns)},\#(requests)"#), columns)
      XCTAssertNotNil(problem(#"\#(requests),"assertions":{"count":1,\#(columns)}"#), columns)
    }
    XCTAssertNotNil(problem(#""assertions":{"count":4097,"name":0}"#))
  }

  func test_crc32c_matchesThePublishedVectors() {
    // RFC 3720, appendix B.4.
    XCTAssertEqual(CRC32C.checksum([UInt8](repeating: 0, count: 32)), 0x8a91_36aa)
    XCTAssertEqual(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)), 0x62a8_ab43)
    XCTAssertEqual(CRC32C.checksum((0..<32).map { UInt8($0) }), 0x46dd_794e)
  }
}

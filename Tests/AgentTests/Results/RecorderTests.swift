import Shared
import XCTest

@testable import Agent

final class RecorderTests: XCTestCase {
  func test_batch_isDueByTime_orWhenFull() {
    var recorder = Recorder(checkNames: [])
    XCTAssertFalse(recorder.isDue(now: .max))
    recorder.record(RequestRow(), now: 1_000)
    XCTAssertFalse(recorder.isDue(now: 1_000))
    XCTAssertTrue(recorder.isDue(now: 1_000 + Int64(Limits.batchDelayMsMax) * 1_000_000))
    for _ in 0..<Limits.batchRowsMax { recorder.record(RequestRow(), now: 1_000) }
    XCTAssertTrue(recorder.isDue(now: 1_000))
  }

  func test_drops_areCountedByInterval() {
    var recorder = Recorder(checkNames: [])
    for micros in [1, 9_999_999, 10_000_000] as [Int64] {
      recorder.drop(atMicros: micros, now: 5)
    }
    XCTAssertEqual(recorder.oldestNanos, 5)
    XCTAssertEqual(
      recorder.takeBatch()?.drops,
      [.init(intervalStartMs: 0, count: 2), .init(intervalStartMs: 10_000, count: 1)])
    XCTAssertNil(recorder.takeBatch())
  }

  func test_strings_areThoseOfTheBatchOnly() {
    var recorder = Recorder(checkNames: [])
    var row = RequestRow()
    row.resource = recorder.internResource("GET /a")
    row.method = recorder.intern("GET")
    recorder.record(row, now: 0)
    XCTAssertEqual(recorder.takeBatch()?.strings, ["GET /a", "GET"])
    row.resource = recorder.internResource("GET /b")
    XCTAssertEqual(row.resource, 0)
    recorder.record(row, now: 0)
    XCTAssertEqual(recorder.takeBatch()?.strings, ["GET /b"])
    XCTAssertNil(recorder.takeBatch())
  }

  func test_tooManyResources_becomeOther() {
    var recorder = Recorder(checkNames: [])
    for index in 0..<Limits.resourcesPerLeaseMax { _ = recorder.internResource("GET /\(index)") }
    let other = recorder.internResource("GET /one-too-many")
    XCTAssertEqual(recorder.batch.strings[Int(other)], "(other)")
    let known = recorder.internResource("GET /17")
    XCTAssertEqual(recorder.batch.strings[Int(known)], "GET /17")
  }

  func test_manyLongNames_closeTheBatch_beforeItsLineIsTooLong() {
    var recorder = Recorder(checkNames: [])
    let long = String(repeating: "x", count: 2_000)
    var count = 0
    while !recorder.isFull {
      var row = RequestRow()
      row.resource = recorder.internResource("GET /\(count)\(long)")
      recorder.record(row, now: 0)
      count += 1
    }
    var line: [UInt8] = []
    let batch = recorder.takeBatch() ?? ResultBatch()
    ResultBatchCodec.encode(batch, key: BatchKey(chunk: ChunkID(1), epoch: 1, seq: 1), into: &line)
    XCTAssertLessThan(line.count, Limits.lineBytesMax)
    XCTAssertGreaterThan(count, 10)
  }

  func test_checks_standBesideTheRequestThatTheyFollow() throws {
    var recorder = Recorder(checkNames: ["status is 200"])
    var row = RequestRow()
    (row.startedAtMicros, row.connectionCloseMicros) = (9_000_000, 500)
    row.resource = recorder.internResource("GET /")
    recorder.record(row, now: 0)
    let latest = recorder.record(row, now: 0)
    let moment = ClientMoment(client: 7, iteration: 3)
    // The engine's clock may be a little behind libcurl's.
    for micros in [9_000_400, 9_000_900, 9_002_499] as [Int64] {
      recorder.check(
        0, passed: micros > 9_000_400, of: moment, after: latest, atMicros: micros, now: 0)
    }
    let batch = try XCTUnwrap(recorder.takeBatch())
    XCTAssertEqual(
      batch.assertions,
      [(9_000_500, false), (9_000_500, true), (9_001_500, true)].map {
        CheckRow(atMicros: $0.0, client: 7, iteration: 3, name: 1, request: 1, passed: $0.1)
      })
    XCTAssertEqual(batch.strings, ["GET /", "status is 200"])
    XCTAssertEqual(batch.checks, [])
    recorder.check(0, passed: true, of: moment, after: latest, atMicros: 9_777_777, now: 0)
    let later = try XCTUnwrap(recorder.takeBatch())
    XCTAssertEqual(later.strings, ["status is 200"])
    XCTAssertEqual(
      later.assertions,
      [CheckRow(atMicros: 9_777_777, client: 7, iteration: 3, name: 0, passed: true)])
    XCTAssertNil(recorder.takeBatch())
  }

  func test_checksWithoutEnd_goInBatchesWhoseLinesAreShortEnough() throws {
    var recorder = Recorder(checkNames: [])
    for index in 0..<4_000 {
      var row = RequestRow()
      row.startedAtMicros = Int64(index) << 40
      row.resource = recorder.internResource("GET /")
      recorder.record(row, now: 0)
    }
    XCTAssertFalse(recorder.isFull)
    let names = ["a", "b", "c"].map { recorder.checkIndex($0) }
    for index in 0..<20_000 {
      recorder.check(
        names[index % 3], passed: index % 5 > 0,
        of: ClientMoment(client: .max - UInt32(index), iteration: UInt32(index % 2) &- 1),
        after: nil, atMicros: index % 2 == 0 ? 1 : 1 << 52, now: 0)
    }
    XCTAssertTrue(recorder.isFull)
    var rows: [(name: String, client: UInt32)] = []
    while let batch = recorder.takeBatch() {
      XCTAssertLessThanOrEqual(batch.assertions.count, Limits.batchRowsMax)
      var line: [UInt8] = []
      ResultBatchCodec.encode(
        batch, key: BatchKey(chunk: ChunkID(1), epoch: 1, seq: 1), into: &line)
      XCTAssertLessThan(line.count, Limits.lineBytesMax)
      XCTAssertEqual(try ResultBatchCodec.decode(Array(line.dropLast())).batch, batch)
      rows += batch.assertions.map { (batch.strings[Int($0.name)], $0.client) }
    }
    XCTAssertEqual(rows.map(\.client), (0..<20_000).map { .max - UInt32($0) })
    XCTAssertEqual(rows.prefix(5).map(\.name), ["a", "b", "c", "a", "b"])
    XCTAssertEqual(rows.suffix(2).map(\.name), ["a", "b"])
    XCTAssertFalse(recorder.isFull)
    XCTAssertNil(recorder.dueNanos)
  }
}

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

  func test_checks_areCountedPerInterval() {
    var recorder = Recorder(checkNames: ["status is 200"])
    recorder.check(0, passed: true, atMicros: 10_000_000, now: 0)
    recorder.check(0, passed: false, atMicros: 19_999_999, now: 0)
    recorder.check(0, passed: true, atMicros: 20_000_000, now: 0)
    let checks = (recorder.takeBatch()?.checks ?? []).sorted {
      $0.intervalStartMs < $1.intervalStartMs
    }
    XCTAssertEqual(
      checks,
      [
        CheckCount(name: 0, intervalStartMs: 10_000, passes: 1, fails: 1),
        CheckCount(name: 0, intervalStartMs: 20_000, passes: 1, fails: 0),
      ])
  }
}

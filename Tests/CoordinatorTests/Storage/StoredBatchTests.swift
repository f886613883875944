import Shared
import XCTest

@testable import Coordinator

final class StoredBatchTests: XCTestCase {
  private let compressor = Zstandard()
  private let lease = LeaseKey(chunk: ChunkID(3), epoch: 2)
  private let names = [10, 11, 2, 7, 900].map { NameID($0) }

  private func stored(_ batch: ResultBatch, first: Int64 = 1_000) -> StoredBatch {
    StoredBatch(batch, names: names, lease: lease, firstResultID: first, committedAtMs: 77)
  }

  func test_realisticRows_roundTripInFewBytes() throws {
    let batch = stored(BatchFactory.realistic(requests: 2_000, clients: 50))
    let body = try batch.encoded(with: compressor)
    XCTAssertEqual(try StoredBatch(decoding: body), batch)
    XCTAssertLessThan(Double(body.count) / 2_000, 20, "bytes per request, iterations included")
  }

  func test_anyValues_roundTrip() throws {
    for seed in 0..<500 {
      let batch = stored(BatchFactory.hostile(seed: UInt64(seed)))
      let body = try batch.encoded(with: compressor)
      XCTAssertEqual(try StoredBatch(decoding: body), batch, "seed \(seed)")
    }
  }

  /// What is read of a batch that was written in an earlier format.
  private func read(
    format: UInt64, counts: [UInt64], names: [Int64], columns: [Int64]
  ) throws -> StoredBatch {
    var writer = ColumnWriter()
    writer.header { header in
      header.unsigned(format)
      header.unsigned(1)
      for value in [3, 2, 1_000, 77] as [Int64] { header.signed(value) }
      for count in counts { header.unsigned(count) }
      header.unsigned(UInt64(names.count))
      for name in names { header.signed(name) }
    }
    for value in columns { writer.column([value]) }
    return try StoredBatch(decoding: try compressor.compress(writer.finished()))
  }

  func test_firstFormat_withoutDelaysAndDrops_isStillRead() throws {
    let batch = try read(
      format: 1, counts: [0, 1, 0, 0], names: [],
      columns: [IterationMatcher.noMatch, 5, 6, 1_000, 1_250, 1])
    XCTAssertEqual(
      batch.iterations,
      [
        IterationRow(
          startedAtMicros: 1_000, durationMicros: 250, client: 5, iteration: 6, failed: true)
      ])
    XCTAssertEqual(batch.drops, [])
  }

  func test_secondFormat_withoutAssertions_isStillRead() throws {
    let batch = try read(
      format: 2, counts: [0, 0, 1, 0, 1], names: [10], columns: [0, 20_000, 5, 2, 30_000, 9])
    XCTAssertEqual(
      batch.checks, [CheckCount(name: 0, intervalStartMs: 20_000, passes: 5, fails: 2)])
    XCTAssertEqual(batch.drops, [DroppedIterations(intervalStartMs: 30_000, count: 9)])
    XCTAssertEqual(batch.assertions, [])
  }

  /// Bytes that a check adds, as batches are merged and compressed by the store.
  private func bytesPerCheck(_ batch: ResultBatch) throws -> Double {
    var bare = batch
    bare.assertions = []
    let names = (0..<batch.strings.count).map { NameID(Int64($0 * 3 + 1)) }
    let sizes = try [batch, bare].map { batch in
      try StoredBatch(batch, names: names, lease: lease, firstResultID: 9, committedAtMs: 77)
        .encoded(with: compressor).count
    }
    return Double(sizes[0] - sizes[1]) / Double(batch.assertions.count)
  }

  func test_checks_takeLessThanAByteAtRest() throws {
    let one = try bytesPerCheck(BatchFactory.checked(requests: 500, clients: 50))
    XCTAssertLessThan(one, 0.2, "one check a request, all passed")
    let failing = try bytesPerCheck(
      BatchFactory.checked(requests: 4_000, clients: 50, failing: 20))
    XCTAssertLessThan(failing, 0.2, "one check a request, one of 20 failed")
    let four = try bytesPerCheck(
      BatchFactory.checked(requests: 2_000, clients: 50, checks: 4, failing: 7))
    XCTAssertLessThan(four, 0.2, "four checks a request")
    var random = BatchRandom(seed: 4)
    var late = BatchFactory.checked(requests: 4_000, clients: 50)
    for index in late.assertions.indices {
      late.assertions[index].passed = Bool.random(using: &random)
      // Promises settle some milliseconds later, in any order.
      late.assertions[index].atMicros += Int64.random(in: 0...3, using: &random) * 1_000
    }
    XCTAssertLessThan(try bytesPerCheck(late), 1, "random outcomes and delays")
    print("bytes a check: one \(one), failing \(failing), four \(four)")
  }

  func test_emptyBatch_hasAnIdOfItsOwn() throws {
    let batch = stored(ResultBatch())
    XCTAssertEqual(batch.lastResultID, batch.firstResultID)
    XCTAssertThrowsError(try StoredBatch(decoding: []))
  }

  func test_merging_keepsRowsIdsAndAttribution() throws {
    let parts = (0..<5).map { index in
      stored(BatchFactory.hostile(seed: UInt64(index)), first: Int64(1_000 * (index + 1)))
    }
    var merged = parts[0]
    for part in parts.dropFirst() { merged.append(part) }
    merged = try StoredBatch(decoding: try merged.encoded(with: compressor))
    XCTAssertEqual(merged.segments, parts.flatMap(\.segments))
    XCTAssertEqual(merged.names, names)
    XCTAssertEqual(merged.requests, parts.flatMap(\.requests))
    XCTAssertEqual(merged.iterations, parts.flatMap(\.iterations))
    XCTAssertEqual(merged.firstResultID, 1_000)
    XCTAssertEqual(merged.lastResultID, parts[4].lastResultID)
    let texts = names.map { "name \($0)" }
    for (index, part) in merged.batches(texts: texts).enumerated() {
      XCTAssertEqual(part.batch.requests, parts[index].requests)
      XCTAssertEqual(part.batch.iterations, parts[index].iterations)
      XCTAssertEqual(part.batch.checks, parts[index].checks)
      XCTAssertEqual(part.batch.samples, parts[index].samples)
      XCTAssertEqual(part.batch.drops, parts[index].drops)
      XCTAssertEqual(part.batch.assertions, parts[index].assertions)
    }
  }

  func test_merging_movesReferencesToOtherNames() throws {
    var rows = ResultBatch()
    rows.strings = ["GET /b", "x", "GET", "text/html"]
    rows.requests = [BatchFactory.request()]
    let other = StoredBatch(
      rows, names: [11, 12, 2, 7].map { NameID($0) }, lease: lease, firstResultID: 2_000,
      committedAtMs: 1)
    var merged = stored(BatchFactory.realistic(requests: 2))
    merged.append(other)
    XCTAssertEqual(merged.names[Int(merged.requests[2].resource)], NameID(11))
    XCTAssertEqual(merged.names[Int(merged.requests[2].method)], NameID(2))
    XCTAssertEqual(merged.names[Int(merged.requests[2].contentType)], NameID(7))
  }

  func test_damagedBodies_areErrorsAndNeverTrap() throws {
    let body = try stored(BatchFactory.realistic(requests: 200)).encoded(with: compressor)
    var random = BatchRandom(seed: 8)
    for _ in 0..<300 {
      var damaged = body
      damaged[Int.random(in: 0..<body.count, using: &random)] ^=
        1 << UInt8.random(in: 0...7, using: &random)
      if let batch = try? StoredBatch(decoding: damaged) {
        XCTAssertEqual(batch.requests.count, 200)
      }
    }
    for length in 0..<body.count {
      XCTAssertThrowsError(try StoredBatch(decoding: Array(body.prefix(length))))
    }
  }

  func test_columnsThatWereNeverWritten_areErrorsAndNeverTrap() throws {
    var random = BatchRandom(seed: 9)
    for _ in 0..<3_000 {
      var content = (0..<Int.random(in: 0...120, using: &random)).map { _ in
        UInt8.random(in: 0...7, using: &random)
      }
      content.insert(1, at: 0)
      let body = try compressor.compress([content])
      if let batch = try? StoredBatch(decoding: body) {
        for row in batch.requests { XCTAssertLessThan(Int(row.resource), batch.names.count) }
      }
    }
  }
}

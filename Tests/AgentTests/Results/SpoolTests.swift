import Shared
import XCTest

@testable import Agent

final class SpoolTests: XCTestCase {
  private func spool(window: Int = 2, batches: Int) -> Spool {
    var spool = Spool(lease: LeaseKey(chunk: ChunkID(3), epoch: 1), windowBatches: window)
    for index in 0..<batches {
      var batch = ResultBatch()
      batch.strings = ["GET"]
      var row = RequestRow()
      row.client = UInt32(index)
      batch.requests = [row]
      spool.append(batch)
    }
    return spool
  }

  private func seq(_ line: [UInt8]?) throws -> Int? {
    guard let line else { return nil }
    return try ResultBatchCodec.decode(Array(line.dropLast())).key.seq
  }

  func test_batches_areNumberedFromOne_andSentInOrderWithinTheWindow() throws {
    var spool = spool(batches: 3)
    XCTAssertEqual(try seq(spool.nextLine()), 1)
    XCTAssertEqual(try seq(spool.nextLine()), 2)
    XCTAssertNil(spool.nextLine(), "the window is full")
    spool.acknowledged(upTo: 1)
    XCTAssertEqual(try seq(spool.nextLine()), 3)
    XCTAssertNil(spool.nextLine())
    spool.acknowledged(upTo: 3)
    XCTAssertTrue(spool.isEmpty)
    XCTAssertEqual(spool.bytes, 0)
    XCTAssertEqual(spool.nextSeq, 4)
  }

  func test_rewind_sendsAgainFromWhereTheCoordinatorIs() throws {
    var spool = spool(window: 10, batches: 4)
    for _ in 0..<4 { _ = spool.nextLine() }
    spool.rewind(to: 3)
    XCTAssertEqual(try seq(spool.nextLine()), 3)
    XCTAssertEqual(try seq(spool.nextLine()), 4)
    XCTAssertNil(spool.nextLine())
  }

  func test_acknowledgementOfSomethingOldOrUnknown_changesNothing() throws {
    var spool = spool(batches: 2)
    _ = spool.nextLine()
    spool.acknowledged(upTo: 0)
    spool.acknowledged(upTo: -5)
    XCTAssertEqual(spool.resumeSeq, 1)
    spool.acknowledged(upTo: 99)
    XCTAssertEqual(spool.resumeSeq, 3)
    XCTAssertEqual(spool.nextSeq, 3)
  }

  func test_counts_andDigest_coverEveryBatch() throws {
    var spool = spool(window: 10, batches: 3)
    var digest: UInt32 = 0
    while let line = spool.nextLine() {
      digest = CRC32C.extend(digest, with: try ResultBatchCodec.decode(Array(line.dropLast())).crc)
    }
    XCTAssertEqual(spool.rows, 3)
    XCTAssertEqual(spool.digest, digest)
  }
}

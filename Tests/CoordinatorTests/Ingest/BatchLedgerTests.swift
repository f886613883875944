import Shared
import XCTest

@testable import Coordinator

final class BatchLedgerTests: XCTestCase {
  private let lease = LeaseKey(chunk: ChunkID(7), epoch: 2)

  private func key(_ seq: Int) -> BatchKey { BatchKey(chunk: lease.chunk, epoch: 2, seq: seq) }

  private func grantedLedger() -> BatchLedger {
    var ledger = BatchLedger()
    ledger.leaseGranted(lease)
    return ledger
  }

  func test_batchesInOrder_areCommittedAndCounted() {
    var ledger = grantedLedger()
    XCTAssertEqual(ledger.batchArrived(key(1), crc: 10, rows: 3, iterations: 1), .commit)
    XCTAssertEqual(ledger.batchArrived(key(2), crc: 20, rows: 4, iterations: 2), .commit)
    XCTAssertEqual(ledger[lease]?.nextSeq, 3)
    XCTAssertEqual(ledger[lease]?.rows, 7)
    XCTAssertEqual(ledger[lease]?.iterations, 3)
  }

  func test_digest_isTheChecksumOfTheChecksumsInOrder() {
    var ledger = grantedLedger()
    let checksums: [UInt32] = [0xdead_beef, 1, 0]
    for (index, crc) in checksums.enumerated() {
      XCTAssertEqual(ledger.batchArrived(key(index + 1), crc: crc, rows: 0, iterations: 0), .commit)
    }
    let bytes: [UInt8] = [0xef, 0xbe, 0xad, 0xde, 1, 0, 0, 0, 0, 0, 0, 0]
    XCTAssertEqual(ledger[lease]?.digest, CRC32C.checksum(bytes))
  }

  func test_repetition_isAcknowledgedAgainAndCountsNothing() {
    var ledger = grantedLedger()
    _ = ledger.batchArrived(key(1), crc: 10, rows: 3, iterations: 1)
    _ = ledger.batchArrived(key(2), crc: 20, rows: 3, iterations: 1)
    let before = ledger
    XCTAssertEqual(
      ledger.batchArrived(key(1), crc: 10, rows: 3, iterations: 1), .duplicate(ackUpTo: 2))
    XCTAssertEqual(ledger, before)
  }

  func test_otherContentUnderACommittedNumber_isAConflict() {
    var ledger = grantedLedger()
    _ = ledger.batchArrived(key(1), crc: 10, rows: 3, iterations: 1)
    _ = ledger.batchArrived(key(2), crc: 20, rows: 3, iterations: 1)
    XCTAssertEqual(ledger.batchArrived(key(2), crc: 21, rows: 3, iterations: 1), .conflict)
    XCTAssertEqual(ledger.batchArrived(key(1), crc: 11, rows: 3, iterations: 1), .conflict)
    XCTAssertEqual(ledger[lease]?.rows, 6)
  }

  func test_gap_namesTheNumberExpected() {
    var ledger = grantedLedger()
    XCTAssertEqual(
      ledger.batchArrived(key(2), crc: 1, rows: 1, iterations: 0), .gap(expected: 1))
    _ = ledger.batchArrived(key(1), crc: 1, rows: 1, iterations: 0)
    XCTAssertEqual(
      ledger.batchArrived(key(9), crc: 1, rows: 1, iterations: 0), .gap(expected: 2))
    XCTAssertEqual(
      ledger.batchArrived(key(0), crc: 1, rows: 1, iterations: 0), .gap(expected: 2))
    XCTAssertEqual(
      ledger.batchArrived(key(-1), crc: 1, rows: 1, iterations: 0), .gap(expected: 2))
  }

  func test_leaseNeverGranted_isUnknown() {
    var ledger = grantedLedger()
    let other = BatchKey(chunk: lease.chunk, epoch: 3, seq: 1)
    XCTAssertEqual(ledger.batchArrived(other, crc: 1, rows: 1, iterations: 0), .unknownLease)
  }

  func test_sealedLease_acknowledgesRepetitionsAndTakesNothingNew() {
    var ledger = grantedLedger()
    _ = ledger.batchArrived(key(1), crc: 1, rows: 1, iterations: 0)
    ledger.leaseSealed(lease)
    XCTAssertEqual(
      ledger.batchArrived(key(1), crc: 1, rows: 1, iterations: 0), .duplicate(ackUpTo: 1))
    XCTAssertEqual(ledger.batchArrived(key(2), crc: 1, rows: 1, iterations: 0), .unknownLease)
    XCTAssertEqual(ledger.batchArrived(key(3), crc: 1, rows: 1, iterations: 0), .unknownLease)
  }

  func test_checksumsOfAWholeWindow_areKeptAndNoMore() {
    var ledger = grantedLedger()
    for seq in 1...(Limits.windowBatches + 5) {
      _ = ledger.batchArrived(key(seq), crc: UInt32(seq), rows: 1, iterations: 0)
    }
    XCTAssertEqual(ledger[lease]?.recent.count, Limits.windowBatches)
    XCTAssertEqual(
      ledger.batchArrived(key(6), crc: 999, rows: 1, iterations: 0), .conflict)
    XCTAssertEqual(
      ledger.batchArrived(key(5), crc: 999, rows: 1, iterations: 0),
      .duplicate(ackUpTo: Limits.windowBatches + 5))
  }

  func test_cursorTakenOverLater_keepsASealSetMeanwhile() {
    var ledger = grantedLedger()
    var copy = ledger
    _ = copy.batchArrived(key(1), crc: 1, rows: 1, iterations: 0)
    ledger.leaseSealed(lease)
    ledger.committed(lease, copy[lease] ?? .init())
    XCTAssertEqual(ledger[lease]?.nextSeq, 2)
    XCTAssertEqual(ledger[lease]?.isSealed, true)
    ledger.leaseForgotten(lease)
    ledger.committed(lease, copy[lease] ?? .init())
    XCTAssertNil(ledger[lease])
  }
}

import Shared
import XCTest

@testable import Coordinator

final class LeaseTableTests: XCTestCase {
  private let key = LeaseKey(chunk: ChunkID(1), epoch: 1)
  private let other = LeaseKey(chunk: ChunkID(2), epoch: 1)
  private let second: Int64 = 1_000_000_000

  private func table() -> LeaseTable { LeaseTable(ttlMs: 15_000, graceMs: 3_000) }

  func test_leaseWithoutHeartbeat_expiresAfterTTLAndGrace() {
    var table = table()
    table.granted(key, to: "a", clients: 5, now: 0)
    XCTAssertEqual(table.expire(now: 18 * second - 1), [])
    XCTAssertEqual(table.expire(now: 18 * second).map(\.key), [key])
    XCTAssertEqual(table.expire(now: 99 * second), [])
  }

  func test_heartbeat_renewsFromItsReceipt() {
    var table = table()
    table.granted(key, to: "a", clients: 5, now: 0)
    let renewal = table.heartbeatArrived(from: "a", naming: [key], now: 10 * second)
    XCTAssertEqual(renewal, .init(renewed: [key], fenced: []))
    XCTAssertEqual(table.expire(now: 27 * second), [])
    XCTAssertEqual(table.expire(now: 28 * second).map(\.key), [key])
  }

  func test_heartbeatForAnothersLease_isFenced() {
    var table = table()
    table.granted(key, to: "a", clients: 5, now: 0)
    let renewal = table.heartbeatArrived(from: "b", naming: [key, other], now: second)
    XCTAssertEqual(renewal, .init(renewed: [], fenced: [key, other]))
    XCTAssertEqual(table.holder(of: key), "a")
  }

  func test_heartbeatAfterExpiry_isFenced() {
    var table = table()
    table.granted(key, to: "a", clients: 5, now: 0)
    _ = table.expire(now: 20 * second)
    XCTAssertEqual(table.heartbeatArrived(from: "a", naming: [key], now: 20 * second).fenced, [key])
  }

  func test_clientsOfAgent_countOnlyItsOpenLeases() {
    var table = table()
    table.granted(key, to: "a", clients: 5, now: 0)
    table.granted(other, to: "a", clients: 7, now: 0)
    XCTAssertEqual(table.clients(of: "a"), 12)
    table.released(other)
    XCTAssertEqual(table.clients(of: "a"), 5)
    XCTAssertEqual(table.clients(of: "b"), 0)
  }
}

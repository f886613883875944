import Shared
import XCTest

@testable import Coordinator

/// Requests that could not be made are counted and named, but are no load.
final class UnsentRequestsTests: XCTestCase {
  private func totals(_ rows: [RequestRow]) -> RequestTotals {
    var totals = RequestTotals()
    for row in rows { totals.add(row, method: NameID(1), contentType: nil) }
    return totals
  }

  func test_unsentRequests_areInCountsAndReasons_andInNoDuration() {
    var sent = RequestRow()
    sent.connectionCloseMicros = 5_000
    sent.success = true
    var unsent = RequestRow()
    unsent.error = .invalidRequest
    let totals = totals([sent, unsent, unsent])
    XCTAssertEqual(totals.count, 3)
    XCTAssertEqual(totals.errors.count(of: Int64(ErrorReason.invalidRequest.rawValue)), 2)
    XCTAssertEqual(totals.connectionClose.count, 1)
    XCTAssertEqual(totals.connectionClose.min, 5_000)
    var aggregate = Aggregate(scope: AggregateScope(execution: ExecutionID(1)))
    aggregate.requests = totals
    XCTAssertEqual(aggregate.count, 3)
    XCTAssertEqual(aggregate.sent, 1)
    XCTAssertEqual(aggregate.failures, 2)
    XCTAssertEqual(aggregate.sentFailures, 0)
    guard case .counter(let results)? = aggregate.systemReading(LimitMetric.results) else {
      return XCTFail("results are no counter")
    }
    XCTAssertEqual(results, 1)
  }
}

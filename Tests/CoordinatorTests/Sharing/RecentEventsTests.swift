import Shared
import XCTest

@testable import Coordinator

final class RecentEventsTests: XCTestCase {
  private let second: Int64 = 1_000_000_000

  func test_events_areNumbered_andKeptForAWhile() {
    var events = RecentEvents()
    XCTAssertEqual(events.sent("a", contents: "1", now: 0)?.id, 1)
    XCTAssertEqual(events.sent("b", contents: "2", now: 30 * second)?.id, 2)
    XCTAssertEqual(events.recent(now: 60 * second).map(\.name), ["a", "b"])
    XCTAssertEqual(events.recent(now: 60 * second + 1).map(\.name), ["b"])
    XCTAssertEqual(events.recent(now: 1_000 * second), [])
    XCTAssertEqual(events.sent("c", contents: "3", now: 1_000 * second)?.id, 3)
  }

  func test_tooMany_areRefused_untilTheOldOnesAreForgotten() {
    var events = RecentEvents()
    for _ in 0..<Limits.eventsKeptMax { XCTAssertNotNil(events.sent("e", contents: "1", now: 0)) }
    XCTAssertNil(events.sent("e", contents: "1", now: 60 * second))
    XCTAssertNotNil(events.sent("e", contents: "1", now: 61 * second))
    XCTAssertEqual(events.recent(now: 61 * second).count, 1)
  }

  func test_tooManyBytes_areRefused() {
    var events = RecentEvents()
    let contents = String(repeating: "x", count: Limits.eventContentsBytesMax)
    var taken = 0
    while events.sent("e", contents: contents, now: 0) != nil { taken += 1 }
    XCTAssertEqual(taken, Limits.eventBytesKeptMax / (contents.utf8.count + 1))
  }
}

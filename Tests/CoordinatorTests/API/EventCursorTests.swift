import Shared
import XCTest

@testable import Coordinator

final class EventCursorTests: XCTestCase {
  private func full() -> EventCursor {
    var cursor = EventCursor(ExecutionID(4_711))
    cursor.log = .max
    cursor.interval = IntervalMark(updatedAtMs: 1_790_000_000_123, startMs: 1_789_999_990_000)
    cursor.state = .max
    for index in cursor.chunks.indices { cursor.chunks[index] = .max - UInt32(index) }
    for index in cursor.limits.indices { cursor.limits[index] = UInt32(index) }
    return cursor
  }

  func test_text_readsBack_andIsShort() throws {
    var ended = full()
    ended.isEnd = true
    for cursor in [full(), ended, EventCursor(ExecutionID(1))] {
      XCTAssertEqual(EventCursor(cursor.text), cursor)
      XCTAssertLessThanOrEqual(cursor.text.utf8.count, 160)
      XCTAssertTrue(
        cursor.text.utf8.allSatisfy {
          ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122) || $0 == 45 || $0 == 95
        }, cursor.text)
    }
  }

  func test_rubbish_isNone() {
    let text = full().text
    for rubbish in [
      "", "1", "abc", "=", "....", "💥", String(repeating: "A", count: 10_000),
      String(text.dropLast()), text + "A", String(text.reversed()), text + text,
    ] { XCTAssertNil(EventCursor(rubbish), rubbish) }
  }

  func test_changedText_isNone() {
    let text = Array(full().text)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == "B" ? "C" : "B"
      let cursor = EventCursor(String(changed))
      // The last character has bits that mean nothing.
      if cursor != nil { XCTAssertEqual(cursor, full()) }
    }
  }
}

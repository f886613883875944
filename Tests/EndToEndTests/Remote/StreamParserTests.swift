import XCTest

@testable import throng

/// Server-sent events, from bytes.
final class StreamParserTests: XCTestCase {
  private typealias Event = EventStreamParser.Event

  private func events(_ text: String) throws -> [EventStreamParser.Event] {
    var parser = EventStreamParser()
    return try parser.read(text.utf8)
  }

  func test_events_areCutWhateverEndsTheirLines() throws {
    let expected = [
      Event(id: "1", name: "log", data: "{}"), Event(id: "1", name: "message", data: "a\nb"),
    ]
    for newline in ["\n", "\r\n", "\r"] {
      let lines = [
        ": comment", "id: 1", "event: log", "data: {}", "", "data:a", "data: b", "unknown: x", "",
        // Without data there is no event, and without an empty line neither.
        "event: empty", "", "data: cut",
      ]
      let text = lines.joined(separator: newline)
      XCTAssertEqual(try events(text), expected, newline.debugDescription)
      XCTAssertEqual(try events("\u{FEFF}" + text), expected, newline.debugDescription)
    }
  }

  func test_events_areTheSameHoweverTheBytesArrive() throws {
    let bytes = Array("id: 7\r\nevent: log\r\ndata: grün\r\n\r\ndata: 2\r\n\r\n".utf8)
    let whole = try events(String(decoding: bytes, as: UTF8.self))
    XCTAssertEqual(whole.count, 2)
    for cut in 0...bytes.count {
      var parser = EventStreamParser()
      let pieces = try parser.read(bytes[..<cut]) + parser.read(bytes[cut...])
      XCTAssertEqual(pieces, whole, "cut at \(cut)")
    }
  }

  func test_cutEvent_isForgottenButTheLastIDIsNot() throws {
    var parser = EventStreamParser()
    XCTAssertEqual(try parser.read("id: a:1\ndata: x\n\nid: b\ndata: half".utf8).map(\.data), ["x"])
    parser.connectionEnded()
    XCTAssertEqual(parser.lastID, "a:1")
    let next = try parser.read("event: log\ndata: y\n\n".utf8)
    XCTAssertEqual(next, [Event(id: "a:1", name: "log", data: "y")])
  }

  func test_retry_isTakenWhenItIsANumber() throws {
    var parser = EventStreamParser()
    XCTAssertNil(parser.retryMs)
    _ = try parser.read("retry: soon\nretry: 250\nretry: -1\nretry:\n".utf8)
    XCTAssertEqual(parser.retryMs, 250)
  }

  func test_eventWithoutEnd_isGivenUp() throws {
    var parser = EventStreamParser()
    let piece = [UInt8](repeating: 97, count: 1 << 20)
    var pieces = 0
    XCTAssertThrowsError(
      try { while pieces < 100 { _ = try parser.read(piece); pieces += 1 } }())
    XCTAssertLessThan(pieces, 32)
  }

  func test_pauses_growToABoundAndBeginAgain() {
    var pause = ReconnectPause()
    let pauses = (0..<12).map { _ in pause.next(wishMs: nil) }
    XCTAssertEqual(Array(pauses.prefix(5)), [1_000, 2_000, 4_000, 8_000, 15_000])
    XCTAssertEqual(pauses.last, 15_000)
    pause.reset()
    XCTAssertEqual(pause.next(wishMs: 300), 300)
    // A server that asks for nothing is not asked without a break.
    XCTAssertEqual(ReconnectPause.firstPause(wishMs: 0), 100)
  }
}

extension ReconnectPause {
  fileprivate static func firstPause(wishMs: Int) -> Int {
    var pause = ReconnectPause()
    return pause.next(wishMs: wishMs)
  }
}

import Shared
import XCTest

@testable import throng

/// What is shown of a watched execution.
final class WatchModelTests: XCTestCase {
  private func event(_ kind: ExecutionEvent.Kind, _ data: String) throws -> ExecutionEvent {
    ExecutionEvent(kind, try JSONValue.parse(text: data))
  }

  func test_time_isThatUnderLoad() throws {
    var model = WatchModel()
    try model.take(
      event(.state, #"{"id":1,"startedAt":"2026-11-25T12:00:00.000Z"}"#))
    let nowMs = try XCTUnwrap(Figures.millis(.string("2026-11-25T12:00:10.000Z")))
    XCTAssertEqual(model.elapsedSecs(nowMs: nowMs), 10)
    for (id, second) in [(1, "07"), (2, "06")] {
      try model.take(
        event(.chunk, #"{"id":\#(id),"startedAt":"2026-11-25T12:00:\#(second).000Z"}"#))
    }
    XCTAssertEqual(model.elapsedSecs(nowMs: nowMs), 4)
  }

  func test_numbersThatNoCoordinatorSends_areNoCrash() throws {
    var model = WatchModel()
    let most = Int64.max
    try model.take(
      event(
        .state,
        #"{"id":1,"startedAt":"2147483647-12-31T12:00:00.000Z","durationSecs":1e300}"#))
    for start in [most, most - 1, Int64.min] {
      try model.take(
        event(
          .interval,
          #"{"intervalStart":\#(start),"count":\#(most),"iterationsExecuted":\#(most)}"#))
      _ = model.seconds(of: start)
    }
    XCTAssertEqual(model.intervals.count, 3)
    let block = WatchBlock(model: model, rate: 0, nowMs: 0, style: TextStyle(isOn: false))
    XCTAssertEqual(block.lines(width: 80).count, 4)
  }

  func test_block_isNoHigherThanTheTerminal() throws {
    var model = WatchModel()
    for id in 1...9 {
      try model.take(event(.log, #"{"level":"Info","msg":"entry \#(id)"}"#))
    }
    let block = WatchBlock(model: model, rate: 0, nowMs: 0, style: TextStyle(isOn: false))
    XCTAssertEqual(block.lines(width: 80).count, 9)
    let low = block.lines(width: 80, height: 6)
    XCTAssertEqual(low.count, 6)
    XCTAssert(low[5].hasSuffix("entry 9"), low[5])
    XCTAssertEqual(block.lines(width: 80, height: 3).count, 3)
  }

  func test_limits_holdOnlyWhenMeasuredOrOver() throws {
    let limit = #"{"metric":"failure","statistic":"count","op":"<","value":1"#
    let plain = TextStyle(isOn: false)
    func line(_ more: String, isOver: Bool) throws -> String {
      LimitView(try JSONValue.parse(text: limit + more + "}")).line(plain, isOver: isOver)
    }
    XCTAssertEqual(
      try line("", isOver: false), "· count(failure) < 1  not measured yet")
    XCTAssertEqual(try line("", isOver: true), "✓ count(failure) < 1  not measured")
    XCTAssertEqual(
      try line(#","measured":0"#, isOver: false), "✓ count(failure) < 1  measured 0")
    XCTAssertEqual(
      try line(#","measured":2,"breached":true"#, isOver: false),
      "✗ count(failure) < 1  measured 2")
  }

  func test_goals_tellOfStages() throws {
    func load(_ text: String) throws -> String {
      ExecutionView(try JSONValue.parse(text: text)).load
    }
    XCTAssertEqual(
      try load(#"{"concurrentClients":1,"durationSecs":90,"rampupSecs":5}"#),
      "1 client, 1m30s, ramp-up 5s")
    XCTAssertEqual(
      try load(
        #"{"concurrentClients":4,"load":{"model":"rampingClients","stages":[{"durationSecs":2},"#
          + #"{"durationSecs":60}]}}"#), "4 clients, ramping clients over 1m02s")
    XCTAssertEqual(
      try load(#"{"concurrentClients":2,"load":{"model":"sharedIterations","iterations":7}}"#),
      "2 clients, 7 shared iterations")
  }
}

import Shared
import XCTest

@testable import Agent

final class ScriptLogTests: XCTestCase {
  private let minute: Int64 = 60_000_000_000
  private let second: Int64 = 1_000_000_000

  func test_entriesBeyondTheMinutesBound_areCutAndSaidWhenItIsOver() {
    var log = ScriptLog()
    for _ in 0..<Limits.scriptLogEntriesPerMinute { XCTAssertTrue(log.admits(now: 5)) }
    XCTAssertNil(log.dueNanos)
    for _ in 0..<3 { XCTAssertFalse(log.admits(now: 5 + minute - 1)) }
    XCTAssertNil(log.takeSummary(now: minute, isEnd: false))
    XCTAssertEqual(log.dueNanos, 5 + minute)
    XCTAssertEqual(
      log.takeSummary(now: 5 + minute, isEnd: false), "3 further log entries of scripts were cut")
    XCTAssertNil(log.dueNanos)
    XCTAssertTrue(log.admits(now: 5 + minute))
  }

  func test_atTheEnd_whatWasCutIsSaidAtOnce() {
    var log = ScriptLog()
    for _ in 0...Limits.scriptLogEntriesPerMinute { _ = log.admits(now: 0) }
    XCTAssertEqual(
      log.takeSummary(now: 1, isEnd: true), "1 further log entry of scripts was cut")
    XCTAssertNil(log.takeSummary(now: 1, isEnd: true))
  }

  func test_entriesInAll_areBounded() {
    var log = ScriptLog()
    var passed = 0
    for index in 0..<(Limits.logEntriesPerExecutionMax + 50) {
      if log.admits(now: Int64(index) * second) { passed += 1 }
    }
    XCTAssertEqual(passed, Limits.logEntriesPerExecutionMax)
  }

  func test_firstErrorOfAKind_isTold_repetitionsAreCountedOverTenSeconds() {
    var errors = ScriptErrors()
    XCTAssertTrue(errors.happened("TypeError: x\nmore", stack: "at a:1", now: 0))
    XCTAssertTrue(errors.happened("TypeError: x\nmore", stack: "at b:2", now: 0))
    XCTAssertNil(errors.dueNanos)
    for _ in 0..<512 {
      XCTAssertFalse(errors.happened("TypeError: x\nmore", stack: "at a:1", now: second))
    }
    XCTAssertEqual(errors.dueNanos, 11 * second)
    XCTAssertEqual(errors.takeSummaries(now: 10 * second, isEnd: false), [])
    XCTAssertEqual(
      errors.takeSummaries(now: 11 * second, isEnd: false),
      ["TypeError: x (happened 512 times more)"])
    XCTAssertNil(errors.dueNanos)
    XCTAssertFalse(errors.happened("TypeError: x\nmore", stack: "at a:1", now: 12 * second))
    XCTAssertEqual(
      errors.takeSummaries(now: 12 * second, isEnd: true), ["TypeError: x (happened once more)"])
  }

  func test_endlesslyDifferentErrors_areCountedTogether() {
    var errors = ScriptErrors()
    var told = 0
    for index in 0..<1_000 {
      if errors.happened("error \(index)", stack: "", now: 0) { told += 1 }
    }
    XCTAssertEqual(told, Limits.scriptErrorsMax)
    XCTAssertEqual(
      errors.takeSummaries(now: 10 * second, isEnd: false),
      ["Other errors (happened 900 times more)"])
  }
}

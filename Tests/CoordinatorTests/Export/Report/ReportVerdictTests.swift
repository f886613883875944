import Shared
import XCTest

@testable import Coordinator

final class ReportVerdictTests: XCTestCase {
  private func record(_ change: (inout ExecutionRecord) -> Void) -> ExecutionRecord {
    var record = ExecutionRecord(
      id: ExecutionID(1), createdAtMs: 0, updatedAtMs: 0, configuration: TestConfigurationID(1),
      script: ScriptID(1), scriptPayload: ScriptPayload(kind: .steps, content: "{}"),
      goal: LoadGoal(iterations: 1), iterationSleepSecs: 0, rampupSecs: 0, manualStart: false,
      scriptParams: "{}", http: HTTPSettings(), concurrentClients: 1)
    record.completed = true
    change(&record)
    return record
  }

  private func verdict(_ change: (inout ExecutionRecord) -> Void) -> ReportVerdict {
    ReportVerdict(record(change), asOf: "noon")
  }

  private func limit(measured: Double?, breached: Bool) -> LimitState {
    var state = LimitState(
      TestLimit(
        namespace: "Testable", metric: "firstReceivedMs", statistic: .percentile(95), op: .less,
        value: 500))
    state.measured = measured
    state.breached = breached
    return state
  }

  func test_limitsDecide() {
    let passed = verdict { $0.limits = [limit(measured: 3, breached: false)] }
    XCTAssertEqual([passed.word, passed.detail], ["Passed", "Its limit held."])
    XCTAssertEqual(passed.tone, .good)
    let failed = verdict {
      $0.limits = [limit(measured: 812, breached: true), limit(measured: 3, breached: false)]
      $0.limitBreached = true
    }
    XCTAssertEqual(failed.word, "Failed: limits breached")
    XCTAssertEqual(
      failed.detail,
      "1 of 2 limits breached: p95 of firstReceivedMs is 812 ms, must be < 500 ms.")
    XCTAssertEqual(failed.tone, .bad)
  }

  func test_withoutLimits_nothingHasPassed() {
    XCTAssertEqual(verdict { _ in }.word, "Completed")
  }

  func test_failure_goesBeforeEverythingElse() {
    let verdict = verdict {
      $0.failure = "Lost agent a"
      $0.cancelledByUser = true
      $0.limitBreached = true
      $0.limits = [limit(measured: nil, breached: true)]
    }
    XCTAssertEqual(verdict.word, "Failed")
    XCTAssertEqual(
      verdict.detail,
      "Lost agent a. Also, 1 of 1 limit breached: p95 of firstReceivedMs was not measured, "
        + "must be < 500 ms.")
  }

  func test_stopped_isNeitherPassedNorFailed() {
    let verdict = verdict {
      $0.cancelledByUser = true
      $0.limits = [limit(measured: 3, breached: false)]
    }
    XCTAssertEqual(verdict.word, "Stopped by the user")
    XCTAssertEqual(verdict.tone, .warning)
  }

  func test_unfinished_saysAsOfWhen() {
    let states: [(String, (inout ExecutionRecord) -> Void)] = [
      ("Not started", { _ in }), ("Running", { $0.running = true }),
      ("Finishing", { $0.finishedAtMs = 1 }), ("Failing", { $0.failure = "Lost agent a" }),
      (
        "Running: limits breached",
        {
          $0.running = true
          $0.limits = [self.limit(measured: 812, breached: true)]
        }
      ),
    ]
    for (word, change) in states {
      let verdict = verdict {
        $0.completed = false
        change(&$0)
      }
      XCTAssertEqual(verdict.word, word)
      XCTAssert(verdict.detail.contains("noon"), verdict.detail)
    }
  }
}

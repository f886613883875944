import Shared
import XCTest

@testable import Agent

final class CodeTimersTests: XCTestCase {
  private func makeRun(clients: Int) throws -> EngineRun {
    let script = try StepsScript.parse(text: #"{"steps":[{"sleepMs":1}]}"#)
    let program = try StepsProgram(script: script, params: .object(JSONObject()), seed: 1)
    let plan = EngineRunPlan(
      lease: .forTests(clients: clients), program: .steps(program),
      offsets: stride(from: 0, to: clients, by: 1), trust: TrustAnchors(pem: nil))
    let run = EngineRun(plan, deadlineNanos: .max)
    try run.load(plan, pulse: ThreadPulse(), javaScript: { JavaScriptEngine() })
    return run
  }

  func test_timersThatWereTakenBack_doNotGoOff_andDoNotStay() throws {
    let run = try makeRun(clients: 1)
    let user = run.users[0]
    var timers = CodeTimers()
    for number in 0..<Int32(100_000) {
      timers.insert(1_000_000, CodeWake(user: user, operation: number))
      if number % 1_000 != 0 { timers.cancel(user, number) }
    }
    XCTAssertLessThan(timers.count, 5_000)
    var found: [Int32] = []
    while let due = timers.popDue(now: 1_000_000) { found.append(due.operation) }
    XCTAssertEqual(found.sorted(), (0..<100).map { $0 * 1_000 })
    XCTAssertEqual(user.timers, 0)
  }

  func test_timersOfIterationsThatAreOver_doNotGoOff_andDoNotStay() throws {
    let run = try makeRun(clients: 2)
    let (user, other) = (run.users[0], run.users[1])
    var timers = CodeTimers()
    timers.insert(5, CodeWake(user: other, operation: 7))
    for iteration in 0..<100 {
      for number in 0..<Int32(500) {
        timers.insert(1_000_000, CodeWake(user: user, operation: number))
      }
      timers.abandoned(user)
      user.iterationsFinished = iteration + 1
    }
    XCTAssertLessThan(timers.count, 5_000)
    var found: [Int32] = []
    while let due = timers.popDue(now: 1_000_000) { found.append(due.operation) }
    XCTAssertEqual(found, [7])
    timers.insert(5, CodeWake(user: user, operation: 1))
    timers.removeAll(of: run)
    XCTAssertEqual(timers.count, 0)
  }
}

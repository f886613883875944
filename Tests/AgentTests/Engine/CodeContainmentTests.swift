import Shared
import TestSupport
import XCTest

@testable import Agent

/// What one client's script cannot do to the others.
final class CodeContainmentTests: XCTestCase {
  /// Runs two clients with three iterations; the first runs `bad` in its first one.
  private func run(
    _ bad: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> EngineHarness {
    let harness = try EngineHarness.run(
      bad: bad, then: "await sleep(0.001); log.info('through', vu.index, __ITER);", iterations: 3,
      file: file, line: line)
    XCTAssertEqual(harness.iterations.count, 6, file: file, line: line)
    let failed = harness.iterations.filter(\.failed)
    XCTAssertEqual(failed.map(\.client), [0], file: file, line: line)
    XCTAssertEqual(failed.map(\.iteration), [0], file: file, line: line)
    return harness
  }

  private func text(_ harness: EngineHarness) -> String {
    harness.logs.map(\.message).joined(separator: "\n")
  }

  func test_timersWithoutEnd_failTheirIteration() throws {
    for bad in [
      "for (let i = 0; i < 100000; i++) setInterval(() => {}, 1);",
      "for (let i = 0; i < 1000000; i++) setTimeout(() => {}, 3600000);",
      "await Promise.all(Array.from({ length: 20000 }, () => sleep(3600)));",
    ] {
      let log = text(try run(bad))
      XCTAssert(
        log.contains(
          "RangeError: a user cannot wait for more than 10000 requests, timers and questions"),
        log)
    }
  }

  func test_timersThatMakeTimers_letOthersGoOn() throws {
    let harness = try EngineHarness(
      code: """
        let count = 0;
        module.exports = async () => {
          if (vu.index === 1) return sleep(0.05);
          for (let i = 0; i < 5000; i++) setInterval(() => { count += 1; }, 1);
          await sleep(3600);
        };
        """, lease: .forTests(clients: 2, iterations: 3), turnMs: 2_000)
    harness.begin()
    harness.wait("the other client's iterations") { _, _ in harness.unsafeIterations == 3 }
    harness.stop(graceSecs: 0)
    harness.waitForEnd()
  }

  func test_requestsWithoutEnd_failTheirIteration() throws {
    let url = "http://127.0.0.1:\(try FreePort.refusing())/"
    let harness = try run(
      "await Promise.all(Array.from({ length: 50000 }, () => http.get('\(url)')));")
    XCTAssertEqual(harness.requests.count, 1_000)
    XCTAssertEqual(Set(harness.requests.map(\.error)), [.connectRefused])
    let log = text(harness)
    XCTAssert(log.contains("cannot wait for more than 1000 requests at once"), log)
  }

  func test_errorsWithHugePlaces_areShownWithoutThem() throws {
    let harness = try run(
      "throw { name: 'E', message: 'odd', line: 9e15, column: 1e300, sourceURL: 'test.js' };")
    let message = try XCTUnwrap(harness.logs.first { $0.message.contains("odd") }).message
    XCTAssertEqual(message, "E: odd")
  }

  func test_functionNamedSetup_isOrdinary_unlessItIsCalledAsThat() throws {
    let code = """
      exports.setup = () => ({ a: 1 });
      """
    var lease = Lease.forTests(clients: 2, iterations: 3)
    lease.script.export = "setup"
    let ordinary = try EngineHarness(code: code, lease: lease)
    _ = ordinary.run()
    XCTAssertEqual(ordinary.iterations.count, 6)
    XCTAssertEqual(ordinary.values, [])
    lease = Lease.forTests(clients: 1)
    lease.script.export = "setup"
    lease.script.life = .setup
    let once = try EngineHarness(code: code, lease: lease)
    _ = once.run()
    XCTAssertEqual(once.iterations.count, 0)
    XCTAssertEqual(once.values.map(\.json), [#"{"a":1}"#])
  }

  func test_regexOfSteps_holdsNobodyUp() throws {
    let body = String(repeating: "a", count: 20_000)
    let server = try EngineServer { _ in EngineServer.response(200, body) }
    let step = #"{"request":{"url":"\#(server.url("/"))"},"extract":{"x":{"regex":"(a*)*b"}}}"#
    var lease = Lease.forTests(clients: 3)
    lease.goal = LoadGoal(iterations: 1_000_000, durationSecs: nil)
    let harness = try EngineHarness(steps: step, lease: lease)
    harness.begin()
    harness.wait("iterations") { _, _ in harness.unsafeIterations >= 3 }
    harness.stop(graceSecs: 0)
    harness.waitForEnd()
    XCTAssertFalse(harness.iterations.contains { !$0.failed })
    let log = text(harness)
    XCTAssert(log.contains("regex '(a*)*b' is given up"), log)
  }
}

import Shared
import TestSupport
import XCTest

@testable import Agent

/// What an engine does when the agent is short of memory.
final class MemoryTests: XCTestCase {
  func test_pausing_holdsNewIterations_notThoseThatRun() throws {
    let memory = MemoryGate(bytesMax: 1 << 40)
    let server = try EngineServer { _ in
      memory.set(.pausing)
      return EngineServer.response()
    }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          await http.get('\(server.url("/"))');
          await http.get('\(server.url("/"))');
        };
        """, lease: .forTests(clients: 1, iterations: 2), memory: memory)
    harness.begin()
    harness.wait("the end of the first iteration") { _, _ in harness.unsafeIterations == 1 }
    XCTAssertEqual(server.seen.count, 2)
    memory.set(.open)
    harness.renew(deadlineNanos: .max)
    harness.wait("the second iteration") { rows, _ in rows.count > 2 }
    memory.set(.open)
    harness.renew(deadlineNanos: .max)
    harness.waitForEnd()
    XCTAssertFalse(harness.iterations.contains(where: \.failed))
  }

  func test_pausing_isLiftedByARenewalOnly() throws {
    let memory = MemoryGate(bytesMax: 1 << 40)
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"\#(server.url("/"))"}}"#, lease: .forTests(clients: 3),
      memory: memory)
    memory.set(.pausing)
    harness.begin()
    // Still short of memory: a renewal of the lease lets nothing begin.
    harness.renew(deadlineNanos: .max)
    harness.settle()
    XCTAssertEqual(server.seen.count, 0)
    memory.set(.open)
    harness.renew(deadlineNanos: .max)
    harness.waitForEnd()
    XCTAssertEqual(server.seen.count, 3)
  }

  func test_engine_looksForItself_whereMuchIsUsed() {
    let resident = ProcessMemory.residentBytes()
    let tight = MemoryGate(bytesMax: resident / 2)
    XCTAssertTrue(tight.mayBegin(), "nobody has looked yet")
    tight.set(.open, resident: resident)
    XCTAssertFalse(tight.mayBegin())
    XCTAssertEqual(tight.state, .pausing)
    let ample = MemoryGate(bytesMax: resident * 2 - (1 << 20))
    ample.set(.open, resident: resident)
    XCTAssertTrue(ample.mayBegin())
    XCTAssertEqual(ample.state, .open)
  }

  func test_usersThatAreHeldUp_endWithTheTime() throws {
    let memory = MemoryGate(bytesMax: 1 << 40)
    memory.set(.pausing)
    var lease = Lease.forTests(clients: 3)
    lease.goal = LoadGoal(iterations: nil, durationSecs: 0.2)
    let harness = try EngineHarness(steps: #"{"sleepMs":1}"#, lease: lease, memory: memory)
    let began = Clock.monotonicNanos()
    harness.begin()
    harness.waitForEnd()
    // Without grace for what does not run: iterations that do would have half a minute.
    XCTAssertLessThan(Clock.monotonicNanos() - began, 20_000_000_000)
    XCTAssertEqual(harness.iterations.count, 0)
  }

  func test_critical_endsIterationsThatWouldTakeMore() throws {
    let memory = MemoryGate(bytesMax: 1 << 40)
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          log.info('begun', __ITER);
          for (let i = 0; i < 1e9 && __ITER === 0; i++) await sleep(0.001);
        };
        """, lease: .forTests(clients: 1, iterations: 2), memory: memory)
    harness.begin()
    harness.wait("the first iteration") { _, _ in harness.unsafeLogs.contains("begun 0") }
    memory.set(.critical)
    harness.wait("its end") { _, _ in harness.unsafeIterations == 1 }
    memory.set(.open)
    harness.renew(deadlineNanos: .max)
    harness.waitForEnd()
    XCTAssertEqual(harness.iterations.map(\.failed), [true, false])
    let log = harness.logs.map(\.message).joined(separator: "\n")
    XCTAssert(log.contains("the agent is short of memory: it may use 1048576 MiB"), log)
  }

  func test_critical_endsResponsesThatScriptsRead() throws {
    let memory = MemoryGate(bytesMax: 1 << 40)
    let server = try EngineServer { _ in
      memory.set(.critical)
      return EngineServer.response(200, "hello")
    }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"\#(server.url("/"))"},"check":[{"bodyContains":"x"}]}"#,
      memory: memory)
    harness.begin()
    harness.waitForEnd()
    XCTAssertEqual(harness.requests.map(\.error), [.agentResources])
  }

  func test_scriptThatTakesTooMuchWhenItIsLoaded_isRefused() throws {
    let resident = ProcessMemory.residentBytes()
    let harness = try EngineHarness(
      code: "const kept = new Array(1310720).fill(1.5); module.exports = () => kept.length;",
      lease: .forTests(clients: 500), memory: MemoryGate(bytesMax: resident + (200 << 20)))
    let problem = try XCTUnwrap(harness.loadProblem())
    XCTAssert(problem.contains("of 500 users of a thread are loaded, and the agent is"), problem)
    XCTAssertLessThan(ProcessMemory.residentBytes() - resident, 400 << 20)
  }
}

import Shared
import XCTest

@testable import Agent

/// Events for clients of `Code` scripts on a real engine thread.
final class CodeEventTests: XCTestCase {
  func test_event_reachesEveryClientInItsIteration_once() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        let over;
        events.on('go', async (contents, event) => {
          await http.get(`\(server.url("/"))${event.name}/${contents.page}/${vu.index}`);
          over();
        });
        module.exports = async () => {
          const end = new Promise((resolve) => { over = resolve; });
          await http.get('\(server.url("/"))first');
          await end;
        };
        """, lease: .forTests(clients: 3))
    harness.begin()
    harness.wait("the first requests") { rows, _ in rows.count == 3 }
    harness.send("other")
    harness.send("go", contents: #"{"page":7}"#)
    harness.waitForEnd()
    XCTAssertEqual(
      server.seen.map(\.path).filter { $0 != "/first" }.sorted(),
      ["/go/7/0", "/go/7/1", "/go/7/2"])
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false, false])
  }

  func test_eventBetweenIterations_isHandled_butMakesNoRequests() throws {
    var lease = Lease.forTests(clients: 2, iterations: 2)
    lease.iterationSleepSecs = 3_600
    let harness = try EngineHarness(
      code: """
        events.on('go', async (contents) => {
          log.info('got', contents, vu.index);
          await http.get('http://127.0.0.1:1/');
        });
        events.on('bad', () => { throw new Error('handler'); });
        module.exports = async () => {};
        """, lease: lease)
    harness.begin()
    harness.wait("both iterations") { _, _ in harness.unsafeIterations == 2 }
    harness.send("go", contents: "[1]")
    harness.send("bad", contents: "null")
    harness.stop(graceSecs: 0)
    harness.waitForEnd()
    let logs = harness.logs.map(\.message)
    XCTAssertEqual(
      logs.filter { $0.hasPrefix("got") }.sorted(), ["got [1] 0", "got [1] 1"])
    let text = logs.joined(separator: "\n")
    XCTAssert(text.contains("within an iteration only"), text)
    XCTAssert(text.contains("Error: handler at test.js:5:"), text)
    XCTAssertEqual(harness.requests, [])
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false])
  }

  func test_eventBeforeAClientRuns_isNotForIt() throws {
    let harness = try EngineHarness(
      code: """
        events.on('go', () => { log.info('too early'); });
        module.exports = async () => {};
        """)
    XCTAssertNil(harness.loadProblem())
    harness.send("go")
    _ = harness.run()
    XCTAssertEqual(harness.logs, [])
    XCTAssertEqual(harness.iterations.count, 1)
  }
}

import Shared
import XCTest

@testable import Agent

/// Questions of `Code` scripts on an engine; the test is the coordinator.
final class CodeQuestionEngineTests: XCTestCase {
  func test_barrier_holdsClientsUntilItIsReleased() throws {
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          await results.barrier('start');
          check(1, { passed: true });
        };
        """, lease: .forTests(clients: 3))
    harness.begin()
    harness.wait("all arrivals") { _, _ in
      harness.unsafeAsks.last?.question == .barrier(name: "start", round: 0, arrived: 3)
    }
    let id = try XCTUnwrap(harness.asks.last).id
    XCTAssertEqual(Set(harness.asks.map(\.id)), [id])
    harness.answer(id, .released)
    harness.waitForEnd()
    XCTAssertEqual(harness.checks, ["passed": [3, 0]])
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false, false])
  }

  func test_clientThatIsCut_isTakenOffTheBarrier_beforeItsEndIsTold() throws {
    let harness = try EngineHarness(
      code: "module.exports = async () => { await results.barrier('start'); };",
      lease: .forTests(clients: 2))
    harness.begin()
    harness.wait("both arrivals") { _, _ in
      harness.unsafeAsks.last?.question == .barrier(name: "start", round: 0, arrived: 2)
    }
    harness.stop(graceSecs: 0)
    harness.wait("the end of both") { _, _ in harness.unsafeEndedClients.last?.count == 2 }
    XCTAssertEqual(
      harness.asks.last?.question, .barrier(name: "start", round: 0, arrived: 0))
    XCTAssertEqual(harness.endedClients.last?.asksBefore, harness.asks.count)
  }

  func test_answers_reachTheScript() throws {
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const missing = await results.get('nothing');
          const orders = await results.get('orders', 'Shop');
          let refused = '';
          try { await results.barrier('b'); } catch (error) { refused = error.message; }
          const users = dataTable.open('users');
          const info = await users.info();
          const row = await users.get(1);
          const again = await users.get(0);
          const next = await users.next({ atEnd: 'stop' });
          const end = await users.next({ atEnd: 'stop' });
          log.info(missing, orders, refused, info, row, again, next, end);
        };
        """)
    harness.begin()
    let answers: [(AgentQuestion, AgentAnswer)] = [
      (.metric(namespace: "User", name: "nothing", resource: nil), .metric(json: nil)),
      (.metric(namespace: "Shop", name: "orders", resource: nil), .metric(json: "12")),
      (.barrier(name: "b", round: 0, arrived: 1), .failed("no more barriers")),
      (.table(name: "users"), .table(columns: ["name", "mail"], rows: 2)),
      (
        .row(table: "users", index: 0, count: Limits.tableBlockRowsMax),
        .rows(first: 0, rows: [["Ann", "a@x"], ["Böb \"B\"", ""]], end: false)
      ),
      (
        .rows(table: "users", count: 1, recycle: false),
        .rows(first: 0, rows: [["Ann", "a@x"]], end: false)
      ),
      (.rows(table: "users", count: 1, recycle: false), .rows(first: 2, rows: [], end: true)),
    ]
    for (index, (question, answer)) in answers.enumerated() {
      let ask = try XCTUnwrap(harness.ask(after: index))
      XCTAssertEqual(ask.question, question)
      harness.answer(ask.id, answer)
    }
    harness.waitForEnd()
    XCTAssertEqual(
      harness.logs.map(\.message),
      [
        #"undefined 12 no more barriers {"name":"users","columns":["name","mail"],"rows":2} "#
          + #"{"name":"Böb \"B\"","mail":""} {"name":"Ann","mail":"a@x"} "#
          + #"{"name":"Ann","mail":"a@x"} null"#
      ])
  }

  func test_waitForValue_looksAtWhatGetGives() throws {
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const count = await results.waitForValue({ name: 'c', value: 5, intervalMs: 1 });
          const times = await results.waitForValue({ name: 't', value: 3 });
          const slow = await results.waitForValue({ name: 't', value: 40, statistic: 'p95' });
          const keys = await results.waitForValue({ name: 'h', value: 7 });
          const key = await results.waitForValue({ name: 'h', value: 4, statistic: 'yes' });
          log.info(count, times, slow, keys, key);
          await results.waitForValue({ name: 'c', value: 9, timeout: 1 });
        };
        """)
    let timing = #"{"count":3,"mean":2,"sd":1,"p50":2,"p95":41.5}"#
    harness.begin()
    let texts: [String?] = [
      nil, "4", "5.5", timing, timing, #"{"yes":5,"no":2}"#, #"{"yes":5,"no":2}"#,
    ]
    for (index, json) in texts.enumerated() {
      harness.answer(try XCTUnwrap(harness.ask(after: index)).id, .metric(json: json))
    }
    var asked = texts.count
    while harness.iterations.isEmpty {
      harness.wait("another question, or the end") { _, ended in
        harness.unsafeAsks.count > asked || !ended.isEmpty
      }
      for ask in harness.asks.dropFirst(asked) { harness.answer(ask.id, .metric(json: "8")) }
      asked = harness.asks.count
    }
    let logs = harness.logs.map(\.message)
    XCTAssertEqual(logs.first, "5.5 3 41.5 7 5")
    XCTAssert(logs.last?.contains("waitForValue: c is 8 when time is up") ?? false, "\(logs)")
    XCTAssertEqual(harness.iterations.map(\.failed), [true])
  }

  func test_rowsAtHand_askedForWithoutEnd_letTheStopThrough() throws {
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          for (;;) await dataTable.open('t').get(0);
        };
        """, lease: .forTests(clients: 3))
    harness.begin()
    let table = try XCTUnwrap(harness.ask())
    harness.answer(table.id, .table(columns: ["a"], rows: 1))
    let rows = try XCTUnwrap(harness.ask(after: 1))
    harness.answer(rows.id, .rows(first: 0, rows: [["x"]], end: false))
    harness.stop(graceSecs: 0.05)
    harness.waitForEnd()
    XCTAssertEqual(harness.asks.count, 2)
  }

  func test_unhandledRejection_failsTheIteration() throws {
    let harness = try EngineHarness(
      code: """
        const later = async () => { await sleep(0.001); throw new Error('floating'); };
        module.exports = async () => {
          switch (__ITER) {
            case 0: Promise.reject(new Error('at once')); break;
            case 1: later(); break;
            case 2: later().catch(() => {}); break;
            case 3: {
              const kept = Promise.reject(new Error('kept'));
              try { await kept; } catch {}
            }
          }
        };
        """, lease: .forTests(clients: 1, iterations: 4))
    _ = harness.run()
    XCTAssertEqual(harness.iterations.map(\.failed), [true, true, false, false])
    let text = harness.logs.map(\.message).joined(separator: "\n")
    XCTAssert(text.contains("Error: at once at test.js:4:"), text)
    XCTAssert(text.contains("Error: floating at test.js:1:"), text)
    XCTAssertFalse(text.contains("kept"), text)
  }

  func test_floatingChain_mayStillBeginRequests() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        const chain = async () => {
          for (let i = 0; i < 20; i += 1) await undefined;
          await http.get('\(server.url("/"))');
        };
        module.exports = async () => { chain(); };
        """, lease: .forTests(clients: 1, iterations: 3))
    XCTAssertEqual(harness.run().count, 3)
    XCTAssertEqual(harness.iterations.map(\.failed), [false, false, false])
  }

  func test_checks_askTheirPredicatesOneAfterTheOther() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const order = [];
          const ask = (name, holds) => async () => {
            order.push(`${name} begins`);
            await http.get('\(server.url("/"))');
            order.push(`${name} ends`);
            return holds;
          };
          const all = await check(1, { a: true, b: ask('b', true), c: ask('c', false), d: true });
          log.info(all, order.join(', '));
          log.info(check(1, { a: true, d: () => true }));
        };
        """)
    _ = harness.run()
    XCTAssertEqual(
      harness.logs.map(\.message), ["false b begins, b ends, c begins, c ends", "true"])
    XCTAssertEqual(
      harness.checks, ["a": [2, 0], "b": [1, 0], "c": [0, 1], "d": [2, 0]])
  }
}

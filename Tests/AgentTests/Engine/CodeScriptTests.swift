import Shared
import TestSupport
import XCTest

@testable import Agent

/// `Code` scripts on an engine, against a server that counts.
final class CodeScriptTests: XCTestCase {
  func test_get_becomesARowAndAResponse() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const res = await http.get('\(server.url("/"))hello?a=1#x');
          check(res, {
            'status is 200': (r) => r.status === 200,
            'body': (r) => r.body.length > 0 && r.text() === r.body,
            'never': () => false,
          });
          log.info('got', res.status, { a: 1 });
        };
        """, lease: .forTests(clients: 3, iterations: 4))
    let rows = harness.run()
    XCTAssertEqual(rows.count, 12)
    XCTAssertEqual(Set(rows.map(\.status)), [200])
    XCTAssertEqual(Set(harness.resources), ["GET \(server.url("/"))hello?a=1"])
    XCTAssertEqual(harness.iterations.count, 12)
    XCTAssertFalse(harness.iterations.contains { $0.failed })
    XCTAssertEqual(
      harness.checks, ["status is 200": [12, 0], "body": [12, 0], "never": [0, 12]])
    XCTAssertEqual(harness.logs.map(\.message), Array(repeating: "got 200 {\"a\":1}", count: 12))
  }

  func test_whatIsToldInAFirstTurn_isOfItsTime() throws {
    let before = Clock.wallMicros()
    let harness = try EngineHarness(code: "module.exports = () => { log.info('now'); }")
    _ = harness.run()
    let at = try XCTUnwrap(harness.logs.first).atMicros
    XCTAssertGreaterThanOrEqual(at, before - 1_000)
    XCTAssertLessThan(at, before + 60_000_000)
  }

  func test_clients_shareNoGlobals() throws {
    let harness = try EngineHarness(
      code: """
        let count = 0;
        globalThis.shared = (globalThis.shared ?? 0) + 1;
        module.exports = async () => {
          count += 1;
          globalThis.shared += 1;
          check(null, {
            count: () => count === __ITER + 1 && vu.iteration === __ITER,
            shared: () => globalThis.shared === __ITER + 2,
            vu: () => __VU === vu.index + 1,
          });
        };
        """, lease: .forTests(clients: 5, iterations: 3))
    _ = harness.run()
    XCTAssertEqual(harness.checks, ["count": [15, 0], "shared": [15, 0], "vu": [15, 0]])
  }

  func test_error_namesItsPlaceAndFailsTheIteration() throws {
    let harness = try EngineHarness(
      code: """
        function deep(x) {
          return x.y.z;
        }
        module.exports = async () => {
          if (__ITER === 1) deep({});
        };
        """, lease: .forTests(clients: 1, iterations: 3))
    _ = harness.run()
    XCTAssertEqual(harness.iterations.map(\.failed), [false, true, false])
    let text = try XCTUnwrap(harness.logs.first?.message)
    XCTAssert(text.hasPrefix("TypeError: "), text)
    XCTAssert(text.contains("test.js:2:"), text)
    XCTAssert(text.contains("\n  return x.y.z;\n"), text)
    XCTAssert(text.contains("at deep (test.js:2:"), text)
  }

  func test_scriptThatDoesNotLoad_saysWhere() throws {
    let syntax = try EngineHarness(code: "const a = 1;\nconst b = ;\nmodule.exports = () => {}")
    XCTAssert(try XCTUnwrap(syntax.loadProblem()).contains("test.js:2"), syntax.loadProblem() ?? "")
    let thrown = try EngineHarness(code: "\n\nthrow new Error('no');")
    let problem = try XCTUnwrap(thrown.loadProblem())
    XCTAssert(problem.contains("Error: no at test.js:3:"), problem)
    let empty = try EngineHarness(code: "exports.a = 1")
    XCTAssert(try XCTUnwrap(empty.loadProblem()).contains("exports no function"))
  }

  func test_sleepBatchAndTimers() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const start = performance.now();
          await sleep(0.05);
          const two = await http.batch([
            '\(server.url("/"))1', ['POST', '\(server.url("/"))2', { a: 'x y', b: [1, 2] }],
            {
              method: 'PUT', url: '\(server.url("/"))3', body: '{}',
              params: { tags: { name: 'three' } },
            },
          ]);
          check(two, { three: (r) => r.length === 3 && r.every((one) => one.status === 200) });
          const took = await new Promise((done) => {
            const timer = setInterval(() => {
              clearInterval(timer);
              setTimeout(done, 20, performance.now() - start);
            }, 10);
          });
          check(took, { waited: (t) => t >= 55 });
        };
        """)
    let rows = harness.run()
    XCTAssertEqual(rows.count, 3)
    XCTAssertEqual(harness.checks, ["three": [1, 0], "waited": [1, 0]])
    XCTAssertEqual(
      Set(harness.resources), ["GET \(server.url("/"))1", "POST \(server.url("/"))2", "three"])
  }

  func test_runawayScripts_loseTheirIterationOnly() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          if (vu.index === 0) {
            switch (__ITER) {
              case 0: for (;;) {}
              case 1: await http.get('\(server.url("/"))'); for (;;) await Promise.resolve();
              case 2: new ArrayBuffer(4 * 1024 ** 3);
              case 3: (function f() { f(); })();
              case 4: { const a = []; for (;;) a.push(new Array(100000).fill(1.5)); }
              case 5: 'x'.repeat(2 ** 29 - 1).padEnd(2 ** 30);
            }
          }
          await http.get('\(server.url("/"))');
        };
        """, lease: .forTests(clients: 2, iterations: 7), turnMs: 200)
    _ = harness.run()
    let bad = harness.iterations.filter { $0.client == 0 }.sorted { $0.iteration < $1.iteration }
    XCTAssertEqual(bad.map(\.failed), [true, true, true, true, true, true, false])
    XCTAssertFalse(harness.iterations.contains { $0.client == 1 && $0.failed })
    XCTAssertEqual(harness.iterations.count, 14)
    let text = harness.logs.map(\.message).joined(separator: "\n")
    for part in ["200 ms", "256 MiB", "RangeError"] { XCTAssert(text.contains(part), text) }
  }

  func test_bodiesWithoutEnd_failTheIterationOnly() throws {
    let plain = try RawServer { stream in
      try stream.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
      let piece = String(repeating: "x", count: 1 << 20)
      while true { try stream.write(piece) }
    }
    var lease = Lease.forTests(clients: 2, iterations: 2)
    lease.http.bodyBytesMax = 4 << 20
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          if (vu.index === 0) await http.get('http://127.0.0.1:\(plain.port)/');
          const res = await http.get('\(server.url("/"))');
          check(res, { ok: (r) => r.body === 'hello' });
        };
        """, lease: lease)
    let rows = harness.run()
    XCTAssertEqual(rows.filter { $0.error == .bodyTooLarge }.count, 2)
    XCTAssertEqual(harness.checks, ["ok": [2, 0]])
    XCTAssertEqual(harness.iterations.filter(\.failed).map(\.client), [0, 0])
    let text = harness.logs.map(\.message).joined()
    XCTAssert(text.contains("the body is larger than allowed"), text)
    // It was no line of the script that threw.
    XCTAssertFalse(text.contains("test.js:"), text)
  }

  func test_requestsAtOnce_shareTheCookiesOfTheirClient() throws {
    let server = try EngineServer { request in
      let cookie = "s\(request.path.dropFirst())=1"
      return EngineServer.response(200, "hello", headers: ["Set-Cookie: \(cookie); Path=/"])
    }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          await http.batch(['\(server.url("/1"))', '\(server.url("/2"))', '\(server.url("/3"))']);
          await http.get('\(server.url("/4"))');
        };
        """)
    XCTAssertEqual(harness.run().count, 4)
    let last = try XCTUnwrap(server.seen.first { $0.path == "/4" })
    let cookie = last.headers.first { $0.key.lowercased() == "cookie" }?.value ?? ""
    XCTAssertEqual(
      Set(cookie.split(separator: ";").map { $0.filter { $0 != " " } }), ["s1=1", "s2=1", "s3=1"])
  }

  func test_metricsSuitesFilesAndAbort() throws {
    let harness = try EngineHarness(
      code: """
        const { Counter, Trend, Rate, Gauge } = require('k6/metrics');
        const orders = new Counter('orders');
        const took = new Trend('took', true);
        const good = new Rate('good');
        const level = new Gauge('level');
        module.exports = async () => {
          orders.add(2); took.add(12.5); good.add(true); good.add(false); level.add(7);
          results('home').timing('page', 30, 'ms');
          results.counter({ namespace: 'Shop', name: 'sold', val: 3, units: 'items' });
          let refused = '';
          try { results.counter('a-b', 1); } catch (error) { refused = error.message; }
          check(refused, { refused: (text) => text.includes("no '-'") });
          await describe('suite', () => {
            beforeEach(async () => {});
            it('holds', () => {});
            it('fails', async () => { throw new Error('why'); });
          });
          output.file('a.txt', 'hello', 'text/plain');
          require('k6/execution').default?.test;
          require('k6/execution').test.abort('enough');
        };
        """)
    harness.begin()
    harness.waitForEnd()
    let names = Set(harness.metrics.map { "\($0.definition.namespace) \($0.definition.name)" })
    XCTAssertEqual(
      names, ["User orders", "User took", "User good", "User level", "User page", "Shop sold"])
    XCTAssertEqual(harness.suiteResults.map(\.test), ["holds", "fails"])
    XCTAssertEqual(harness.suiteResults.map(\.passed), [true, false])
    XCTAssertEqual(harness.suiteResults.last?.message, "why")
    XCTAssertEqual(harness.files.first?.bytes, Array("hello".utf8))
    XCTAssertEqual(harness.checks["refused"], [1, 0])
    XCTAssertEqual(harness.aborts, ["enough"])
  }
}

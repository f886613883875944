import Foundation
import Shared
import TestSupport
import XCTest

/// What JavaScript clients of three agents share through their coordinator.
final class CodeSharingTests: XCTestCase {
  private static let regions = [("eu-west", 6), ("us-east", 3)]

  func test_thousandClients_meetAtABarrier_withinASecondOfTheLast() throws {
    let cluster = try Cluster([
      .init("eu-west", "eu-1", capacity: 350), .init("eu-west", "eu-2", capacity: 350),
      .init("us-east", "us-1", capacity: 400),
    ])
    let execution = try cluster.start(
      code: """
        module.exports = async () => {
          if (vu.index === 700) await sleep(2);
          await http.get('\(cluster.nginx.url)/');
          await results.barrier('all');
          await http.get('\(cluster.nginx.url)/json');
        };
        """, regions: [("eu-west", 600), ("us-east", 400)], "\"iterations\":1")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let arrived = accounting.log.filter { $0.uri == "/" }.map(\.time)
    let released = accounting.log.filter { $0.uri == "/json" }.map(\.startTime)
    XCTAssertEqual(arrived.count, 1_000)
    XCTAssertEqual(released.count, 1_000)
    let last = try XCTUnwrap(arrived.max())
    // nginx's times are those of milliseconds.
    XCTAssertGreaterThanOrEqual(try XCTUnwrap(released.min()), last - 0.002)
    XCTAssertLessThan(try XCTUnwrap(released.max()) - last, 1)
  }

  func test_nextRows_areUniqueAcrossAllClients() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let rows = 1_000
    let csv = "id,name\n" + (0..<rows).map { "\($0),user \($0)\n" }.joined()
    let content = JSONValue.object(["name": .string("users"), "content": .string(csv)])
    let response = try cluster.http.send("POST", "/data-tables", body: content.text)
    XCTAssertEqual(response.status, 201, response.text)
    let execution = try cluster.start(
      code: """
        const users = dataTable.open('users');
        module.exports = async () => {
          for (;;) {
            const user = await users.next({ atEnd: 'stop' });
            if (user === null) break;
            if (user.name !== `user ${user.id}`) throw new Error(`got ${user.name}`);
            await http.get(`\(cluster.nginx.url)/json?user=${user.id}`, { tags: { name: 'user' } });
          }
          const some = [await users.random(), await users.get(999)];
          check(some, { rows: ([a, b]) => a.name.startsWith('user ') && b.id === '999' });
        };
        """, regions: Self.regions, "\"iterations\":1")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(
      accounting.log.map(\.uri).sorted(), (0..<rows).map { "/json?user=\($0)" }.sorted())
    XCTAssertEqual(try errors(execution), [])
    XCTAssertEqual(try check("rows", execution), [9, 0])
  }

  func test_event_reachesEveryHandlerOnce_within250Milliseconds() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      code: """
        let over;
        events.on('load', async ({ page }) => {
          await http.get(`\(cluster.nginx.url)/json?page=${page}`, { tags: { name: 'json' } });
          over();
        });
        module.exports = async () => {
          const end = new Promise((resolve) => { over = resolve; });
          await http.get('\(cluster.nginx.url)/');
          await end;
        };
        """, regions: Self.regions, "\"iterations\":1")
    try execution.waitUntilCount(9)
    let sent = Double(Clock.wallMicros()) / 1e6
    try execution.send("POST", "/send-event", body: #"{"name":"load","contents":{"page":7}}"#)
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let followed = accounting.log.filter { $0.uri == "/json?page=7" }
    XCTAssertEqual(followed.count, 9)
    XCTAssertLessThan(try XCTUnwrap(followed.map(\.startTime).max()) - sent, 0.25)
  }

  func test_valuesOfMetrics_areThoseOfAllAgents() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      code: """
        module.exports = async () => {
          results.counter('orders', 2);
          results.timing('think', vu.index, 'ms');
          results.histogram('plan', vu.index < 4 ? 'free' : 'paid');
          await http.get('\(cluster.nginx.url)/');
          const orders = await results.waitForValue({ name: 'orders', value: 18, timeout: '30s' });
          await results.waitForValue({ name: 'think', value: 9, timeout: '30s' });
          await results.waitForValue({ name: 'plan', value: 9, timeout: '30s' });
          const ok = { namespace: 'Testable', name: 'success' };
          await results.waitForValue({ ...ok, value: 9, timeout: '30s' });
          const think = await results.get('think');
          const plan = await results.get({ name: 'plan' });
          check(orders, { orders: 18 === orders && 18 === await results.get('orders') });
          check(think, { think: think.count === 9 && think.mean === 4 && think.max === 8 });
          check(plan, { plan: plan.free === 4 && plan.paid === 5 });
          check(1, { success: 9 === await results.get(ok.name, ok.namespace) });
          check(1, { none: undefined === await results.get('nothing') });
        };
        """, regions: Self.regions, "\"iterations\":1")
    try execution.waitUntilCompleted()
    XCTAssertEqual(try errors(execution), [])
    for name in ["orders", "think", "plan", "success", "none"] {
      XCTAssertEqual(try check(name, execution), [9, 0], name)
    }
  }

  func test_k6Options_settleCookiesConnectionsAndUserAgent() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      code: """
        const http = require('k6/http');
        exports.options = { vus: 2, iterations: 4, noConnectionReuse: true, userAgent: 'me/1' };
        exports.default = async () => {
          await http.get('\(cluster.nginx.url)/cookie-echo');
          await http.get('\(cluster.nginx.url)/cookie');
          await http.get('\(cluster.nginx.url)/cookie-echo');
        };
        """, regions: [("eu-west", 2)], "\"iterations\":2")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check(bytes: false)
    let echoes = accounting.log.filter { $0.uri == "/cookie-echo" }
    XCTAssertEqual(
      echoes.map(\.cookie).sorted(),
      ["-", "-", "-", "-", "session=abc123", "session=abc123", "session=abc123", "session=abc123"])
    XCTAssertEqual(Set(accounting.log.map(\.userAgent)), ["me/1"])
    XCTAssertEqual(Set(accounting.log.map(\.connection)).count, 12)
  }

  /// What the log says of scripts that failed.
  private func errors(_ execution: Execution) throws -> [Substring] {
    try execution.log().split(separator: "\n").filter { $0.contains("Error") }
  }

  /// Passes and fails of a check.
  private func check(_ name: String, _ execution: Execution) throws -> [Int] {
    let checks = try execution.get("/summary")["checks"]?.arrayValue ?? []
    let check = checks.first { $0["name"]?.stringValue == name }
    return [check?["passes"]?.intValue ?? -1, check?["fails"]?.intValue ?? -1]
  }
}

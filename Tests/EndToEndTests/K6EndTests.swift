import TestSupport
import XCTest

/// How `throng run` ends, and what it reckons, where k6's scripts depend on it.
final class K6EndTests: XCTestCase {
  private func run(
    _ script: String, exits code: Int32 = 0, file: StaticString = #filePath, line: UInt = #line
  ) throws -> String {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "script.js", "export const options = { vus: 1, iterations: 1 };\n" + script)
    let run = try ChildProcess(product: "throng", ["run", path, "-q"])
    XCTAssertEqual(try run.waitForExit(seconds: 60), code, run.errors, file: file, line: line)
    return run.output + run.errors
  }

  func test_throwInSetup_ends107() throws {
    let found = try run(
      """
      export function setup() { throw new Error('no such shop'); }
      export default function () { console.log('ran'); }
      """, exits: 107)
    XCTAssert(found.contains("no such shop"), found)
    XCTAssertFalse(found.contains("ran"), found)
  }

  func test_throwInTeardown_ends107_whateverThresholdsSay() throws {
    let found = try run(
      """
      options.thresholds = { iterations: ['count>5'] };
      export default function () { console.log('ran'); }
      export function teardown() { throw new Error('still open'); }
      """, exits: 107)
    XCTAssert(found.contains("still open"), found)
    XCTAssert(found.contains("ran"), found)
  }

  func test_teardownThatTakesTooLong_ends101_andSaysSo() throws {
    let found = try run(
      """
      import { sleep } from 'k6';
      options.teardownTimeout = '1s';
      export default function () {}
      export function teardown() { sleep(30); }
      """, exits: 101)
    XCTAssert(found.contains("teardownTimeout is 1s"), found)
  }

  func test_teardownThatGoesWell_ends0() throws {
    let found = try run(
      """
      export default function () {}
      export function teardown() { console.log('cleared'); }
      """)
    XCTAssert(found.contains("cleared"), found)
  }

  func test_percentilesOfFewValues_areExact() throws {
    let found = try run(
      """
      import { Trend } from 'k6/metrics';
      const few = new Trend('few');
      const same = new Trend('same');
      export default function () {
        for (let value = 0; value <= 10; value += 1) few.add(value);
        for (let count = 0; count < 500; count += 1) same.add(5);
      }
      export function handleSummary(data) {
        const [few, same] = [data.metrics.few.values, data.metrics.same.values];
        return { stdout: `few ${few.med} ${few['p(90)']} ${few['p(95)']} same ${same.med}` };
      }
      """)
    XCTAssert(found.contains("few 5 9 9.5 same 5"), found)
  }

  /// What was never sent counts neither as a failure nor as a request, for the summary as for
  /// thresholds.
  func test_unsentRequests_areInNoShare() throws {
    let server = try RawServer { stream in
      while try stream.read() != nil {
        try stream.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let found = try run(
      """
      import http from 'k6/http';
      options.thresholds = { http_req_failed: ['rate==0'], http_reqs: ['count==2'] };
      export default function () {
        http.get('http://127.0.0.1:\(server.port)/');
        http.get('no URL at all');
        http.post('http://127.0.0.1:\(server.port)/', 5);
        http.get('http://127.0.0.1:\(server.port)/');
      }
      export function handleSummary(data) {
        return { stdout: `failed ${data.metrics.http_req_failed.values.rate}` };
      }
      """)
    XCTAssert(found.contains("failed 0"), found)
  }
}

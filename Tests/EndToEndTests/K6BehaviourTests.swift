import Foundation
import TestSupport
import XCTest

/// What k6 does beside its load: exit codes, the environment, metrics, `k6/execution`.
final class K6BehaviourTests: XCTestCase {
  @discardableResult
  private func run(
    _ script: String, _ flags: String..., environment: [String: String] = [:],
    exits code: Int32 = 0, file: StaticString = #filePath, line: UInt = #line
  ) throws -> (output: String, seconds: Double) {
    let directory = try TemporaryDirectory()
    let path = try directory.write("script.js", script)
    let began = Date()
    let run = try ChildProcess(
      product: "throng", ["run", path, "-q"] + flags, environment: environment)
    XCTAssertEqual(try run.waitForExit(seconds: 60), code, run.errors, file: file, line: line)
    return (run.output + run.errors, Date().timeIntervalSince(began))
  }

  private let once = "export const options = { vus: 1, iterations: 1 };"

  // MARK: the environment

  func test_environment_isInENV_whereNeitherFlagsSayOtherwise() throws {
    let script = """
      import { sleep } from 'k6';
      \(once)
      const loaded = __ENV.THE_BASE;
      export default function () { console.log(`is <${loaded}> <${__ENV.THE_BASE}>`); }
      """
    let environment = ["THE_BASE": "around"]
    let seen = try run(script, environment: environment).output
    XCTAssert(seen.contains("is <around> <around>"), seen)
    let beaten = try run(script, "-e", "THE_BASE=flag", environment: environment).output
    XCTAssert(beaten.contains("is <flag> <flag>"), beaten)
    let off = try run(
      script, "--include-system-env-vars=false", environment: environment
    ).output
    XCTAssert(off.contains("is <undefined> <undefined>"), off)
    let bad = try run(script, "--include-system-env-vars=maybe", exits: 104).output
    XCTAssert(bad.contains("--include-system-env-vars"), bad)
  }

  /// It is no parameter of the test, which would be stored with it.
  func test_environment_isNotKept() throws {
    let directory = try TemporaryDirectory()
    try run(
      "\(once)\nexport default function () {}", "--data-dir", directory.file("store"),
      "--json", directory.file("out.json"), environment: ["THE_SECRET": "squeamish-ossifrage"])
    let files = FileManager.default.enumerator(atPath: directory.file(""))
    var count = 0
    while let name = files?.nextObject() as? String {
      guard let data = FileManager.default.contents(atPath: directory.file(name)) else { continue }
      count += 1
      XCTAssertNil(data.range(of: Data("squeamish-ossifrage".utf8)), name)
    }
    XCTAssertGreaterThan(count, 1)
  }

  // MARK: ends

  func test_abort_interruptsEverybodyAtOnce() throws {
    let found = try run(
      """
      import exec from 'k6/execution';
      import { sleep } from 'k6';
      export const options = { vus: 5, duration: '20s' };
      export default function () {
        if (exec.vu.idInTest === 1) { sleep(0.5); exec.test.abort('enough'); }
        sleep(15);
      }
      """, exits: 108)
    XCTAssert(found.output.contains("The script ended the test: enough"), found.output)
    XCTAssertLessThan(found.seconds, 10)
  }

  func test_abortInSetup_ends108() throws {
    let found = try run(
      """
      import exec from 'k6/execution';
      export function setup() { exec.test.abort('not ready'); }
      \(once)
      export default function () { console.log('ran'); }
      """, exits: 108)
    XCTAssertFalse(found.output.contains("ran"), found.output)
  }

  func test_crossedThreshold_interruptsIterations() throws {
    let found = try run(
      """
      import { Counter } from 'k6/metrics';
      import { sleep } from 'k6';
      const crossed = new Counter('crossed');
      export const options = { vus: 2, duration: '20s',
        thresholds: { crossed: [{ threshold: 'count<1', abortOnFail: true }] } };
      export default function () { crossed.add(1); sleep(15); }
      """, exits: 99)
    XCTAssertLessThan(found.seconds, 10)
  }

  func test_setupThatTakesTooLong_ends100_andSaysSo() throws {
    let found = try run(
      """
      import { sleep } from 'k6';
      export const options = { vus: 1, iterations: 1, setupTimeout: '1s' };
      export function setup() { sleep(30); }
      export default function () {}
      """, exits: 100)
    XCTAssert(found.output.contains("setupTimeout is 1s"), found.output)
  }

  func test_setup_mayReturnMegabytes_butNotAnything() throws {
    func script(_ count: Int) -> String {
      """
      export const options = { vus: 2, iterations: 2 };
      export function setup() {
        return { rows: Array.from({ length: \(count) }, (_, i) => `"zeile\\\\ ${i} für ä€😀`) };
      }
      export default function (data) {
        console.log(`has ${data.rows.length} ${data.rows[data.rows.length - 1]}`);
      }
      """
    }
    let found = try run(script(60_000)).output
    XCTAssertEqual(
      found.components(separatedBy: #"has 60000 "zeile\ 59999 für ä€😀"#).count - 1, 2,
      String(found.prefix(2_000)))
    let refused = try run(script(1_000_000), exits: 107).output
    XCTAssert(refused.contains("what setup returns is too large"), refused)
  }

  func test_ratesOfShortTests_areOverTheirTrueDuration() throws {
    let found = try run(
      """
      import { sleep } from 'k6';
      export const options = { vus: 1, iterations: 10 };
      export default function () { sleep(0.01); }
      export function handleSummary(data) {
        return { stdout: `rate ${data.metrics.iterations.values.rate}\n` };
      }
      """
    ).output
    let rate = found.split { " \n".contains($0) }.lazy.compactMap { Double($0) }.first
    // A hundred a second less what an iteration costs; the store is told 50 to 150 ms later.
    XCTAssert((65...101).contains(try XCTUnwrap(rate)), found)
  }

  // MARK: metrics

  func test_thresholds_areCheckedAgainstTheMetricsThereAre() throws {
    func script(_ threshold: String) -> String {
      """
      import { Trend, Gauge } from 'k6/metrics';
      const times = new Trend('times');
      const level = new Gauge('level');
      export const options = { vus: 1, iterations: 1, thresholds: { \(threshold) } };
      export default function () { times.add(5); level.add(1); console.log('ran'); }
      """
    }
    for (threshold, name) in [
      ("nowhere: ['count>0']", "nowhere"), ("'nowhere{a:b}': ['count>0']", "nowhere"),
      ("times: ['value<5']", "times"), ("level: ['p(95)<5']", "level"),
    ] {
      let found = try run(script(threshold), exits: 104).output
      XCTAssert(found.contains(name), found)
      XCTAssertFalse(found.contains("ran\n"), found)
    }
    try run(script("times: ['med<6'], level: ['value==1']"))
    let flag = try run(script(""), "--threshold", "nowhere:count>0", exits: 104).output
    XCTAssert(flag.contains("nowhere"), flag)
  }

  func test_badMetricName_ends107() throws {
    for name in ["x y", "a", "1st", "a-b", String(repeating: "a", count: 130)] {
      let found = try run(
        """
        import { Counter } from 'k6/metrics';
        const counter = new Counter('\(name)');
        export default function () {}
        """, exits: 107)
      XCTAssert(found.output.contains("invalid metric name '\(name)'"), found.output)
    }
  }

  func test_valuesThatAreNoNumbers_areWarnedOf() throws {
    let script = """
      import { Trend } from 'k6/metrics';
      const times = new Trend('times');
      export const options = { vus: 1, iterations: 1, THROW
        thresholds: { times: ['min==1', 'max==12'] } };
      export default function () {
        const kept = [times.add('notnum'), times.add('12'), times.add(NaN), times.add(undefined),
          times.add(null), times.add(true)];
        console.log(`went on ${kept.join()}`);
      }
      """
    let found = try run(script.replacingOccurrences(of: "THROW", with: "")).output
    XCTAssert(found.contains("went on false,true,false,false,false,true"), found)
    XCTAssert(found.contains("invalid value for metric 'times'"), found)
    let thrown = try run(
      script.replacingOccurrences(of: "THROW", with: "throw: true,"), exits: 99
    ).output
    XCTAssertFalse(thrown.contains("went on"), thrown)
  }

  // MARK: execution, options, libraries

  func test_activeUsers_areThoseOfAllThreads() throws {
    let found = try run(
      """
      import exec from 'k6/execution';
      import { sleep } from 'k6';
      export const options = { vus: 4, iterations: 4 };
      export default function () {
        sleep(1);
        console.log(`active ${exec.instance.vusActive}`);
        sleep(1);
      }
      """)
    XCTAssertEqual(found.output.components(separatedBy: "active 4").count - 1, 4, found.output)
  }

  func test_options_areResolved_andNumbersInStringsTaken() throws {
    let found = try run(
      """
      import exec from 'k6/execution';
      export const options = { vus: '2', iterations: '4', novelty: 3 };
      export default function () {
        const all = exec.test.options.scenarios;
        console.log(`${Object.keys(all)} ${all.default.executor} ${all.default.vus}`);
      }
      """
    ).output
    XCTAssertEqual(
      found.components(separatedBy: "default shared-iterations 2").count - 1, 4, found)
    XCTAssert(found.contains("options.novelty: unknown option"), found)
  }

  func test_checkOfUtils_waits() throws {
    let found = try run(
      """
      import { check } from 'https://jslib.k6.io/k6-utils/1.5.0/index.js';
      export const options = { vus: 1, iterations: 1, thresholds: { checks: ['rate==0.5'] } };
      export default async function () {
        await check({ status: 200 }, { good: async (it) => it.status === 200,
          bad: async (it) => it.status === 500 });
      }
      """
    ).output
    XCTAssert(found.contains("✓ good"), found)
    XCTAssert(found.contains("✗ bad"), found)
  }

  func test_texts_keepWhatOnlyResemblesAHeader() throws {
    let found = try run(
      """
      \(once)
      export default function () { console.log('HTTP_COOKIE: a=1 | my_authorization=2'); }
      """
    ).output
    XCTAssert(found.contains("HTTP_COOKIE: a=1 | my_authorization=2"), found)
  }
}

import Foundation
import TestSupport
import XCTest

/// Loads and verdicts of k6 scripts: what k6 does with the same script.
final class K6LoadTests: XCTestCase {
  private func run(
    _ script: String, exits code: Int32, file: StaticString = #filePath, line: UInt = #line
  ) throws -> String {
    let directory = try TemporaryDirectory()
    let path = try directory.write("script.js", script)
    let run = try ChildProcess(product: "throng", ["run", path, "-q"])
    XCTAssertEqual(try run.waitForExit(seconds: 60), code, run.errors, file: file, line: line)
    return run.output + run.errors
  }

  /// The number that the summary's line of a metric begins with.
  private func number(_ metric: String, _ output: String) throws -> Double {
    for line in output.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" || $0 == "." && !line.contains(". ") }
      guard let name = words.first, name.prefix(while: { $0 != "." }) == metric else { continue }
      if let number = words.dropFirst().lazy.compactMap({ Double($0) }).first { return number }
    }
    throw TestFailure("no \(metric) in\n\(output)")
  }

  func test_gauge_isJudgedByItsLatestValue_andShownAsOne() throws {
    let script = { (bound: Int) in
      """
      import { Gauge } from 'k6/metrics';
      const depth = new Gauge('queue_depth');
      export const options = { vus: 1, iterations: 1,
        thresholds: { queue_depth: ['value<\(bound)'] } };
      export default function () { depth.add(7); depth.add(100); depth.add(40); }
      """
    }
    let breached = try run(script(5), exits: 99)
    XCTAssert(breached.contains("✗ value<5 value=40"), breached)
    XCTAssert(breached.contains("min=7 max=100"), breached)
    XCTAssert(try run(script(41), exits: 0).contains("✓ value<41 value=40"))
  }

  func test_iterationsThatDoNotFit_areDropped() throws {
    for executor in ["per-vu-iterations", "shared-iterations"] {
      let total = executor == "shared-iterations" ? 10 : 5
      let output = try run(
        """
        import { sleep } from 'k6';
        export const options = {
          scenarios: { a: { executor: '\(executor)', vus: 2, iterations: \(total),
            maxDuration: '2s', gracefulStop: '5s' } },
          thresholds: { dropped_iterations: ['count==0'] },
        };
        export default function () { sleep(0.9); }
        """, exits: 99)
      XCTAssertEqual(try number("iterations", output), 6, output)
      XCTAssertEqual(try number("dropped_iterations", output), 4, output)
      XCTAssert(output.contains("✗ count==0 count=4"), output)
    }
  }

  /// One that is cut had begun; the others are dropped.
  func test_iterationsThatAreCut_areNotDropped() throws {
    let output = try run(
      """
      import { sleep } from 'k6';
      export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 1,
        iterations: 4, maxDuration: '1s', gracefulStop: '0s' } } };
      export default function () { sleep(0.7); }
      """, exits: 0)
    XCTAssertEqual(try number("dropped_iterations", output), 2, output)
  }

  func test_rampsBeginUsersWhenK6Does() throws {
    let ramps = [
      (
        "scenarios: { a: { executor: 'ramping-vus', startVUs: 0, gracefulRampDown: '0s',"
          + " stages: [{ duration: '4s', target: 4 }] } }", 60.0
      ),
      (
        "gracefulRampDown: '0s', stages: [{ duration: '2s', target: 4 },"
          + " { duration: '1s', target: 4 }, { duration: '2s', target: 0 }]", 130.0
      ),
    ]
    for (options, seconds) in ramps {
      let output = try run(
        """
        import { sleep } from 'k6';
        export const options = { \(options) };
        export default function () { sleep(0.1); }
        """, exits: 0)
      // Ten a second of every user, and a little less for what an iteration costs.
      let iterations = try number("iterations", output)
      XCTAssert((seconds * 0.8...seconds + 5).contains(iterations), output)
    }
  }
}

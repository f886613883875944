import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Whatever a script does while it is looked at, the coordinator's own memory and time are not
/// taken.
final class ScriptSandboxTests: XCTestCase {
  private let program = ChildProcess.productsDirectory + "/throng-coordinator"

  private func run(
    _ source: String, files: [String: [UInt8]] = [:], data: String? = nil,
    _ bounds: ScriptSandbox.Bounds = .init()
  ) -> ScriptOutcome {
    let code = CodePayload(fileName: "script.js", source: source, files: files)
    return ScriptSandbox(program: program, bounds: bounds).run(
      ScriptJob(code, params: ["a": .int(1)], environment: ["E": "e"], summaryData: data))
  }

  private func error(_ outcome: ScriptOutcome) -> ScriptError? {
    if case .failed(let error) = outcome { error } else { nil }
  }

  func test_outcomes_areThoseOfThisProcess() throws {
    let good = """
      exports.options = { vus: params.a, tags: { e: __ENV.E, f: open('f.txt') } };
      exports.default = () => {};
      exports.handleSummary = (data) => ({ stdout: `${data.x}é\\u{1F600}` });
      """
    let code = CodePayload(fileName: "script.js", source: good, files: ["f.txt": Array("F".utf8)])
    for data in [nil, #"{"x":5}"#] {
      let job = ScriptJob(
        code, params: ["a": .int(1)], environment: ["E": "e"], summaryData: data)
      guard case .text(let there) = ScriptSandbox(program: program).run(job),
        case .text(let here) = ScriptEvaluation.runHere(job)
      else { return XCTFail("failed") }
      XCTAssertEqual(there, here)
      XCTAssertTrue(here.contains(data == nil ? #""f":"F""# : "5é😀"), here)
    }
    for bad in ["throw new Error('no');", "\n  nothing();", "while (true) {}", "}"] {
      let job = ScriptJob(
        CodePayload(fileName: "script.js", source: bad), params: [:], environment: [:])
      let there = try XCTUnwrap(error(ScriptSandbox(program: program).run(job)))
      XCTAssertEqual(there, error(ScriptEvaluation.runHere(job)))
    }
  }

  func test_builtInsThatTakeGigabytes_areEnded() throws {
    let before = ProcessMemory.residentBytes()
    for source in [
      "const s = 'x'.repeat(100000000); exports.a = s.split('');",
      "exports.a = 'a'.repeat(50000).replaceAll('a', 'x'.repeat(50000));",
      "exports.a = 'ab'.repeat(10000000).replace(/a/g, (x) => x.repeat(100));",
      "exports.a = new Array(2000).fill('x'.repeat(1000000)).join('y').toUpperCase();",
      "exports.a = JSON.stringify(new Array(3000).fill('x'.repeat(1000000)));",
      "exports.a = []; for (;;) exports.a.push('é'.repeat(1000000).normalize('NFD'));",
      "exports.a = Array.from({ length: 200000000 }, (v, i) => [i]);",
      "exports.a = new Array(300000000).fill(1).map(String);",
    ] {
      let began = Clock.monotonicNanos()
      let found = error(run(source))
      XCTAssertNotNil(found, source)
      XCTAssertLessThan(Clock.monotonicNanos() - began, 10_000_000_000, source)
    }
    XCTAssertLessThan(ProcessMemory.residentBytes() - before, 64 << 20)
  }

  func test_callsThatNeverReturn_areEnded() throws {
    var bounds = ScriptSandbox.Bounds()
    // JavaScriptCore gives such a search up by itself after some seconds.
    bounds.totalMs = 1_000
    XCTAssertNotNil(error(run("/^(a*)*b$/.test('a'.repeat(100000));", bounds)))
  }

  func test_processThatDies_isNamed() {
    let job = ScriptJob(
      CodePayload(fileName: "script.js", source: ""), params: [:], environment: [:])
    for program in ["/bin/true", "/bin/false", "/no/such/program"] {
      let found = error(ScriptSandbox(program: program).run(job))
      XCTAssertTrue(found?.message.hasPrefix("could not be looked at") ?? false, program)
    }
  }
}

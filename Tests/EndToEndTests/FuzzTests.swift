import Foundation
import Shared
import TestSupport
import XCTest

/// Thousands of requests that a program makes up from the specification: whatever comes, the
/// coordinator answers as it says it does, and never with an error of its own.
final class FuzzTests: XCTestCase {
  private static let checks = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance",
  ]

  func test_madeUpRequests_areAnsweredAsDescribed() throws {
    guard (try? ChildProcess.run("schemathesis", ["--version"])) != nil else {
      throw XCTSkip("schemathesis is not installed (PyPI)")
    }
    let executions = try DescribedExecutions()
    let ids = try self.ids(executions)
    // With agents about, nothing is begun that could reach out: requests only read.
    var count = try fuzz(executions, ids, examples: 8, ["--include-method", "GET"])
    // Executions that are begun now wait for agents for ever, whatever their scripts would do.
    for agent in executions.cluster.agents { try agent.process.terminate() }
    let others = ["POST", "PUT", "PATCH", "DELETE"].flatMap { ["--include-method", $0] }
    count += try fuzz(executions, ids, examples: 25, others)
    XCTAssertGreaterThan(count, 5_000)
    XCTAssertTrue(executions.cluster.coordinator.process.isRunning)
    XCTAssertEqual(try executions.cluster.http.get("/healthz").status, 200)
    let errors = executions.cluster.coordinator.process.errors
    XCTAssertFalse(errors.contains("request failed"), errors)
  }

  /// Ids by the segment of a path that they follow.
  private func ids(_ executions: DescribedExecutions) throws -> JSONValue {
    let all = [executions.finished, executions.running, executions.waiting]
    var lists: [String: [String]] = [:]
    for execution in all {
      for (key, id) in try executions.ids(of: execution) { lists[key, default: []].append(id) }
    }
    return .object(
      JSONObject(
        lists.map { key, ids in
          (key: key, value: .array(Set(ids).sorted().map { .string($0) }))
        }))
  }

  /// Runs schemathesis and answers how many requests it has made.
  private func fuzz(
    _ executions: DescribedExecutions, _ ids: JSONValue, examples: Int, _ operations: [String]
  ) throws -> Int {
    let directory = try TemporaryDirectory()
    let url = "http://127.0.0.1:\(executions.cluster.coordinator.httpPort)/openapi.json"
    let run = try ChildProcess(
      executable: try ChildProcess.find("schemathesis"),
      [
        "run", url, "--checks", Self.checks.joined(separator: ","), "--phases",
        "examples,coverage,fuzzing", "--max-examples", String(examples), "--workers", "2",
        "--seed", "7", "--generation-database", "none", "--suppress-health-check", "all",
        "--warnings", "off", "--request-timeout", "20", "--no-color", "--no-shrink",
        "--continue-on-failure",
        // It goes on for as long as its execution does.
        "--exclude-operation-id", "streamExecution",
      ] + operations,
      environment: [
        "SCHEMATHESIS_HOOKS": AnswerRecorder.folder.appending(path: "fuzz_hooks.py").path,
        "IDS": ids.text, "PYTHONDONTWRITEBYTECODE": "1",
      ], directory: directory.path)
    // About a minute each where nothing else runs.
    let code = try run.waitForExit(seconds: 240)
    let cases = try XCTUnwrap(run.output.firstMatch(of: /(\d+) generated/), run.output)
    XCTAssertEqual(code, 0, "\(run.output.suffix(12_000))\n\(run.errors.suffix(2_000))")
    return Int(cases.1) ?? 0
  }
}

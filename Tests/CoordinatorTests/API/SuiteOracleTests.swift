import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Summaries of suites against what Python computes from the single results.
final class SuiteOracleTests: XCTestCase {
  private func records(_ random: inout BatchRandom, _ place: Int) -> RunRecords {
    var records = RunRecords()
    let messages = ["expected 200", "timed out, \"late\"\nagain", "no price; 0"]
    for index in 0..<400 {
      // The last test never fails, and one of the second region runs there only.
      let test = Int.random(in: 0...(3 + place), using: &random)
      let fails = test < 3 && Int.random(in: 0..<4, using: &random) == 0
      let message = fails ? messages[Int.random(in: 0...(test % 3), using: &random)] : nil
      records.suiteResults.append(
        SuiteResultRow(
          atMicros: RecordFactory.at + Int64(index) * 7_000 + Int64(test) * 1_000_000,
          durationMicros: Int64.random(in: 300...2_000_000, using: &random),
          suite: test < 2 ? "Shop" : "Account", test: "test, number \(test)",
          passed: !fails, message: message, stack: message.map { "at \($0).js:\(index)" },
          moment: ClientMoment(
            client: UInt32(place * 3 + index % 2), iteration: UInt32(index)), connection: nil))
    }
    for number in 0..<6 {
      var file = RecordFactory.file(UInt32(number))
      file.metadata.suite = number < 4 ? "Shop" : "Account"
      file.metadata.test = number < 4 ? "test, number 0" : nil
      if number % 2 == 1 { file.metadata.contentType = "text/plain" }
      records.files.append(file)
    }
    return records
  }

  func test_summariesAndErrors_areWhatPythonComputes() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    var random = BatchRandom(seed: 7)
    try fixture.commit(of: id) { place, _ in
      let records = records(&random, place)
      return RecordFactory.batch { $0 = records }
    }
    let directory = try TemporaryDirectory()
    for part in [""] + (try fixture.regions(of: id)).map({ "/regions/\($0)" }) {
      let path = "/executions/\(id)\(part)"
      let results = try fixture.call("GET", "\(path)/suite-results.csv").text
      let summaries = try fixture.call("GET", "\(path)/suite-summaries.csv?includeErrors=true")
      let files = try fixture.call("GET", "/executions/\(id)/output-files").array().filter {
        part.isEmpty || part.hasSuffix("/\($0["executionRegionId"]?.text ?? "")")
      }
      let output = try ChildProcess.run(
        "python3",
        [
          Fixtures.path("oracles/suites.py"), directory.write("results.csv", results),
          directory.write("summaries.csv", summaries.text),
          directory.write("errors.csv", fixture.call("GET", "\(path)/suite-errors.csv").text),
          directory.write("files.json", JSONValue.array(files).text),
        ])
      let rows = part.isEmpty ? 800 : 400
      XCTAssertTrue(output.hasPrefix("\(rows) results, "), output)
      try agreesWithJSON(fixture, path, summaries.text)
    }
  }

  /// JSON says the same as CSV.
  private func agreesWithJSON(_ fixture: APIFixture, _ path: String, _ csv: String) throws {
    let reader = try CSVReader(csv)
    let json = try fixture.call("GET", "\(path)/suite-summaries?includeErrors=true").array()
    let tests = reader.rows.filter { $0[0] == "test" }
      .map { Dictionary(uniqueKeysWithValues: zip(reader.header, $0)) }
    XCTAssertEqual(json.count, tests.count)
    for (object, row) in zip(json, tests) {
      for name in ["executed", "passed", "failed", "screenshots", "outputFiles"] {
        XCTAssertEqual(object[name]?.text, row[name], name)
      }
      for name in ["mean", "min", "max", "sd", "p50", "p95", "p99"] {
        XCTAssertEqual(object["durationMs"]?[name]?.text, row["\(name)DurationMs"], name)
      }
      for name in ["firstAt", "lastAt", "firstFailureAt", "lastFailureAt"] {
        XCTAssertEqual(object[name]?.stringValue ?? "", row[name], name)
      }
      XCTAssertEqual(
        object["errors"]?.arrayValue?.count,
        reader.rows.count { $0[0] == "error" && $0[1] == row["suite"] && $0[2] == row["test"] })
    }
    let errors = try fixture.call("GET", "\(path)/suite-errors").array()
    XCTAssertEqual(errors.count, reader.rows.count { $0[0] == "error" })
    for error in errors {
      XCTAssertEqual(
        error["example"]?["threadId"]?.stringValue?.split(separator: ":").last.map(String.init),
        error["example"]?["client"]?.text)
      XCTAssertFalse(error["regions"]?.arrayValue?.isEmpty ?? true)
    }
  }

  func test_moreTestsThanAreTold_areTakenTogether() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    try fixture.commit(of: id) { _, _ in
      RecordFactory.batch { records in
        records.suiteResults = (0..<30).map {
          RecordFactory.suite("Suite", "test \($0 % 10)", failure: $0 == 29 ? "late" : nil)
        }
      }
    }
    let summaries = try fixture.store.read {
      try SuiteResultStore.summaries(.init(execution: ExecutionID(id)), limit: 4, in: $0)
    }
    XCTAssertEqual(
      summaries.map(\.test), ["(other)", "test 0", "test 1", "test 2", "test 3"])
    XCTAssertEqual(summaries.map(\.executed), [36, 6, 6, 6, 6])
    XCTAssertEqual(summaries.map(\.failed), [2, 0, 0, 0, 0])
  }
}

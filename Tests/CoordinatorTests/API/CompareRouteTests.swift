import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class CompareRouteTests: XCTestCase {
  /// A finished execution whose resource `GET /b` answers after `millis`.
  private func execution(
    _ fixture: APIFixture, millis: Double, seed: UInt64, failing: Int = 0,
    names: [String] = ["GET /a", "GET /b"]
  ) throws -> Int64 {
    let id = try fixture.makeExecution()
    var random = BatchRandom(seed: seed)
    try fixture.commit(of: id) { _, _ in
      var batch = ResultBatch()
      batch.strings = names + ["GET", "text/html"]
      for index in 0..<1_000 {
        let spread = Double.random(in: 0.8...1.2, using: &random)
        let base = index % 2 == 0 ? 10 : millis
        let micros = Int32(base * 1_000 * spread)
        var row = BatchFactory.request(
          at: 1_700_000_000_000_000 + Int64(index) * 1_000, resource: UInt32(index % 2),
          first: micros, close: micros + 100, status: index < failing ? 500 : 200)
        row.iteration = UInt32(index)
        batch.requests.append(row)
      }
      return batch
    }
    try fixture.change(id) {
      $0.startedAtMs = 1_700_000_000_000
      $0.finishedAtMs = 1_700_000_010_000
      $0.completed = true
    }
    return id
  }

  func test_regression_shows_andStandsFirst() throws {
    let fixture = try APIFixture()
    let old = try execution(fixture, millis: 10, seed: 1)
    let new = try execution(fixture, millis: 12, seed: 2)
    let answer = try fixture.call("GET", "/executions/compare?ids=\(old),\(new)")
    XCTAssertEqual(answer.status, 200, answer.text)
    let json = try answer.json()
    XCTAssertEqual(json["verdict"], "regression")
    XCTAssertEqual(json["baseline"]?.intValue, Int(old))
    XCTAssertEqual(json["correction"]?["comparisons"]?.intValue, 27)
    XCTAssertEqual(json["executions"]?[0]?["testConf"]?["name"], "Five clients")
    XCTAssertEqual(json["executions"]?[0]?["durationSecs"]?.number, 10)
    XCTAssertNil(json["executions"]?[0]?["verdict"])
    XCTAssertEqual(json["executions"]?[1]?["verdict"], "regression")
    XCTAssertEqual(
      json["resources"]?.arrayValue?.map { $0["resource"]?["resource"] }, ["GET /b", "GET /a"])
    XCTAssertEqual(
      json["resources"]?.arrayValue?.map { $0["verdict"] }, ["regression", "same"], json.text)
    let worst = try XCTUnwrap(json["resources"]?[0])
    XCTAssertEqual(worst["executions"]?[0]?["count"]?.intValue, 1_000)
    XCTAssertEqual(worst["executions"]?[0]?["requestsPerSec"]?.number, 100)
    let mean = try XCTUnwrap(
      worst["differences"]?[0]?["statistics"]?.arrayValue?.first {
        $0["metric"] == "firstReceivedMs" && $0["statistic"] == "mean"
      })
    // 12 ms after 10 ms: 2 ms or 20 % more, give or take their random spread.
    XCTAssertEqual(try XCTUnwrap(mean["change"]?.number), 2, accuracy: 0.2)
    XCTAssertEqual(try XCTUnwrap(mean["changePercent"]?.number), 20, accuracy: 2)
    XCTAssertLessThan(try XCTUnwrap(mean["interval"]?["low"]?.number), 2)
    XCTAssertGreaterThan(try XCTUnwrap(mean["interval"]?["low"]?.number), 1.5)
    XCTAssertEqual(mean["significant"], .bool(true))
    // What the resource's own route says.
    let resource = try XCTUnwrap(worst["resource"]?["id"]?.intValue)
    let metric = try fixture.call(
      "GET", "/executions/\(new)/resources/\(resource)/metric?name=firstReceivedMs"
    ).json()
    for name in ["mean", "p50", "p95", "p99"] {
      XCTAssertEqual(
        worst["executions"]?[1]?["firstReceivedMs"]?[name], metric["metricValueMap"]?[name])
    }
    let lenient = try fixture.call(
      "GET", "/executions/compare?ids=\(old),\(new)&minChangePercent=50&confidence=0.9"
    ).json()
    XCTAssertNotEqual(lenient["verdict"], "regression")
    XCTAssertEqual(lenient["minChangePercent"]?.number, 50)
    XCTAssertEqual(lenient["confidence"]?.number, 0.9)
  }

  func test_failures_andResourcesOfOneAlone() throws {
    let fixture = try APIFixture()
    let old = try execution(fixture, millis: 10, seed: 1)
    let new = try execution(fixture, millis: 10, seed: 2, failing: 100, names: ["GET /a", "=c()"])
    let json = try fixture.call("GET", "/executions/compare?ids=\(old),\(new)").json()
    let rate = json["overall"]?["differences"]?[0]?["statistics"]?.arrayValue?.first
    XCTAssertEqual(rate?["statistic"], "errorRate")
    XCTAssertEqual(rate?["value"]?.number, 0.1)
    XCTAssertEqual(rate?["verdict"], "regression")
    XCTAssertEqual(json["missing"]?[0]?["resource"]?["resource"], "GET /b")
    XCTAssertEqual(json["new"]?[0]?["resource"]?["resource"], "=c()")
    XCTAssertEqual(json["new"]?[0]?["executionId"]?.intValue, Int(new))
    let csv = try fixture.call("GET", "/executions/compare.csv?ids=\(old),\(new)")
    XCTAssertEqual(
      csv.header("Content-Disposition"), "attachment; filename=\"comparison-\(old)-\(new).csv\"")
    let reader = try CSVReader(csv.text)
    // Nine statistics for all and for GET /a, and one row each for what only one has.
    XCTAssertEqual(reader.rows.count, 9 * 2 + 2)
    let names = Set(try reader.column("resource"))
    XCTAssertEqual(names, ["", "GET /a", "GET /b", "'=c()"])
    XCTAssertEqual(Set(try reader.column("verdict").suffix(2)), ["missing", "new"])
    XCTAssertEqual(try reader.numbers("value").count, 18)
  }

  func test_badIds_areTold() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    func fields(_ query: String) throws -> [String] {
      let answer = try fixture.call("GET", "/executions/compare\(query)")
      XCTAssertEqual(answer.status, 422, answer.text)
      return try answer.badFields()
    }
    for bad in ["", "?ids=", "?ids=\(id)", "?ids=1,x", "?ids=1,,2", "?ids=1,-2", "?ids=1,1"] {
      XCTAssertEqual(try fields(bad), ["ids"], bad)
    }
    let many = (1...11).map(String.init).joined(separator: ",")
    XCTAssertEqual(
      try fields("?ids=\(many)&confidence=1&minChangePercent=nan&x=1"),
      ["confidence", "minChangePercent", "ids", "x"])
    let unknown = try fixture.call("GET", "/executions/compare?ids=\(id),4711")
    XCTAssertEqual(unknown.status, 404)
    XCTAssertTrue(unknown.text.contains("4711"), unknown.text)
    XCTAssertEqual(try fixture.call("HEAD", "/executions/compare.csv?ids=\(id),9").status, 404)
    for method in ["POST", "DELETE"] {
      let answer = try fixture.call(method, "/executions/compare")
      XCTAssertEqual(answer.status, 405)
      XCTAssertEqual(answer.header("Allow"), "GET, HEAD")
    }
  }

  /// What never ran can be compared too: there is nothing to tell.
  func test_executionsWithoutResults() throws {
    let fixture = try APIFixture()
    let ids = try [fixture.makeExecution(), fixture.makeExecution()]
    let json = try fixture.call("GET", "/executions/compare?ids=\(ids[0]),\(ids[1])").json()
    XCTAssertEqual(json["verdict"], "inconclusive")
    XCTAssertEqual(json["resources"], .array([]))
    XCTAssertEqual(json["overall"]?["executions"]?[0]?["count"]?.intValue, 0)
  }
}

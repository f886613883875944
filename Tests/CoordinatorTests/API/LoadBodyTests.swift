import Shared
import XCTest

@testable import Coordinator

/// `load` of test configurations.
final class LoadBodyTests: XCTestCase {
  private func post(_ fixture: APIFixture, _ settings: String) throws -> Answer {
    if try fixture.call("GET", "/regions").array().isEmpty {
      for name in ["north", "south"] {
        _ = try fixture.call("POST", "/regions", #"{"name":"\#(name)"}"#)
      }
    }
    return try fixture.call(
      "POST", "/test-confs",
      """
      {"name":"x","script":{"content":{"steps":[{"request":{"url":"http://127.0.0.1/"}}]}},
       "regions":["north","south"],\(settings)}
      """)
  }

  private func load(_ fixture: APIFixture, _ settings: String) throws -> String? {
    let answer = try post(fixture, settings)
    XCTAssertEqual(answer.status, 201, answer.text)
    let id = try answer.id()
    // What is answered is taken again, and answered as before.
    let again = try fixture.call("PUT", "/test-confs/\(id)", answer.text)
    XCTAssertEqual(again.status, 200, again.text)
    XCTAssertEqual(try again.object()["load"], try answer.object()["load"])
    let execution = try fixture.call("POST", "/test-confs/\(id)/executions").object()
    XCTAssertEqual(execution["load"], try answer.object()["load"])
    return try answer.object()["load"]?.text
  }

  func test_sharedIterations_areKeptAndExpected() throws {
    let fixture = try APIFixture()
    let text = try load(
      fixture,
      #""concurrentClients":7,"load":{"model":"sharedIterations","iterations":23}"#)
    XCTAssertEqual(text, #"{"model":"sharedIterations","iterations":23}"#)
    let execution = try fixture.call("GET", "/executions/1").object()
    XCTAssertEqual(execution["expectedResultCount"], .int(23))
    XCTAssertNil(execution["iterations"])
    // 23 over 7 clients is 4, 4, 3, 3 and 3, 3, 3.
    XCTAssertEqual(
      execution["regions"]?.arrayValue?.map { $0.objectValue?["expectedResultCount"] },
      [.int(14), .int(9)])
  }

  func test_closedWithCap_isKept() throws {
    let fixture = try APIFixture()
    let text = try load(
      fixture,
      #""iterations":3,"concurrentClients":2,"load":{"model":"closed","maxDurationSecs":60}"#)
    XCTAssertEqual(text, #"{"model":"closed","maxDurationSecs":60}"#)
    XCTAssertNil(
      try load(fixture, #""iterations":3,"concurrentClients":2,"load":{"model":"closed"}"#))
  }

  func test_rampingClients_areKept_andSayHowManyClientsThereAre() throws {
    let fixture = try APIFixture()
    let text = try load(
      fixture,
      #""load":{"model":"rampingClients","stages":[{"durationSecs":5,"clients":9},"#
        + #"{"durationSecs":2.5,"clients":0}],"startDelaySecs":1}"#)
    XCTAssertEqual(
      text,
      #"{"model":"rampingClients","startClients":0,"stages":[{"durationSecs":5,"clients":9},"#
        + #"{"durationSecs":2.5,"clients":0}],"gracefulRampDownSecs":30,"startDelaySecs":1}"#)
    let execution = try fixture.call("GET", "/executions/1").object()
    XCTAssertEqual(execution["concurrentClients"], .int(9))
    XCTAssertNil(execution["expectedResultCount"])
  }

  func test_arrivalRate_isKept_itsFirstStageIsSteady() throws {
    let fixture = try APIFixture()
    let text = try load(
      fixture,
      #""load":{"model":"arrivalRate","maxClients":20,"#
        + #""stages":[{"durationSecs":5,"iterationsPerSec":0.5}]}"#)
    XCTAssertEqual(
      text,
      #"{"model":"arrivalRate","startRate":0.5,"#
        + #""stages":[{"durationSecs":5,"iterationsPerSec":0.5}],"maxClients":20}"#)
    XCTAssertEqual(
      try load(
        fixture,
        #""concurrentClients":4,"load":{"model":"arrivalRate","startRate":0,"gracefulStopSecs":0,"#
          + #""stages":[{"durationSecs":5,"iterationsPerSec":10}]}"#),
      #"{"model":"arrivalRate","startRate":0,"#
        + #""stages":[{"durationSecs":5,"iterationsPerSec":10}],"maxClients":4,"#
        + #""gracefulStopSecs":0}"#)
  }

  func test_badCurves_areNamed() throws {
    let fixture = try APIFixture()
    let ramp = #""load":{"model":"rampingClients","stages""#
    let rate = #""load":{"model":"arrivalRate","stages""#
    let cases: [(String, [String])] = [
      (
        ramp + #":[{"durationSecs":-1,"clients":1.5},{"clients":1,"x":1},7]}"#,
        [
          "concurrentClients", "load.stages[0].clients", "load.stages[0].durationSecs",
          "load.stages[1].durationSecs", "load.stages[1].x", "load.stages[2]",
        ]
      ),
      (ramp + #":[]},"concurrentClients":4"#, ["load.stages"]),
      (ramp + #":[{"durationSecs":0,"clients":4}]},"concurrentClients":4"#, ["load.stages"]),
      (ramp + #":[{"durationSecs":4,"clients":0}]},"concurrentClients":4"#, ["load.stages"]),
      (ramp + #":[{"durationSecs":4,"clients":9}]},"concurrentClients":8"#, ["concurrentClients"]),
      (
        ramp + #":[{"durationSecs":4,"clients":9}]},"rampupSecs":1,"durationSecs":5"#,
        ["durationSecs", "rampupSecs"]
      ),
      (rate + #":[{"durationSecs":4,"iterationsPerSec":9}]}"#, ["concurrentClients"]),
      (
        rate + #":[{"durationSecs":4,"iterationsPerSec":9}],"maxClients":5},"concurrentClients":4"#,
        ["load.maxClients"]
      ),
      (
        rate + #":[{"durationSecs":4,"iterationsPerSec":0}],"maxClients":5}"#
          + #","iterationSleepSecs":1"#,
        ["iterationSleepSecs", "load.stages"]
      ),
    ]
    for (settings, fields) in cases {
      let answer = try post(fixture, settings)
      XCTAssertEqual(answer.status, 422, settings)
      XCTAssertEqual(try answer.badFields().sorted(), fields, settings)
    }
  }

  func test_badLoads_areNamed() throws {
    let fixture = try APIFixture()
    let cases: [(String, [String])] = [
      (#""load":{}"#, ["load.model"]),
      (#""load":{"model":"open"}"#, ["load.model"]),
      (#""load":5,"iterations":1"#, ["load"]),
      (
        #""iterations":1,"durationSecs":2,"load":{"model":"sharedIterations","maxDurationSecs":0}"#,
        ["durationSecs", "iterations", "load.iterations", "load.maxDurationSecs"]
      ),
      (
        #""durationSecs":2,"load":{"model":"closed","maxDurationSecs":5}"#,
        ["load.maxDurationSecs"]
      ),
      (
        #""iterations":2,"load":{"model":"closed","startDelaySecs":-1,"gracefulStopSecs":"1"}"#,
        ["load.gracefulStopSecs", "load.startDelaySecs"]
      ),
    ]
    for (settings, fields) in cases {
      let answer = try post(fixture, settings + #","concurrentClients":4"#)
      XCTAssertEqual(answer.status, 422, settings)
      XCTAssertEqual(try answer.badFields().sorted(), fields, settings)
    }
  }
}

import Shared
import XCTest

@testable import Coordinator

final class K6OptionsTests: XCTestCase {
  private func read(_ text: String) throws -> K6Configuration {
    let value = try JSONValue.parse(text: text)
    return try K6Options.configuration(from: try XCTUnwrap(value.objectValue))
  }

  /// The bad fields of `text`, with their messages.
  private func errors(
    _ text: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> [String: String] {
    do {
      let read = try read(text)
      XCTFail("\(text) was taken as \(read.goal)", file: file, line: line)
      return [:]
    } catch let error as ValidationError {
      return Dictionary(error.errors.map { ($0.field, $0.message) }) { first, _ in first }
    }
  }

  private func curve(_ start: Double, _ stages: (Double, Double)...) -> LoadCurve {
    LoadCurve(start: start, stages: stages.map { LoadStage(durationSecs: $0.0, target: $0.1) })
  }

  // MARK: shortcuts

  func test_nothing_isOneIterationOfOneClient() throws {
    let read = try read("{}")
    XCTAssertEqual(read.clients, 1)
    XCTAssertEqual(read.goal, LoadGoal(iterations: 1, maxDurationSecs: 600))
    XCTAssertEqual(read.scenario, K6Configuration.Scenario())
    XCTAssertEqual(read.warnings, [])
  }

  func test_shortcuts_followK6() throws {
    let cases: [(String, Int, LoadGoal)] = [
      (#"{"vus":7,"duration":"1m30s"}"#, 7, LoadGoal(durationSecs: 90)),
      (#"{"vus":7,"duration":1500}"#, 7, LoadGoal(durationSecs: 1.5)),
      (
        #"{"vus":3,"iterations":10}"#, 3,
        LoadGoal(model: .sharedIterations(total: 10), maxDurationSecs: 600)
      ),
      (
        #"{"vus":3,"iterations":10,"duration":"20s","stages":null}"#, 3,
        LoadGoal(model: .sharedIterations(total: 10), maxDurationSecs: 20)
      ),
      (
        #"{"stages":[{"duration":"30s","target":20},{"duration":"0s","target":5}]}"#, 20,
        LoadGoal(
          model: .rampingClients(curve: curve(1, (30, 20), (0, 5)), gracefulRampDownSecs: 30))
      ),
      (
        #"{"vus":9,"stages":[{"duration":"30s","target":2}]}"#, 9,
        LoadGoal(model: .rampingClients(curve: curve(9, (30, 2)), gracefulRampDownSecs: 30))
      ),
    ]
    for (text, clients, goal) in cases {
      let read = try read(text)
      XCTAssertEqual(read.clients, clients, text)
      XCTAssertEqual(read.goal, goal, text)
    }
  }

  func test_shortcutsThatExcludeEachOther_areNamed() throws {
    XCTAssertEqual(
      try errors(#"{"duration":"1s","stages":[{"duration":"1s","target":1}]}"#).keys.sorted(),
      ["options.duration"])
    XCTAssertEqual(
      try errors(#"{"iterations":2,"scenarios":{"a":{"executor":"constant-vus","duration":"1s"}}}"#)
        .keys.sorted(), ["options.iterations"])
    XCTAssertEqual(
      try errors(#"{"iterations":2,"vus":3}"#),
      ["options.iterations": "must be at least the number of VUs, 3"])
    XCTAssertEqual(try errors(#"{"vus":0,"duration":"0s"}"#).count, 2)
  }

  func test_vusAlone_areIgnoredWithAWarning_asK6Does() throws {
    let read = try read(#"{"vus":5,"colour":"red"}"#)
    XCTAssertEqual(read.clients, 1)
    XCTAssertEqual(read.warnings.count, 2)
    XCTAssert(read.warnings[0].hasPrefix("options.vus:"), read.warnings[0])
    XCTAssert(read.warnings[1].hasPrefix("options.colour:"), read.warnings[1])
  }

  // MARK: executors

  func test_executors_becomeLoads() throws {
    let cases: [(String, Int, LoadGoal)] = [
      (#""constant-vus","vus":4,"duration":"10s""#, 4, LoadGoal(durationSecs: 10)),
      (
        #""ramping-vus","startVUs":0,"gracefulRampDown":"5s","#
          + #""stages":[{"duration":"1m","target":10}]"#, 10,
        LoadGoal(model: .rampingClients(curve: curve(0, (60, 10)), gracefulRampDownSecs: 5))
      ),
      (
        #""shared-iterations","vus":2,"iterations":5,"maxDuration":"1h""#, 2,
        LoadGoal(model: .sharedIterations(total: 5), maxDurationSecs: 3_600)
      ),
      (
        #""per-vu-iterations","vus":2,"iterations":5"#, 2,
        LoadGoal(iterations: 5, maxDurationSecs: 600)
      ),
      (
        #""constant-arrival-rate","rate":90,"timeUnit":"1m","duration":"10s","#
          + #""preAllocatedVUs":3"#, 3,
        LoadGoal(model: .arrivalRate(curve: curve(1.5, (10, 1.5))))
      ),
      (
        #""ramping-arrival-rate","startRate":10,"preAllocatedVUs":3,"maxVUs":50,"#
          + #""stages":[{"duration":"5s","target":100},{"duration":"5s","target":0}]"#, 50,
        LoadGoal(model: .arrivalRate(curve: curve(10, (5, 100), (5, 0))))
      ),
    ]
    for (text, clients, goal) in cases {
      let read = try read(#"{"scenarios":{"main":{"executor":\#(text)}}}"#)
      XCTAssertEqual(read.clients, clients, text)
      XCTAssertEqual(read.goal, goal, text)
      XCTAssertEqual(read.scenario.name, "main")
    }
  }

  func test_scenario_carriesWhatIsCommonToAll() throws {
    let read = try read(
      """
      {"vus":3,"scenarios":{"login":{"executor":"constant-vus","duration":"1s","exec":"logIn",
        "startTime":"2s","gracefulStop":"0s","env":{"A":"1"},"tags":{"kind":"api"}}}}
      """)
    XCTAssertEqual(
      read.goal, LoadGoal(durationSecs: 1, startDelaySecs: 2, gracefulStopSecs: 0))
    XCTAssertEqual(read.scenario.exec, "logIn")
    XCTAssertEqual(read.scenario.env, ["A": .string("1")])
    XCTAssertEqual(read.scenario.tags, ["kind": .string("api")])
    XCTAssertEqual(read.warnings.count, 1)
  }

  func test_badScenarios_areNamed() throws {
    let cases: [(String, String, String)] = [
      (#"{"a":{"executor":"externally-controlled","vus":1}}"#, "a.executor", "not supported"),
      (#"{"a":{"executor":"fast","vus":1}}"#, "a.executor", "'fast'"),
      (#"{"a":{"vus":1}}"#, "a.executor", "required"),
      (#"{"a":{"executor":"constant-vus"}}"#, "a.duration", "required"),
      (#"{"a":{"executor":"constant-vus","duration":"x"}}"#, "a.duration", "1m30s"),
      (#"{"a":{"executor":"constant-vus","duration":"1s","rate":2}}"#, "a.rate", "unknown"),
      (#"{"a":{"executor":"ramping-vus","stages":[]}}"#, "a.stages", "1 to"),
      (
        #"{"a":{"executor":"ramping-vus","stages":[{"duration":"1s","target":1.5}]}}"#,
        "a.stages[0].target", "integer"
      ),
      (
        #"{"a":{"executor":"ramping-vus","startVUs":0,"stages":[{"duration":"1s","target":0}]}}"#,
        "a.stages", "at least one"
      ),
      (
        #"{"a":{"executor":"constant-arrival-rate","rate":1,"duration":"1s"}}"#,
        "a.preAllocatedVUs", "required"
      ),
      (
        #"{"a":{"executor":"constant-arrival-rate","rate":1,"duration":"1s","#
          + #""preAllocatedVUs":5,"maxVUs":4}}"#, "a.maxVUs", "at least"
      ),
      (
        #"{"a":{"executor":"constant-vus","duration":"1s","options":{"browser":{}}}}"#,
        "a.options", "browser"
      ),
      (#"{"a":{"executor":"constant-vus","duration":"1s","env":{"N":5}}}"#, "a.env.N", "string"),
    ]
    for (text, field, words) in cases {
      let errors = try errors(#"{"scenarios":\#(text)}"#)
      XCTAssertEqual(errors.count, 1, "\(errors)")
      let message = errors["options.scenarios.\(field)"] ?? ""
      XCTAssert(message.contains(words), "\(text): \(errors)")
    }
    let two = try errors(
      #"{"scenarios":{"a":{"executor":"constant-vus"},"b":{"executor":"constant-vus"}}}"#)
    XCTAssert(two["options.scenarios"]?.contains("'a', 'b'") ?? false, "\(two)")
  }

  // MARK: everything else

  func test_settings_areCarried() throws {
    let read = try read(
      """
      {"setupTimeout":"10s","teardownTimeout":2500,"noConnectionReuse":true,
       "insecureSkipTLSVerify":true,"maxRedirects":0,"userAgent":"me","batch":5,
       "batchPerHost":0,"noCookiesReset":true,"discardResponseBodies":true,"throw":true,
       "summaryTrendStats":["avg","p(99)"],"tags":{"a":"b"},"noSetup":true,"paused":true,
       "thresholds":{"http_req_duration":["p(95)<500"]},"systemTags":["url"],"ext":{"x":1},
       "summaryTimeUnit":"ms","cloud":{},"hosts":{},"rps":0,"httpDebug":null}
      """)
    XCTAssertEqual(read.setupTimeoutSecs, 10)
    XCTAssertEqual(read.teardownTimeoutSecs, 2.5)
    XCTAssertTrue(read.closesConnections)
    XCTAssertFalse(read.verifyTLS)
    XCTAssertEqual(read.redirectsMax, 0)
    XCTAssertEqual(read.userAgent, "me")
    XCTAssertEqual(read.batch, 5)
    XCTAssertEqual(read.batchPerHost, 5)
    XCTAssertTrue(read.keepsCookies && read.discardsBodies && read.throwsOnFailure)
    XCTAssertTrue(!read.runsSetup && read.runsTeardown && read.manualStart)
    XCTAssertEqual(read.summaryTrendStats, ["avg", "p(99)"])
    XCTAssertEqual(read.tags, ["a": .string("b")])
    XCTAssertEqual(read.thresholds["http_req_duration"], .array([.string("p(95)<500")]))
    XCTAssertEqual(read.warnings, [])
  }

  func test_whatIsNotCarriedOut_isRefusedByName() throws {
    let settings = [
      #""httpDebug":"full""#, #""rps":10"#, #""minIterationDuration":"1s""#,
      #""noVUConnectionReuse":true"#, #""hosts":{"a":"1.2.3.4"}"#, #""dns":{"ttl":"1s"}"#,
      #""localIPs":"10.0.0.1""#, #""blacklistIPs":["10.0.0.0/8"]"#, #""blockHostnames":["*"]"#,
      #""tlsVersion":"tls1.2""#, #""tlsCipherSuites":["X"]"#, #""tlsAuth":[{}]"#,
      #""executionSegment":"0:1/2""#,
    ]
    let found = try errors("{\(settings.joined(separator: ","))}")
    XCTAssertEqual(found.count, settings.count, "\(found)")
    for setting in settings {
      let name = setting.split(separator: "\"")[0]
      XCTAssert(found["options.\(name)"]?.contains("not supported") ?? false, "\(name)")
    }
  }

  // MARK: durations

  func test_durations_asK6WritesThem() {
    let cases: [(String, Double?)] = [
      ("1m30s", 90), ("500ms", 0.5), ("1.5h", 5_400), ("1d2h", 93_600), ("250us", 0.000_25),
      ("250µs", 0.000_25), ("10ns", 1e-8), ("1000", 1), ("0s", 0), ("", nil), ("s", nil),
      ("1", 0.001), ("-1s", nil), ("1 s", nil), ("1m30", nil), ("1w", nil), ("1..5s", nil),
      ("soon", nil), ("100000000h", nil),
    ]
    for (text, seconds) in cases {
      switch (K6Duration.seconds(.string(text)), seconds) {
      case (let found?, let wanted?): XCTAssertEqual(found, wanted, accuracy: 1e-12, text)
      case (nil, nil): break
      case (let found, _): XCTFail("\(text) is \(String(describing: found))")
      }
    }
    XCTAssertEqual(K6Duration.seconds(.int(2_500)), 2.5)
    XCTAssertEqual(K6Duration.seconds(.double(0.5)), 0.0005)
    XCTAssertNil(K6Duration.seconds(.bool(true)))
    XCTAssertNil(K6Duration.seconds(.int(-1)))
  }
}

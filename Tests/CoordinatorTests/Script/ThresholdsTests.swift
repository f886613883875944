import Shared
import XCTest

@testable import Coordinator

final class ThresholdsTests: XCTestCase {
  private func read(_ json: String) throws -> Thresholds {
    try Thresholds(try JSONValue.parse(text: json))
  }

  private func errors(_ json: String) throws -> [FieldError] {
    do {
      _ = try read(json)
      return []
    } catch let error as ValidationError {
      return error.errors
    }
  }

  /// The limits in short: metric, statistic, operator, value, and the resource if any.
  private func limits(_ json: String) throws -> [String] {
    try read(json).limits.map { limit in
      "\(limit.namespace) \(limit.metric) \(limit.statistic.rawValue) \(limit.op.rawValue) "
        + "\(limit.value)" + (limit.resource.map { " of \($0)" } ?? "")
    }
  }

  func test_everyBuiltInMetric_hasItsCounterpart() throws {
    let cases = [
      ("http_req_duration", "p(95)<500", "Testable connectionCloseMs p95 < 500.0"),
      ("http_req_waiting", "avg<200", "Testable firstReceivedMs mean < 200.0"),
      ("http_req_connecting", "max<=5", "Testable connectionOpenMs max <= 5.0"),
      ("http_req_tls_handshaking", "med<5", "Testable tlsHandshakeMs p50 < 5.0"),
      ("http_req_blocked", "min>=0", "Testable connectionOpenMs min >= 0.0"),
      ("http_reqs", "count>=10", "Testable results count >= 10.0"),
      ("http_reqs", "rate>5", "Testable results rate > 5.0"),
      ("http_req_failed", "rate<0.01", "Testable failure rate < 0.01"),
      ("checks", "rate>0.9", "Testable checks rate > 0.9"),
      ("iterations", "count===7", "Testable iterations count == 7.0"),
      ("iteration_duration", "p(99.9)!=1", "Testable iterationDurationMs p999 != 1.0"),
      ("dropped_iterations", "count<1", "Testable droppedIterations count < 1.0"),
      ("data_sent", "count<1e6", "Testable bytesSent count < 1000000.0"),
      ("data_received", "rate<1000", "Testable bytesReceived rate < 1000.0"),
      ("vus", "value<10", "Testable clients value < 10.0"),
      ("vus_max", "value==10", "Testable clients max == 10.0"),
      ("my_trend", "med<5", "User my_trend p50 < 5.0"),
      ("my_counter", "count > 100", "User my_counter count > 100.0"),
      ("my_rate", " rate >= 0.5 ", "User my_rate rate >= 0.5"),
      ("my_gauge", "value<-2.5", "User my_gauge value < -2.5"),
    ]
    for (metric, expression, expected) in cases {
      let json = "{\"\(metric)\":[\"\(expression)\"]}"
      XCTAssertEqual(try limits(json), [expected], json)
      XCTAssertEqual(try read(json).submetrics, [], json)
    }
  }

  func test_everyMappedLimit_isOneThatCanBeMeasured() throws {
    for (metric, expression) in [
      ("http_req_duration", "avg<1"), ("http_req_blocked", "med<1"), ("http_reqs", "rate>1"),
      ("http_req_failed", "rate<1"), ("checks", "rate>1"), ("iterations", "count>1"),
      ("iteration_duration", "p(90)<1"), ("data_sent", "rate<1"), ("vus", "value<1"),
      ("vus_max", "value<1"), ("dropped_iterations", "count<1"),
    ] {
      let limit = try XCTUnwrap(read("{\"\(metric)\":[\"\(expression)\"]}").limits.first)
      let known = try XCTUnwrap(LimitMetric.named(limit.metric), metric)
      XCTAssert(known.has(limit.statistic), "\(limit.statistic.rawValue) of \(limit.metric)")
    }
  }

  func test_thresholds_countAtTheEnd_unlessTheyAbort() throws {
    let limits = try read(
      """
      {"http_req_duration":["p(95)<500",
        {"threshold":"p(99)<1500","abortOnFail":true,"delayAbortEval":"1m10s"},
        {"threshold":"avg<1500","abortOnFail":true,"delayAbortEval":500},
        {"threshold":"avg<1500","abortOnFail":true,"delayAbortEval":"500"},
        {"threshold":"max<1500","abortOnFail":null,"delayAbortEval":null}]}
      """
    ).limits
    XCTAssertEqual(limits.map(\.stop), [false, true, true, true, false])
    XCTAssertEqual(limits.map(\.atEnd), [true, false, false, false, true])
    XCTAssertEqual(limits.map(\.afterSecs), [0, 70, 0.5, 0.5, 0])
    XCTAssertEqual(limits[0].threshold?.metric, "http_req_duration")
    XCTAssertEqual(limits[1].threshold?.expression, "p(99)<1500")
  }

  func test_name_selectsTheResource_whereRequestsAreCounted() throws {
    XCTAssertEqual(
      try limits(
        """
        {"http_req_duration{name:Home}":["p(95)<500"],
         "http_reqs{ name : 'GET http://a:80/b' }":["count>1"]}
        """),
      [
        "Testable connectionCloseMs p95 < 500.0 of Home",
        "Testable results count > 1.0 of GET http://a:80/b",
      ])
  }

  func test_otherSelectors_becomeMetricsThatTheHostRecords() throws {
    let thresholds = try read(
      """
      {"http_req_duration{type:API}":["p(95)<500","avg<5"],
       "http_req_duration{status:200, name:Home}":["p(95)<500"],
       "http_req_failed{expected_response:true}":["rate<0.1"],
       "group_duration{group:::Login}":["avg<400"],
       "my_trend{scenario:\\"main\\"}":["max<7"],
       "iterations{name:Home}":["count>1"],
       "http_reqs{name:https://a.test/b?c}":["count>1"],
       "http_req_receiving":["avg<1"],
       "checks{myTag:hello}":["rate>0.9"],
       "unused{a:b}":[]}
      """)
    XCTAssertEqual(
      thresholds.submetrics,
      [
        .init(
          name: "http_req_duration{type:API}", metric: "http_req_duration",
          tags: ["type": "API"]),
        .init(
          name: "http_req_duration{status:200, name:Home}", metric: "http_req_duration",
          tags: ["status": "200", "name": "Home"]),
        .init(
          name: "http_req_failed{expected_response:true}", metric: "http_req_failed",
          tags: ["expected_response": "true"]),
        .init(
          name: "group_duration{group:::Login}", metric: "group_duration",
          tags: ["group": "::Login"]),
        .init(
          name: "my_trend{scenario:\"main\"}", metric: "my_trend", tags: ["scenario": "main"]),
        .init(name: "iterations{name:Home}", metric: "iterations", tags: ["name": "Home"]),
        .init(
          name: "http_reqs{name:https://a.test/b?c}", metric: "http_reqs",
          tags: ["name": "https://a.test/b?c"]),
        .init(name: "http_req_receiving", metric: "http_req_receiving", tags: [:]),
        .init(name: "checks{myTag:hello}", metric: "checks", tags: ["myTag": "hello"]),
      ])
    XCTAssert(thresholds.limits.allSatisfy { $0.namespace == "User" && $0.resource == nil })
    XCTAssertEqual(thresholds.limits.map(\.metric).first, "http_req_duration{type:API}")
    XCTAssertEqual(thresholds.limits.count, 10)
  }

  func test_errors_areAllNamedByTheirThreshold() throws {
    let found = try errors(
      """
      {"http_req_duration":["p(95)","p(101)<5","speed<5","avg<fast","avg=>5","avg<5 && max<9",
                            "count<5",7,{"abortOnFail":true},{"threshold":"avg<1","x":1},
                            {"threshold":"avg<1","delayAbortEval":"soon"},
                            {"threshold":1},{"threshold":"avg<1","abortOnFail":"yes"}],
       "http_reqs":["avg<5"], "http_req_failed":["count<5"], "vus":["max<5"],
       "my trend":["avg<5"], "my_trend{}":["avg<5"], "my_trend{a}":["avg<5"],
       "my_trend{a:b":["avg<5"], "ws_connecting":["avg<5"], "grpc_req_duration":["avg<5"],
       "single":"avg<5", "fine":["avg<5"]}
      """)
    let prefix = "options.thresholds."
    XCTAssertEqual(
      found.map(\.field),
      (0...12).map { "\(prefix)http_req_duration[\($0)]" }
        + [
          "http_reqs[0]", "http_req_failed[0]", "vus[0]", "my trend", "my_trend{}", "my_trend{a}",
          "my_trend{a:b", "ws_connecting", "grpc_req_duration", "single",
        ].map { prefix + $0 })
    XCTAssert(found.allSatisfy { !$0.message.isEmpty })
    XCTAssert(found[5].message.contains("several elements"), found[5].message)
    XCTAssert(found[6].message.contains("trend"), found[6].message)
    XCTAssertEqual(try errors("[]").map(\.field), ["options.thresholds"])
    let many = (0...Limits.limitsPerTestMax).map { "\"avg<\($0)\"" }.joined(separator: ",")
    XCTAssertEqual(try errors("{\"t\":[\(many)]}").map(\.field), ["options.thresholds"])
    XCTAssertEqual(try Thresholds.limits(from: .object([:])), [])
  }

  func test_anyText_isReadOrRefused_neverTrapped() {
    var random = BatchRandom(seed: 7)
    let pieces = [
      "p(", ")", "95", "<", ">", "=", "!", "avg", "rate", " ", "{", "}", ":", ",", "é", "-", "1e9",
      "'", "\"", ".",
    ]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      if let expression = try? ThresholdExpression(text) {
        XCTAssert(expression.value.isFinite, text)
      }
      if let metric = try? ThresholdMetric(text) { XCTAssertEqual(metric.text, text) }
    }
  }
}

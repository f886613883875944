import Shared
import XCTest

@testable import Coordinator

final class LimitEvaluatorTests: XCTestCase {
  private let east = ExecutionRegionID(1)
  private let west = ExecutionRegionID(2)

  /// Requests of `GET /a` and `GET /b` in both regions, each with its time to the first byte.
  private func aggregator(
    _ requests: [(resource: UInt32, region: ExecutionRegionID, firstMs: Int32, status: UInt16)]
  ) -> IntervalAggregator {
    var aggregator = IntervalAggregator(execution: ExecutionID(1))
    for request in requests {
      var batch = ResultBatch()
      batch.strings = BatchFactory.strings
      batch.requests = [
        BatchFactory.request(
          resource: request.resource, first: request.firstMs * 1_000,
          close: request.firstMs * 1_000, status: request.status)
      ]
      batch.iterations = [
        IterationRow(
          startedAtMicros: BatchFactory.epochMicros, durationMicros: 5_000, client: 0,
          iteration: 0, failed: false)
      ]
      batch.checks = [
        CheckCount(
          name: 4, intervalStartMs: BatchFactory.epochMicros / 1_000,
          passes: request.status == 200 ? 1 : 0, fails: request.status == 200 ? 0 : 1)
      ]
      batch.samples = [
        AgentSample(
          atMicros: BatchFactory.epochMicros, activeClients: 7, tickLatencyMicros: 10,
          cpuPermille: 500, memoryBytes: 1_000)
      ]
      aggregator.add(
        batch, names: (1...5).map { NameID(Int64($0)) }, region: request.region,
        chunk: ChunkID(request.region.rawValue), atMs: 1)
    }
    return aggregator
  }

  private func limit(
    _ metric: String, _ statistic: String, _ op: LimitOperator, _ value: Double,
    namespace: String = "Testable", resource: String? = nil, region: String? = nil,
    afterSecs: Double = 0, stop: Bool = false, atEnd: Bool = false
  ) throws -> TestLimit {
    TestLimit(
      namespace: namespace, metric: metric,
      statistic: try XCTUnwrap(LimitStatistic(rawValue: statistic)), op: op, value: value,
      resource: resource, region: region, afterSecs: afterSecs, stop: stop, atEnd: atEnd)
  }

  private func readings(
    _ aggregator: IntervalAggregator, _ evaluator: LimitEvaluator
  ) -> LimitReadings {
    LimitReadings(aggregator, for: evaluator.limits, regions: ["east": east, "west": west])
  }

  private func evaluator(_ limits: TestLimit...) -> LimitEvaluator {
    LimitEvaluator(limits.map { LimitState($0) })
  }

  private func judge(
    _ evaluator: inout LimitEvaluator, _ aggregator: IntervalAggregator, at seconds: Double
  ) -> [LimitEvaluator.Breach] {
    evaluator.judge(readings(aggregator, evaluator), elapsedSecs: seconds)
  }

  func test_breach_saysWhatWasMeasured_once() throws {
    var evaluator = evaluator(try limit("firstReceivedMs", "max", .less, 500, stop: true))
    let slow = aggregator([(0, east, 812, 200)])
    XCTAssertEqual(
      judge(&evaluator, slow, at: 1),
      [
        .init(
          message: "Limit breached: max of firstReceivedMs is 812 ms, must be < 500 ms",
          stops: true)
      ])
    XCTAssertEqual(judge(&evaluator, slow, at: 2), [])
    XCTAssert(evaluator.isBreached)
    XCTAssertFalse(evaluator.isJudgedWhileRunning)
    XCTAssertEqual(evaluator.states[0].measured, 812)
    let verdicts = evaluator.conclude(readings(slow, evaluator), elapsedSecs: 3)
    XCTAssertEqual(
      verdicts,
      [
        .init(
          message: "Limit was breached: max of firstReceivedMs is 812 ms, must be < 500 ms",
          isNews: false)
      ])
  }

  func test_breachedLimit_staysBreachedWhenValuesFall() throws {
    var evaluator = evaluator(try limit("firstReceivedMs", "mean", .less, 500))
    XCTAssertEqual(judge(&evaluator, aggregator([(0, east, 900, 200)]), at: 1).count, 1)
    let fast = aggregator([(0, east, 10, 200)])
    _ = evaluator.conclude(readings(fast, evaluator), elapsedSecs: 2)
    XCTAssert(evaluator.isBreached)
    XCTAssertEqual(evaluator.states[0].measured, 900)
  }

  func test_limitAtEnd_isJudgedByTheEndAlone() throws {
    var evaluator = evaluator(try limit("firstReceivedMs", "mean", .less, 500, atEnd: true))
    XCTAssertFalse(evaluator.isJudgedWhileRunning)
    XCTAssertEqual(judge(&evaluator, aggregator([(0, east, 900, 200)]), at: 1), [])
    XCTAssertEqual(evaluator.states[0].measured, 900)
    let verdicts = evaluator.conclude(
      readings(aggregator([(0, east, 10, 200)]), evaluator), elapsedSecs: 2)
    XCTAssertEqual(
      verdicts,
      [
        .init(
          message: "Limit held: mean of firstReceivedMs is 10 ms (< 500 ms)", isNews: false)
      ])
    XCTAssertFalse(evaluator.isBreached)
  }

  func test_lowerBoundOfWhatGrows_isJudgedAtTheEnd() throws {
    let few = aggregator([(0, east, 20, 200)])
    for (metric, statistic, op, value) in [
      ("results", "count", LimitOperator.greater, 100.0),
      ("bytesSent", "value", .greaterOrEqual, 1e9), ("results", "count", .equal, 5),
      ("firstReceivedMs", "max", .greater, 100), ("firstReceivedMs", "min", .less, 10),
    ] {
      var evaluator = evaluator(try limit(metric, statistic, op, value))
      XCTAssertEqual(judge(&evaluator, few, at: 60), [], "\(metric) \(statistic)")
      XCTAssert(
        evaluator.conclude(readings(few, evaluator), elapsedSecs: 60)[0].isNews,
        "\(metric) \(statistic)")
      XCTAssert(evaluator.isBreached)
    }
  }

  func test_upperBoundOfWhatGrows_isJudgedAtOnce() throws {
    var evaluator = evaluator(
      try limit("results", "count", .lessOrEqual, 1), try limit("failure", "count", .less, 1))
    let breaches = judge(
      &evaluator, aggregator([(0, east, 5, 200), (0, west, 5, 500)]), at: 1)
    XCTAssertEqual(
      breaches.map(\.message),
      [
        "Limit breached: count of results is 2, must be <= 1",
        "Limit breached: count of failure is 1, must be < 1",
      ])
  }

  func test_afterSecs_delaysJudging_notTheEnd() throws {
    var evaluator = evaluator(try limit("firstReceivedMs", "mean", .less, 5, afterSecs: 30))
    let slow = aggregator([(0, east, 20, 200)])
    XCTAssertEqual(judge(&evaluator, slow, at: 29.9), [])
    XCTAssertEqual(judge(&evaluator, slow, at: 30).count, 1)
    var shorter = self.evaluator(try limit("firstReceivedMs", "mean", .less, 5, afterSecs: 30))
    XCTAssert(shorter.conclude(readings(slow, shorter), elapsedSecs: 10)[0].isNews)
  }

  func test_ratePerSecond_isNotJudgedBeforeItMeansAnything() throws {
    var evaluator = evaluator(try limit("results", "rate", .greater, 5))
    let few = aggregator([(0, east, 20, 200)])
    XCTAssertEqual(judge(&evaluator, few, at: 9), [])
    XCTAssertEqual(
      judge(&evaluator, few, at: 10).map(\.message),
      ["Limit breached: rate of results is 0.1 requests/s, must be > 5 requests/s"])
  }

  func test_shares_areOfRequestsIterationsAndChecks() throws {
    let mixed = aggregator([(0, east, 5, 200), (0, east, 5, 200), (0, east, 5, 500)])
    var evaluator = evaluator(
      try limit("failure", "rate", .less, 0.01), try limit("success", "rate", .greater, 0.9),
      try limit("checks", "rate", .greater, 0.9),
      try limit("failedIterations", "rate", .less, 0.01))
    let breaches = judge(&evaluator, mixed, at: 1)
    XCTAssertEqual(
      breaches.map(\.message),
      [
        "Limit breached: rate of failure is 0.333333, must be < 0.01",
        "Limit breached: rate of success is 0.666667, must be > 0.9",
        "Limit breached: rate of checks is 0.666667, must be > 0.9",
      ])
  }

  func test_resourceAndRegion_narrowWhatCounts() throws {
    let mixed = aggregator([
      (0, east, 900, 200), (0, west, 10, 200), (1, east, 20, 200), (1, west, 30, 200),
    ])
    func measured(_ resource: String?, _ region: String?) throws -> Double? {
      let evaluator = evaluator(
        try limit("firstReceivedMs", "max", .less, 1, resource: resource, region: region))
      return evaluator.measured(readings(mixed, evaluator), elapsedSecs: 1)[0]
    }
    XCTAssertEqual(try measured(nil, nil), 900)
    XCTAssertEqual(try measured("GET /b", nil), 30)
    XCTAssertEqual(try measured(nil, "west"), 30)
    XCTAssertEqual(try measured("GET /a", "west"), 10)
    XCTAssertNil(try measured("GET /c", nil))
    XCTAssertNil(try measured(nil, "north"))
  }

  func test_everySystemMetric_isMeasuredByItsStatistics() throws {
    let some = aggregator([(0, east, 10, 200), (1, west, 20, 500)])
    let unmeasured = [
      "dnsLookupMs", "tlsHandshakeMs", "droppedIterations", "errorReason",
      "iterationIntendedDurationMs",
    ]
    for metric in LimitMetric.all where !unmeasured.contains(metric.name) {
      var count = 0
      for name in ["count", "mean", "min", "max", "sd", "rate", "value", "p50", "p97"] {
        let statistic = try XCTUnwrap(LimitStatistic(rawValue: name))
        let evaluator = evaluator(try limit(metric.name, name, .less, 1))
        let measured = evaluator.measured(readings(some, evaluator), elapsedSecs: 1)[0]
        if metric.has(statistic) {
          XCTAssertNotNil(measured, "\(name) of \(metric.name)")
          count += 1
        } else if metric.kind != .level {
          XCTAssertNil(measured, "\(name) of \(metric.name)")
        }
      }
      XCTAssertGreaterThan(count, 0, metric.name)
    }
  }

  func test_clients_areThoseOfTheMoment() throws {
    let evaluator = evaluator(
      try limit("clients", "value", .less, 100), try limit("clients", "max", .less, 100))
    let some = aggregator([(0, east, 10, 200), (0, west, 10, 200)])
    XCTAssertEqual(evaluator.measured(readings(some, evaluator), elapsedSecs: 1), [14, 14])
  }

  func test_nothingMeasured_isJudgedAsZeroAtTheEndOnly() throws {
    let empty = IntervalAggregator(execution: ExecutionID(1))
    var evaluator = evaluator(
      try limit("firstReceivedMs", "p95", .less, 500),
      try limit("my_trend", "mean", .greater, 5, namespace: "User"),
      try limit("droppedIterations", "count", .less, 1))
    XCTAssertEqual(judge(&evaluator, empty, at: 60), [])
    XCTAssertEqual(
      evaluator.conclude(readings(empty, evaluator), elapsedSecs: 60).map(\.message),
      [
        "Limit held: p95 of firstReceivedMs was not measured, must be < 500 ms",
        "Limit breached: mean of my_trend was not measured, must be > 5",
        "Limit held: count of droppedIterations was not measured, must be < 1",
      ])
  }

  func test_threshold_isNamedInItsMessage() throws {
    var limit = try limit("connectionCloseMs", "p95", .less, 1, resource: "GET /a", region: "east")
    limit.threshold = .init(metric: "http_req_duration{name:GET /a}", expression: "p(95)<1")
    var evaluator = evaluator(limit)
    XCTAssertEqual(
      judge(&evaluator, aggregator([(0, east, 2, 200)]), at: 1).map(\.message),
      [
        "Limit breached: p95 of connectionCloseMs of GET /a in east is 2 ms, must be < 1 ms "
          + "(threshold p(95)<1 of http_req_duration{name:GET /a})"
      ])
  }

  func test_readingsThatTakeLong_areSeldom() {
    func pause(_ millis: Int64) -> Int64 {
      LimitEvaluator.pauseNanos(afterReadingFor: millis * 1_000_000) / 1_000_000
    }
    XCTAssertEqual(pause(0), 1_000)
    XCTAssertEqual(pause(20), 1_000)
    XCTAssertEqual(pause(100), 4_900)
    XCTAssertGreaterThan(LimitEvaluator.pauseNanos(afterReadingFor: .max), 0)
  }
}

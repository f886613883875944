import Shared
import XCTest

@testable import Coordinator

/// What a report says, before it is drawn.
final class ReportBuilderTests: XCTestCase {
  private var fixture: ReportFixture!

  override func setUpWithError() throws { fixture = try ReportFixture() }

  private func findings() throws -> [String] { try fixture.builder().findings.map(\.text) }

  func test_whenAllWentWell_itSaysSo() throws {
    try fixture.complete(seconds: 20)
    try fixture.store(fixture.aggregates(intervals: 2, resources: ["GET /"]))
    XCTAssertEqual(
      try findings(), ["Nothing: all that was asked for ran and was counted."])
  }

  override func tearDown() {
    fixture = nil
  }

  func test_beforeTheStart_nothingIsCalledGood() throws {
    let finding = try XCTUnwrap(try fixture.builder().findings.first)
    XCTAssertEqual(finding, ReportFinding(text: "Nothing has run yet.", tone: .muted))
  }

  func test_gapsAreTold() throws {
    try fixture.complete(seconds: 100)
    var aggregator = fixture.aggregates(intervals: 2, resources: ["GET /"])
    var late = ResultBatch()
    late.strings = []
    late.drops = [DroppedIterations(intervalStartMs: ReportFixture.startMs + 60_000, count: 30)]
    aggregator.add(
      late, names: [], region: fixture.regions[0].id, chunk: ChunkID(1), atMs: 1)
    try fixture.store(aggregator)
    let texts = try findings()
    XCTAssertEqual(texts.count, 2)
    XCTAssert(texts[0].hasPrefix("30 iterations dropped (100 % of those asked for)"), texts[0])
    XCTAssertEqual(
      texts[1],
      "For 40 s from 14 Nov 2023, 22:13:40 on there is nothing: neither results nor a word of an "
        + "agent.")
  }

  func test_whatTheLogSays_isToldOnce() throws {
    try fixture.complete(seconds: 20)
    try fixture.change { $0.failure = "Lost agent a1: no heartbeat for 18 s" }
    for (level, message) in [
      ("Warning", "Results pile up on this agent: new requests wait until they are sent"),
      ("Error", "Lost agent a1: no heartbeat for 18 s"),
      ("Error", "Limit breached: p95 of firstReceivedMs is 812 ms, must be < 500 ms"),
      ("Info", "Test completed"),
    ] {
      try fixture.log(level, message)
    }
    for _ in 0..<3 { try fixture.log("Error", "it broke", isSystem: false) }
    XCTAssertEqual(
      try findings(),
      [
        "The execution failed: Lost agent a1: no heartbeat for 18 s.",
        "22:13:25: Results pile up on this agent: new requests wait until they are sent",
        "The script logged 3 warnings and errors, with 1 different message; the report with "
          + "dashboardId=errors lists them.",
      ])
  }

  func test_busyAgents_areToldToBeTheBottleneck() throws {
    try fixture.complete(seconds: 20)
    var aggregator = fixture.aggregates(intervals: 1, resources: ["GET /"]) { _, _, row in
      row.error = .agentResources
      row.success = false
      row.status = 0
    }
    var batch = ResultBatch()
    batch.samples = [
      AgentSample(
        atMicros: ReportFixture.startMs * 1_000, activeClients: 5, tickLatencyMicros: 90_000,
        cpuPermille: 990, memoryBytes: 1)
    ]
    aggregator.add(
      batch, names: [], region: fixture.regions[0].id, chunk: ChunkID(1), atMs: 1)
    try fixture.store(aggregator)
    let texts = try findings()
    XCTAssertEqual(texts.count, 2)
    XCTAssert(texts[0].contains("event loops ran up to"), texts[0])
    XCTAssert(texts[1].hasPrefix("1 request failed because an agent ran out of"), texts[1])
  }

  func test_charts_keepThePeakOfALongTest() throws {
    try fixture.complete(seconds: 86_400)
    let aggregator = fixture.aggregates(intervals: 8_640, resources: ["GET /"]) {
      interval, _, row in
      if interval == 5_000 { row.connectionCloseMicros = 900_000 }
    }
    try fixture.store(aggregator)
    let builder = try fixture.builder()
    XCTAssertEqual(builder.scan.timeline.count, 432)
    let chart = builder.latencyChart(builder.scan.overall, builder.scan.timeline)
    XCTAssertEqual(chart.maximum, 900, accuracy: 4)
    let throughput = builder.throughputChart(builder.scan.overall, builder.scan.timeline)
    for value in throughput.series[0].values {
      XCTAssertEqual(try XCTUnwrap(value), 0.1, accuracy: 1e-9)
    }
    let total = builder.scan.overall.reduce(0) { $0 + $1.count }
    XCTAssertEqual(total, 8_640)
  }

  func test_whereThereAreTooManyCells_aPartOfThemStandsForAll() throws {
    var aggregator = fixture.aggregates(intervals: 101, resources: ["GET /a", "GET /b"])
    aggregator.packAll()
    let scan = ReportScan(
      aggregator, region: nil, charted: [], latency: .connectionClose, zone: .utc, cellsMax: 100)
    XCTAssertEqual(scan.every, 3)
    XCTAssertEqual(scan.timeline.bucketMs, 30_000)
    XCTAssertEqual(scan.timeline.count, 34)
    XCTAssertEqual(scan.overall.map { $0.count * scan.every }, [Int64](repeating: 6, count: 34))
  }

  func test_errors_areCountedByKind() throws {
    try fixture.complete(seconds: 100)
    let aggregator = fixture.aggregates(intervals: 10, resources: ["GET /a", "GET /b"]) {
      interval, resource, row in
      switch (interval, resource) {
      case (0...2, 0): (row.status, row.success) = (503, false)
      case (3, 0): (row.status, row.success, row.error) = (0, false, .timeout)
      // A status that the script accepts.
      case (4...8, 1): row.status = 404
      // One that it does not.
      case (9, 1): (row.status, row.success) = (302, false)
      default: break
      }
    }
    try fixture.store(aggregator)
    let builder = try fixture.builder(.errors)
    let ranked = builder.allErrors.ranked
    XCTAssertEqual(
      ranked.map { "\($0.kind.name): \($0.count)" }, ["HTTP 404: 5", "HTTP 503: 3", "timeout: 1"])
    let first = ReportFixture.startMs
    XCTAssertEqual(
      builder.scan.occurrences[.status(404)],
      .init(firstMs: first + 40_000, lastMs: first + 80_000))
    XCTAssertEqual(
      builder.scan.occurrences[.reason(.timeout)],
      .init(firstMs: first + 30_000, lastMs: first + 30_000))
    let chart = builder.errorChart
    XCTAssertEqual(chart.series.map(\.name), ["HTTP 404", "HTTP 503", "timeout"])
    XCTAssertEqual(chart.series[1].values[0], 0.1)
  }

  func test_resources_areTheBusiestFirst() throws {
    try fixture.complete(seconds: 20)
    var aggregator = fixture.aggregates(intervals: 2, resources: ["GET /a", "GET /b"])
    var more = ResultBatch()
    more.strings = ["GET /b", "GET"]
    var row = RequestRow()
    row.startedAtMicros = ReportFixture.startMs * 1_000
    (row.resource, row.method, row.contentType) = (0, 1, -1)
    more.requests = [row]
    aggregator.add(
      more, names: [NameID(2), NameID(3)], region: fixture.regions[1].id, chunk: ChunkID(2), atMs: 1
    )
    try fixture.store(aggregator)
    XCTAssertEqual(
      try fixture.builder().resources.map { "\($0.name): \($0.totals.count)" },
      ["GET /b: 3", "GET /a: 2"])
    let region = try fixture.builder(region: fixture.regions[1].id)
    XCTAssertEqual(region.resources.map { "\($0.name): \($0.totals.count)" }, ["GET /b: 1"])
    XCTAssertEqual(region.overall.count, 1)
  }
}

import Shared
import XCTest

@testable import Coordinator

final class IntervalAggregatorTests: XCTestCase {
  private let east = ExecutionRegionID(1)
  private let west = ExecutionRegionID(2)
  private let names = (1...5).map { NameID(Int64($0)) }
  private let second: Int64 = 1_000_000
  private let start = BatchFactory.epochMicros

  private func aggregator(
    _ batches: [(ResultBatch, ExecutionRegionID, ChunkID)]
  ) -> IntervalAggregator {
    var aggregator = IntervalAggregator(execution: ExecutionID(9))
    for (index, (batch, region, chunk)) in batches.enumerated() {
      aggregator.add(batch, names: names, region: region, chunk: chunk, atMs: Int64(index + 1))
    }
    return aggregator
  }

  private func batch(_ rows: [RequestRow]) -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = BatchFactory.strings
    batch.requests = rows
    return batch
  }

  func test_intervals_beginAtMultiplesOfTenSeconds_beforeTheEpochToo() {
    XCTAssertEqual(IntervalAggregator.intervalStartMs(micros: 0), 0)
    XCTAssertEqual(IntervalAggregator.intervalStartMs(micros: 9_999_999), 0)
    XCTAssertEqual(IntervalAggregator.intervalStartMs(micros: 10_000_000), 10_000)
    XCTAssertEqual(IntervalAggregator.intervalStartMs(micros: -1), -10_000)
    XCTAssertEqual(IntervalAggregator.intervalStartMs(micros: .min) % 10_000, 0)
  }

  /// So many resources in two regions and two intervals.
  private func aggregator(resources: Int) -> IntervalAggregator {
    var aggregator = IntervalAggregator(execution: ExecutionID(9))
    for (part, region) in [east, west].enumerated() {
      var batch = ResultBatch()
      batch.strings = ["method", "type"] + (0..<resources).map { "GET /\($0)" }
      for resource in 0..<resources {
        var row = BatchFactory.request(
          at: start + Int64(part) * 10 * second, resource: UInt32(resource + 2))
        row.method = 0
        row.contentType = 1
        batch.requests.append(row)
      }
      aggregator.add(
        batch, names: batch.strings.indices.map { NameID(Int64($0 + 1)) }, region: region,
        chunk: ChunkID(1), atMs: 1)
    }
    return aggregator
  }

  func test_resourcesByIndex_areThoseFoundOneByOne() {
    for isPacked in [false, true] {
      var aggregator = aggregator(resources: 5)
      if isPacked { aggregator.packAll() }
      for region in [nil, east, west] {
        let index = aggregator.resourceIndex(region: region, hasIntervals: true)
        for resource in aggregator.resources(region: region) {
          let starts = aggregator.intervals(resource: resource, by: index)
          XCTAssertEqual(starts, aggregator.intervals(region: region, resource: resource))
          XCTAssertFalse(starts.isEmpty)
          for interval in [nil] + starts.map({ Optional($0) }) {
            let found = aggregator.merged(resource: resource, interval: interval, by: index)
            let wanted = aggregator.merged(
              region: region, resource: resource, interval: interval)
            XCTAssertEqual(found.id, wanted.id)
            XCTAssertEqual(found.count, wanted.count)
            XCTAssertEqual(found.connectionClose, wanted.connectionClose)
            XCTAssertEqual(found.methods.map(\.key), wanted.methods.map(\.key))
          }
        }
      }
    }
  }

  func test_resources_takeTimeInProportion() {
    func nanos(_ resources: Int) -> Int64 {
      var aggregator = aggregator(resources: resources)
      aggregator.packAll()
      let began = Clock.monotonicNanos()
      let index = aggregator.resourceIndex(region: nil, hasIntervals: true)
      var count: Int64 = 0
      for resource in aggregator.resources() {
        count += aggregator.merged(resource: resource, by: index).count
        count += Int64(aggregator.intervals(resource: resource, by: index).count)
      }
      XCTAssertEqual(count, Int64(resources * 4))
      return Clock.monotonicNanos() - began
    }
    let few = (0..<3).map { _ in nanos(500) }.min() ?? 1
    // Ten times as many took a hundred times as long.
    XCTAssertLessThan(nanos(5_000), few * 40)
  }

  func test_arrivals_keepBothDurations_andWhatWasDropped() throws {
    var rows = batch([])
    for late in [1, 400_000] as [Int64] {
      rows.iterations.append(
        IterationRow(
          startedAtMicros: start, durationMicros: 1_000, client: 1, iteration: 0, failed: false,
          intendedAtMicros: start - late))
    }
    rows.drops = [
      DroppedIterations(intervalStartMs: start / 1_000, count: 4),
      DroppedIterations(intervalStartMs: start / 1_000 + 10_000, count: 3),
    ]
    let aggregator = aggregator([(rows, east, ChunkID(1)), (rows, west, ChunkID(2))])
    let whole = try IntervalAggregator(decoding: aggregator.encoded()).merged()
    XCTAssertEqual(whole.droppedIterations, 14)
    XCTAssertEqual(aggregator.merged(region: east).droppedIterations, 7)
    XCTAssertEqual(aggregator.merged(interval: start / 1_000 + 10_000).droppedIterations, 6)
    XCTAssertEqual(whole.iterationDuration.max, 1_000)
    XCTAssertEqual(whole.intendedDuration.count, 4)
    XCTAssertEqual(whole.intendedDuration.max, 401_000)
    guard case .counter(let dropped)? = whole.metric(.droppedIterations)?.content else {
      return XCTFail("no metric")
    }
    XCTAssertEqual(dropped, 14)
  }

  func test_closedLoads_haveNoMetricsOfArrivals() {
    let rows = BatchFactory.realistic(requests: 10)
    let whole = aggregator([(rows, east, ChunkID(1))]).merged()
    XCTAssertNil(whole.metric(.droppedIterations))
    XCTAssertNil(whole.metric(.iterationIntendedDurationMs))
  }

  func test_totalsStoredBeforeArrivalsWereCounted_areStillRead() throws {
    var totals = RunTotals()
    totals.add(
      IterationRow(startedAtMicros: 0, durationMicros: 9, client: 0, iteration: 0, failed: true))
    var writer = VarIntWriter()
    totals.encode(to: &writer)
    // A number and an empty histogram, of a byte each.
    var reader = VarIntReader(Array(writer.bytes.dropLast(2)))
    let read = try RunTotals(from: &reader)
    XCTAssertEqual(read.failedIterations, 1)
    XCTAssertEqual(read.iterationDuration, totals.iterationDuration)
    XCTAssertEqual(read.droppedIterations, 0)
  }

  func test_breakdowns_addUpToTheWhole() {
    var random = BatchRandom(seed: 1)
    var batches: [(ResultBatch, ExecutionRegionID, ChunkID)] = []
    for index in 0..<20 {
      let begin = start + Int64.random(in: 0...200, using: &random) * second
      let rows = BatchFactory.realistic(requests: 100, startingAt: begin, seed: UInt64(index))
      batches.append((rows, index % 3 == 0 ? east : west, ChunkID(Int64(index % 4))))
    }
    let aggregator = aggregator(batches)
    let whole = aggregator.merged()
    XCTAssertEqual(whole.count, 2_000)
    XCTAssertEqual(whole.iterations, 2_000)

    func sum(_ parts: [Aggregate]) -> (Int64, Int64, LatencyHistogram) {
      var histogram = LatencyHistogram()
      for part in parts { histogram.merge(part.firstReceived) }
      return (
        parts.reduce(0) { $0 + $1.count }, parts.reduce(0) { $0 + $1.bandwidth }, histogram
      )
    }
    for parts in [
      aggregator.intervals().map { aggregator.merged(interval: $0) },
      [east, west].map { aggregator.merged(region: $0) },
      aggregator.resources().map { aggregator.merged(resource: $0) },
      aggregator.resources().flatMap { resource in
        [east, west].flatMap { region in
          aggregator.intervals(region: region, resource: resource).map {
            aggregator.merged(region: region, resource: resource, interval: $0)
          }
        }
      },
    ] {
      let (count, bandwidth, histogram) = sum(parts)
      XCTAssertEqual(count, whole.count)
      XCTAssertEqual(bandwidth, whole.bandwidth)
      XCTAssertEqual(histogram, whole.firstReceived)
    }
    let iterations = aggregator.intervals().map { aggregator.merged(interval: $0).iterations }
    XCTAssertEqual(iterations.reduce(0, +), whole.iterations)
  }

  func test_lateRows_updateAnIntervalThatWasPackedLongAgo() {
    let early = batch([BatchFactory.request(at: start, first: 500)])
    let later = batch([BatchFactory.request(at: start + 600 * second, first: 700)])
    let aggregator = aggregator([
      (early, east, ChunkID(1)), (later, east, ChunkID(1)), (early, east, ChunkID(1)),
      (later, east, ChunkID(1)), (early, east, ChunkID(1)),
    ])
    let interval = IntervalAggregator.intervalStartMs(micros: start)
    XCTAssertEqual(aggregator.merged(interval: interval).count, 3)
    XCTAssertEqual(aggregator.merged(interval: interval).firstReceived.sum, 1_500)
    XCTAssertEqual(aggregator.merged(interval: interval).createdAtMs, 1)
    XCTAssertEqual(aggregator.merged(interval: interval).updatedAtMs, 5)
    XCTAssertEqual(aggregator.merged().count, 5)
    XCTAssertEqual(aggregator.intervals().count, 2)
  }

  func test_oldIntervals_areNotHeldOpen() {
    let batches = (0..<100).map { index in
      (batch([BatchFactory.request(at: start + Int64(index) * 10 * second)]), east, ChunkID(1))
    }
    let aggregator = aggregator(batches)
    XCTAssertLessThan(aggregator.requests.open.count, 10)
    XCTAssertEqual(aggregator.intervals().count, 100)
    XCTAssertEqual(aggregator.merged().count, 100)
  }

  func test_metrics_tellWhatWasRecorded() throws {
    let aggregator = aggregator([
      (
        batch([
          BatchFactory.request(first: 1_000, close: 5_000),
          BatchFactory.request(first: 2_000, close: 6_000, status: 404),
          BatchFactory.request(first: -1, close: 7_000, status: 0, error: .timeout),
        ]), east, ChunkID(1)
      )
    ])
    let metrics = Dictionary(
      uniqueKeysWithValues: aggregator.merged().metrics().map { ($0.definition.name, $0.content) })
    func counter(_ name: String) -> Double? {
      if case .counter(let value)? = metrics[name] { value } else { nil }
    }
    func keys(_ name: String) -> [String: Int64]? {
      guard case .keys(let keys)? = metrics[name] else { return nil }
      return Dictionary(uniqueKeysWithValues: keys.map { ($0.key, $0.count) })
    }
    func timing(_ name: String) -> Distribution? {
      if case .distribution(let value)? = metrics[name] { value } else { nil }
    }
    XCTAssertEqual(counter("success"), 1)
    XCTAssertEqual(counter("failure"), 2)
    XCTAssertEqual(counter("bandwidth"), 960)
    XCTAssertEqual(counter("dataPacketsReceived"), 6)
    XCTAssertEqual(keys("httpResponseCode"), ["200": 1, "404": 1])
    XCTAssertEqual(keys("httpMethod"), ["GET": 3])
    XCTAssertEqual(keys("httpContentType"), ["text/html": 2])
    XCTAssertEqual(keys("errorReason"), ["timeout": 1])
    XCTAssertEqual(timing("firstReceivedMs")?.count, 2)
    XCTAssertEqual(timing("firstReceivedMs")?.mean, 1.5)
    XCTAssertEqual(timing("firstReceivedMs")?.variance, 0.25)
    XCTAssertEqual(timing("connectionCloseMs")?.max, 7)
    XCTAssertNil(metrics["tlsHandshakeMs"], "nothing used TLS")
  }

  func test_checksAndSamples_areSummedPerRegionAndInterval() {
    var rows = batch([])
    rows.checks = [
      CheckCount(name: 4, intervalStartMs: start / 1_000, passes: 5, fails: 0),
      CheckCount(name: 4, intervalStartMs: start / 1_000 + 10_000, passes: 1, fails: 2),
    ]
    rows.samples = [
      AgentSample(
        atMicros: start, activeClients: 7, tickLatencyMicros: 100, cpuPermille: 500,
        memoryBytes: 1 << 20),
      AgentSample(
        atMicros: start + second, activeClients: 4, tickLatencyMicros: 300, cpuPermille: 700,
        memoryBytes: 1 << 20),
    ]
    let aggregator = aggregator([(rows, east, ChunkID(1)), (rows, west, ChunkID(2))])
    let whole = aggregator.merged()
    XCTAssertEqual(whole.checks, [CheckTotals(name: "status is 200", passes: 12, fails: 4)])
    XCTAssertEqual(whole.maxConcurrentClients, 14)
    XCTAssertEqual(aggregator.merged(region: east).maxConcurrentClients, 7)
    XCTAssertEqual(whole.tickLatency.count, 4)
    XCTAssertEqual(whole.tickLatency.max, 300)
    XCTAssertEqual(aggregator.merged(resource: names[0]).checks, [])
  }

  func test_activeClients_areThoseOfTheLatestSamples_acrossIntervals() {
    func rows(_ samples: (atMicros: Int64, clients: Int)...) -> ResultBatch {
      var rows = batch([])
      rows.samples = samples.map {
        AgentSample(
          atMicros: $0.atMicros, activeClients: $0.clients, tickLatencyMicros: 0, cpuPermille: 0,
          memoryBytes: 0)
      }
      return rows
    }
    let next = start + 10 * second
    XCTAssertEqual(aggregator([]).activeClients(), 0)
    // Of the interval that has just begun, only one region has told.
    let begun = aggregator([
      (rows((start, 9), (start + 9 * second, 7)), east, ChunkID(1)),
      (rows((next + second / 2, 5)), west, ChunkID(2)),
    ])
    XCTAssertEqual(begun.activeClients(), 12)
    XCTAssertEqual(begun.activeClients(region: east), 7)
    // A chunk that is silent for long has ended.
    let silent = aggregator([
      (rows((start, 9)), east, ChunkID(1)), (rows((next + 5 * second, 5)), west, ChunkID(2)),
    ])
    XCTAssertEqual(silent.activeClients(), 5)
    XCTAssertEqual(silent.activeClients(region: east), 0)
    let mad = aggregator([(rows((.min, 1), (.max, 2)), east, ChunkID(1))])
    XCTAssertEqual(mad.activeClients(), 2)
  }

  func test_encoding_keepsEverything() throws {
    let batches = (0..<10).map { index in
      let begin = start + Int64(index) * 37 * second
      return (
        BatchFactory.realistic(requests: 50, startingAt: begin, seed: UInt64(index)),
        index % 2 == 0 ? east : west, ChunkID(1)
      )
    }
    let before = aggregator(batches)
    let after = try IntervalAggregator(decoding: before.encoded())
    XCTAssertEqual(after.intervals(), before.intervals())
    XCTAssertEqual(after.resources(), before.resources())
    XCTAssertEqual(after.text(of: names[0]), "GET /a")
    for interval in [nil] + before.intervals().map(Optional.some) {
      let left = after.merged(interval: interval)
      let right = before.merged(interval: interval)
      XCTAssertEqual(left.id, right.id)
      XCTAssertEqual(left.count, right.count)
      XCTAssertEqual(left.connectionClose, right.connectionClose)
      XCTAssertEqual(left.iterationDuration, right.iterationDuration)
      XCTAssertEqual(left.updatedAtMs, right.updatedAtMs)
    }
    XCTAssertThrowsError(try IntervalAggregator(decoding: Array(before.encoded().dropLast(5))))
  }

  func test_hostileNumbers_neverTrap() {
    var aggregator = IntervalAggregator(execution: ExecutionID(1))
    for seed in 0..<300 {
      aggregator.add(
        BatchFactory.hostile(seed: UInt64(seed)), names: names, region: east, chunk: ChunkID(1),
        atMs: 1)
    }
    let whole = aggregator.merged()
    XCTAssertGreaterThan(whole.count, 1_000)
    XCTAssertGreaterThan(whole.metrics().count, 10)
  }

  func test_hostileCustomMetrics_neverTrap() {
    var random = BatchRandom(seed: 4)
    var aggregator = IntervalAggregator(execution: ExecutionID(1))
    for seed in 0..<300 {
      var totals = MetricTotals()
      totals.record(Double(bitPattern: random.next()), atMicros: Int64(seed))
      totals.count(key: "k", Int64.random(in: .min ... .max, using: &random))
      let metric = StoredMetric(
        definition: MetricDefinition(namespace: "User", name: "m", type: .metered, units: nil),
        resource: NameRecord(id: names[seed % 5], createdAtMs: 1, name: "GET /a"),
        intervalStartMs: Int64.random(in: .min ... .max, using: &random), totals: totals)
      aggregator.add([metric], region: east, atMs: 1)
    }
    XCTAssertEqual(aggregator.merged().customMetrics.count, 1)
    XCTAssertGreaterThan(aggregator.merged().metrics().count, 1)
  }

  func test_ids_arePositiveStableAndFitAJSONNumber() {
    var ids: Set<Int64> = []
    for execution in 1...20 {
      for interval in [nil, 10_000, 20_000] as [Int64?] {
        let scope = AggregateScope(
          execution: ExecutionID(Int64(execution)), region: east, intervalStartMs: interval)
        XCTAssertTrue((1..<(1 << 53)).contains(scope.id))
        XCTAssertEqual(scope.id, scope.id)
        ids.insert(scope.id)
      }
    }
    XCTAssertEqual(ids.count, 60)
  }
}

import Foundation
import Shared
import XCTest

@testable import Coordinator

/// What scripts say, from a line to the store and back.
final class RecordIngestTests: XCTestCase {
  private var fixture: StoreFixture!
  private var ingester: Ingester!
  private let failed = DispatchSemaphore(value: 0)

  override func setUpWithError() throws {
    fixture = try StoreFixture.make(for: self)
    ingester = try started()
  }

  override func tearDown() {
    ingester?.stop()
    ingester = nil
    fixture = nil
  }

  private func started() throws -> Ingester {
    let ingester = try Ingester(store: fixture.store)
    for (lease, region) in zip(fixture.leases, fixture.regions) {
      let record = try fixture.store.read { db in try LedgerStore.find(lease, in: db) }
      ingester.register(
        lease, execution: fixture.execution, executionRegion: region,
        at: try XCTUnwrap(record).cursor)
    }
    let failed = failed
    ingester.start(
      onCommitted: { _ in }, onRejected: { _, _, _ in }, onFailure: { _ in failed.signal() })
    return ingester
  }

  private func submit(_ batch: ResultBatch, lease: Int = 0, seq: Int) {
    _ = ingester.submit(BatchFactory.line(batch, fixture.leases[lease], seq: seq))
  }

  private func settle() {
    let done = expectation(description: "everything is decided")
    ingester.whenCommitted { done.fulfill() }
    wait(for: [done], timeout: 60)
  }

  private func logs() throws -> [LogRecord] {
    try fixture.store.read { db in try LogStore.list(of: fixture.execution, in: db) }
  }

  private func files() throws -> [OutputFileRecord] {
    let filter = OutputFileStore.Filter(execution: fixture.execution)
    return try fixture.store.read { db in try OutputFileStore.list(filter, in: db) }
  }

  private func content(_ file: Int64) -> [UInt8]? {
    let path = fixture.store.outputFiles.path(of: file, execution: fixture.execution)
    return FileManager.default.contents(atPath: path).map(Array.init)
  }

  func test_everything_isStoredOnce_thoughItsLineComesTwice() throws {
    let batch = RecordFactory.batch {
      $0.logs = [RecordFactory.log("hello"), RecordFactory.log("bye", level: .fatal)]
      $0.suiteResults = [RecordFactory.suite(), RecordFactory.suite(failure: "no")]
      $0.traces = [RecordFactory.trace()]
      $0.files = [RecordFactory.file(0)]
      $0.values = [ValueRow(name: "setup", json: #"{"token":1}"#)]
      $0.metrics = [RecordFactory.metric(.counter, "logins", [2])]
    }
    submit(batch, seq: 1)
    submit(batch, seq: 1)
    settle()
    submit(batch, seq: 1)
    settle()
    let logs = try logs()
    XCTAssertEqual(logs.map(\.message), ["hello", "bye"])
    XCTAssertEqual(logs.map(\.level), ["Info", "Fatal"])
    XCTAssertEqual(logs.map(\.moment), [RecordFactory.moment, RecordFactory.moment])
    XCTAssertEqual(logs.map(\.isSystem), [false, false])
    XCTAssertEqual(logs[0].loggedAtMs, RecordFactory.at / 1_000)
    try fixture.store.read { db in
      let filter = SuiteResultStore.Filter(execution: fixture.execution)
      let results = try SuiteResultStore.list(filter, after: 0, limit: 10, in: db)
      XCTAssertEqual(results.map(\.result), batch.records.suiteResults)
      let traces = try TraceStore.list(
        of: fixture.execution, region: nil, after: 0, limit: 10, in: db)
      XCTAssertEqual(traces.map(\.trace.url), ["http://127.0.0.1/a"])
      XCTAssertEqual(traces[0].trace.request.firstReceivedMicros, 1_000)
      XCTAssertEqual(
        try TraceStore.packets(traces[0].id, in: db), Array(RecordFactory.trace().packets.utf8))
      XCTAssertEqual(
        try ValueStore.json("setup", of: fixture.execution, in: db), #"{"token":1}"#)
    }
    XCTAssertEqual(try files().map(\.metadata.name), ["a.png"])
    XCTAssertEqual(try ingester.snapshot(fixture.execution) { $0.merged().customMetrics.count }, 1)
    XCTAssertEqual(try fixture.count("metric_deltas"), 1)
  }

  func test_recordsAlone_takeNoPlaceAmongTheResults() throws {
    submit(RecordFactory.batch { $0.logs = [RecordFactory.log("a")] }, seq: 1)
    var mixed = BatchFactory.realistic(requests: 3)
    mixed.records.logs = [RecordFactory.log("b")]
    submit(mixed, seq: 2)
    settle()
    XCTAssertEqual(try fixture.count("batches"), 1)
    XCTAssertEqual(try fixture.results().map(\.id), [1, 2, 3])
    XCTAssertEqual(ingester.cursor(fixture.leases[0])?.nextSeq, 3)
    XCTAssertEqual(try logs().map(\.message), ["a", "b"])
  }

  func test_fileInParts_isPutTogether_betweenThoseOfOthers() throws {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    for (index, start) in [0, 100, 200].enumerated() {
      let part = RecordFactory.file(
        4, "b.bin", part: UInt32(index), isLast: index == 2,
        bytes: Array(bytes[start..<(start + 100)]))
      submit(
        RecordFactory.batch { $0.files = [part, RecordFactory.file(UInt32(10 + index))] },
        seq: index + 1)
      if index < 2 {
        settle()
        XCTAssertFalse(try files().contains { $0.metadata.name == "b.bin" })
      }
    }
    settle()
    let file = try XCTUnwrap(try files().first { $0.metadata.name == "b.bin" })
    XCTAssertEqual(file.size, 300)
    XCTAssertEqual(content(file.id), bytes)
    XCTAssertEqual(try files().count, 4)
  }

  func test_fullDisk_neitherLosesNorRepeatsRecords() throws {
    submit(RecordFactory.batch { $0.files = [RecordFactory.file(0, isLast: false)] }, seq: 1)
    settle()
    try fixture.store.write { db in try db.execute("PRAGMA max_page_count = 1") }
    for seq in 2...30 {
      var batch = BatchFactory.realistic(requests: 300, clients: 300, seed: UInt64(seq))
      batch.records.logs = [RecordFactory.log("\(seq)")]
      batch.records.metrics = [RecordFactory.metric(.counter, "logins", [1])]
      batch.records.files = [
        RecordFactory.file(0, part: UInt32(seq - 1), isLast: seq == 30, bytes: [UInt8(seq)])
      ]
      submit(batch, seq: seq)
    }
    XCTAssertEqual(failed.wait(timeout: .now() + 30), .success)
    try fixture.store.write { db in try db.execute("PRAGMA max_page_count = 1000000") }
    settle()
    XCTAssertEqual(try logs().map(\.message), (2...30).map(String.init))
    XCTAssertEqual(content(try XCTUnwrap(files().first).id), [1, 2, 3] + (2...30))
    let sum = try ingester.snapshot(fixture.execution) {
      $0.merged().custom.metrics.values.map(\.values.sum)
    }
    XCTAssertEqual(sum, [29])
  }

  func test_tooManyFiles_areCutAndTheLogSaysSo() throws {
    for seq in 0..<11 {
      submit(
        RecordFactory.batch { records in
          records.files = (0..<100).map { RecordFactory.file(UInt32(seq * 100 + $0), bytes: []) }
        }, seq: seq + 1)
    }
    settle()
    XCTAssertEqual(try files().count, Limits.filesPerExecutionMax)
    XCTAssertEqual(
      try logs().map(\.message),
      [
        "An execution keeps at most 1000 output files of 64 MiB each and 256 MiB in all. "
          + "Further ones are counted, not kept"
      ])
    try ingester.finish(fixture.execution)
    XCTAssertEqual(try logs().last?.message, "100 output files were not kept")
    XCTAssertEqual(try logs().last?.isSystem, true)
  }

  func test_fileThatNeverCameWhole_isDroppedAtTheEnd() throws {
    submit(RecordFactory.batch { $0.files = [RecordFactory.file(0, isLast: false)] }, seq: 1)
    settle()
    XCTAssertEqual(try fixture.count("output_files"), 1)
    try ingester.finish(fixture.execution)
    XCTAssertEqual(try fixture.count("output_files"), 0)
    XCTAssertNil(content(1))
    XCTAssertEqual(
      try logs().map(\.message), ["1 output file did not come whole and was not kept"])
  }

  func test_deletedExecution_leavesNothing() throws {
    submit(
      RecordFactory.batch {
        $0.logs = [RecordFactory.log("a")]
        $0.suiteResults = [RecordFactory.suite()]
        $0.traces = [RecordFactory.trace()]
        $0.files = [RecordFactory.file(0)]
        $0.values = [ValueRow(name: "setup", json: "1")]
        $0.metrics = [RecordFactory.metric(.counter, "logins", [2])]
      }, seq: 1)
    settle()
    let directory = fixture.store.outputFiles.path(of: fixture.execution)
    XCTAssertTrue(FileManager.default.fileExists(atPath: directory))
    ingester.forget(fixture.execution)
    try fixture.deleteAndSweep()
    XCTAssertFalse(FileManager.default.fileExists(atPath: directory))
    for table in [
      "logs", "suite_results", "traces", "output_files", "run_values", "metric_deltas",
    ] {
      XCTAssertEqual(try fixture.count(table), 0, table)
    }
  }

  func test_customMetrics_addUpAndSurviveARestartAndTheEnd() throws {
    for seq in 1...6 {
      let at = RecordFactory.at + Int64(seq) * 40_000_000
      let batch = RecordFactory.batch {
        $0.metrics = [
          RecordFactory.metric(.counter, "logins", [1.5, -0.5], at: at),
          RecordFactory.metric(.timing, "think", [Double(seq)], resource: "GET /a", at: at),
          RecordFactory.metric(.timing, "think", [100], resource: "GET /b", at: at),
          RecordFactory.metric(.metered, "depth", [Double(10 * seq)], at: at),
          RecordFactory.metric(.histogram, "plan", keys: ["free", "paid", "free"], at: at),
        ]
      }
      submit(batch, lease: seq % 2, seq: (seq + 1) / 2)
    }
    settle()
    let kept = try ingester.snapshot(fixture.execution) { $0 }
    assertMetrics(kept)
    try ingester.rebuild(fixture.execution)
    try ingester.snapshot(fixture.execution) { assertMetrics($0) }
    try ingester.finish(fixture.execution)
    XCTAssertEqual(try fixture.count("metric_deltas"), 0)
    let stored = try fixture.store.read { db in try AggregateStore.load(fixture.execution, in: db) }
    assertMetrics(try XCTUnwrap(stored))
  }

  func test_values_areNumbersOfCounters_andMapsOfOthers() throws {
    var batch = BatchFactory.realistic(requests: 3)
    batch.records.metrics = [
      RecordFactory.metric(.counter, "logins", [1.5, 2]),
      RecordFactory.metric(.timing, "think", [10, 30], resource: "GET /a"),
      RecordFactory.metric(.timing, "think", [100], resource: "GET /b"),
      RecordFactory.metric(.histogram, "plan", keys: ["free", "paid", "free"]),
    ]
    submit(batch, seq: 1)
    settle()
    func value(
      _ name: String, of resource: String? = nil, in namespace: String = "User"
    ) throws -> JSONValue? {
      try ingester.metric(
        of: fixture.execution, namespace: namespace, name: name, resource: resource)
    }
    XCTAssertEqual(try value("logins"), .double(3.5))
    XCTAssertEqual(try value("think")?.objectValue?["count"], .int(3))
    XCTAssertEqual(try value("think")?.objectValue?["max"], .int(100))
    XCTAssertEqual(try value("think", of: "GET /a")?.objectValue?["mean"], .int(20))
    XCTAssertEqual(try value("plan"), .object(["free": .int(2), "paid": .int(1)]))
    let sent = batch.requests.filter(\.success).count
    XCTAssertEqual(try value("success", in: "Testable"), .int(Int64(sent)))
    XCTAssertEqual(
      try value("connectionCloseMs", in: "Testable")?.objectValue?["count"], .int(3))
    XCTAssertNil(try value("think", of: "GET /c"))
    XCTAssertNil(try value("nothing"))
    XCTAssertNil(try value("logins", in: "Shop"))
    XCTAssertNil(try value("cpu", in: "Testable"))
  }

  private func assertMetrics(
    _ aggregator: IntervalAggregator, file: StaticString = #filePath, line: UInt = #line
  ) {
    func value(
      _ name: String, _ aggregate: Aggregate
    ) -> MetricValue.Content? {
      aggregator.customMetric(namespace: "User", name: name).flatMap(aggregate.metric)?.content
    }
    func distribution(_ name: String, _ aggregate: Aggregate) -> Distribution? {
      if case .distribution(let found)? = value(name, aggregate) { found } else { nil }
    }
    let whole = aggregator.merged()
    XCTAssertEqual(
      whole.customMetrics.map(\.definition.name), ["depth", "logins", "plan", "think"],
      file: file, line: line)
    guard case .counter(let logins)? = value("logins", whole),
      case .keys(let plans)? = value("plan", whole)
    else { return XCTFail("metrics are missing", file: file, line: line) }
    XCTAssertEqual(logins, 6, file: file, line: line)
    XCTAssertEqual(plans.map(\.key), ["free", "paid"], file: file, line: line)
    XCTAssertEqual(plans.map(\.count), [12, 6], file: file, line: line)
    XCTAssertEqual(distribution("depth", whole)?.last, 60, file: file, line: line)
    XCTAssertEqual(distribution("depth", whole)?.sum, 210, file: file, line: line)
    XCTAssertEqual(distribution("think", whole)?.count, 12, file: file, line: line)
    let resources = aggregator.resources()
    XCTAssertEqual(
      resources.map { aggregator.text(of: $0) }, ["GET /a", "GET /b"], file: file, line: line)
    let part = aggregator.merged(resource: resources.first)
    XCTAssertEqual(distribution("think", part)?.sum, 21, file: file, line: line)
    XCTAssertNil(value("logins", part), file: file, line: line)
    XCTAssertEqual(aggregator.intervals().count, 6, file: file, line: line)
    let sums = fixture.regions.flatMap { region in
      aggregator.intervals(region: region).compactMap {
        distribution("depth", aggregator.merged(region: region, interval: $0))?.sum
      }
    }
    XCTAssertEqual(sums.reduce(0, +), 210, file: file, line: line)
  }

  func test_filesOfExecutionsThatAreGone_goWithTheNextStart() throws {
    let path = NSTemporaryDirectory() + "throng-store-\(UUID().uuidString)"
    addTeardownBlock { try? FileManager.default.removeItem(atPath: path) }
    do {
      let store = try Store(path: path)
      var writer = OutputFileWriter(store.outputFiles)
      try writer.write([1], at: 0, to: 3, of: ExecutionID(77))
      try writer.sync()
      XCTAssertEqual(store.outputFiles.executions(), [ExecutionID(77)])
    }
    XCTAssertEqual(try Store(path: path).outputFiles.executions(), [])
  }
}

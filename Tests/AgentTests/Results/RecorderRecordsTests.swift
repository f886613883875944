import Shared
import XCTest

@testable import Agent

final class RecorderRecordsTests: XCTestCase {
  private let moment = ClientMoment(client: 3, iteration: 4)
  private let second: Int64 = 1_000_000

  private func batches(_ recorder: inout Recorder) -> [ResultBatch] {
    var batches: [ResultBatch] = []
    while let batch = recorder.takeBatch() { batches.append(batch) }
    return batches
  }

  /// The length of a batch's line, which must decode to the batch.
  private func lineBytes(_ batch: ResultBatch) throws -> Int {
    var line: [UInt8] = []
    ResultBatchCodec.encode(batch, key: BatchKey(chunk: ChunkID(1), epoch: 1, seq: 1), into: &line)
    XCTAssertEqual(try ResultBatchCodec.decode(Array(line.dropLast())).batch, batch)
    return line.count
  }

  private func metadata(_ name: String) -> FileMetadata {
    FileMetadata(atMicros: 9, name: name, contentType: "text/plain", moment: moment)
  }

  func test_logEntry_travelsInABatchThatIsDueByTime() {
    var recorder = Recorder(checkNames: [])
    recorder.log(.warning, "careful", moment: moment, atMicros: 7, now: 1_000)
    XCTAssertEqual(recorder.dueNanos, 1_000 + Int64(Limits.batchDelayMsMax) * 1_000_000)
    let row = LogRow(atMicros: 7, level: .warning, message: "careful", moment: moment)
    XCTAssertEqual(batches(&recorder).map(\.records.logs), [[row]])
    XCTAssertNil(recorder.dueNanos)
    XCTAssertNil(recorder.takeBatch())
  }

  func test_longMessages_areCutBetweenCharacters() {
    var recorder = Recorder(checkNames: [])
    let long = "x" + String(repeating: "ü", count: Limits.logMessageBytesMax)
    recorder.log(.info, long, moment: nil, atMicros: 0, now: 0)
    let message = batches(&recorder)[0].records.logs[0].message
    XCTAssertEqual(message.utf8.count, Limits.logMessageBytesMax - 1)
    XCTAssertTrue(long.hasPrefix(message))
  }

  func test_whatWasCut_isSaidWhenTheWindowCloses() {
    var recorder = Recorder(checkNames: [])
    for _ in 0..<(Limits.scriptLogEntriesPerMinute + 7) {
      recorder.log(.info, "a", moment: nil, atMicros: 0, now: 0)
    }
    XCTAssertEqual(
      batches(&recorder).reduce(0) { $0 + $1.records.logs.count },
      Limits.scriptLogEntriesPerMinute)
    XCTAssertEqual(recorder.dueNanos, 60_000_000_000)
    XCTAssertTrue(recorder.isDue(now: 60_000_000_000))
    recorder.closeWindows(atMicros: 60, now: 60_000_000_000, isEnd: false)
    XCTAssertEqual(
      batches(&recorder).flatMap(\.records.logs),
      [
        LogRow(
          atMicros: 60, level: .warning, message: "7 further log entries of scripts were cut")
      ])
  }

  func test_runtimeError_isToldWholeOnce() {
    var recorder = Recorder(checkNames: [])
    for _ in 0..<3 {
      recorder.scriptError(
        "TypeError: no", excerpt: "> 1 | no()", stack: "at f (s.js:1:1)", moment: moment,
        atMicros: 5, now: 0)
    }
    recorder.closeWindows(atMicros: 6, now: 1, isEnd: true)
    XCTAssertEqual(
      batches(&recorder).flatMap(\.records.logs),
      [
        LogRow(
          atMicros: 5, level: .error, message: "TypeError: no\n> 1 | no()\nat f (s.js:1:1)",
          moment: moment),
        LogRow(atMicros: 6, level: .error, message: "TypeError: no (happened 2 times more)"),
      ])
  }

  func test_metrics_arePutTogetherPerIntervalAndResource() throws {
    var recorder = Recorder(checkNames: [])
    let logins = MetricDefinition(namespace: "User", name: "logins", type: .counter, units: nil)
    let depth = MetricDefinition(namespace: "User", name: "depth", type: .metered, units: "jobs")
    let kinds = MetricDefinition(namespace: "User", name: "kinds", type: .histogram, units: nil)
    let whole = recorder.metricHandle(logins)
    let part = recorder.metricHandle(logins, resource: "GET /a")
    XCTAssertEqual(recorder.metricHandle(logins), whole)
    for at in [1, 2, 11] as [Int64] {
      recorder.metric(whole, 1.5, atMicros: at * second, now: 0)
    }
    recorder.metric(part, -2, atMicros: second, now: 0)
    recorder.metric(recorder.metricHandle(depth), 7, atMicros: second, now: 0)
    recorder.metric(recorder.metricHandle(kinds), key: "a", atMicros: second, now: 0)
    let batch = try XCTUnwrap(batches(&recorder).first)
    _ = try lineBytes(batch)
    let metrics = batch.records.metrics
    let sums = metrics.filter { $0.definition == logins }.sorted {
      ($0.resource ?? "", $0.intervalStartMs) < ($1.resource ?? "", $1.intervalStartMs)
    }
    XCTAssertEqual(sums.map(\.resource), [nil, nil, "GET /a"])
    XCTAssertEqual(sums.map(\.intervalStartMs), [0, 10_000, 0])
    XCTAssertEqual(sums.map(\.totals.values.sum), [3, 1.5, -2])
    let reading = metrics.first { $0.definition == depth }?.totals.values.last
    XCTAssertEqual(reading, .init(value: 7, atMicros: second))
    XCTAssertEqual(metrics.first { $0.definition == kinds }?.totals.keys, ["a": 1])
    recorder.metric(whole, 4, atMicros: 12 * second, now: 0)
    XCTAssertEqual(batches(&recorder).first?.records.metrics.map(\.totals.values.sum), [4])
  }

  func test_tooManyMetrics_areCutAndSaidAtTheEnd() {
    var recorder = Recorder(checkNames: [])
    for index in 0..<(Limits.metricSeriesPerRunMax + 5) {
      let metric = MetricDefinition(
        namespace: "User", name: "m\(index)", type: .counter, units: nil)
      recorder.metric(recorder.metricHandle(metric), 1, atMicros: 0, now: 0)
    }
    recorder.closeWindows(atMicros: 0, now: 0, isEnd: true)
    let records = batches(&recorder).map(\.records)
    XCTAssertEqual(
      records.reduce(0) { $0 + $1.metrics.count }, Limits.metricSeriesPerRunMax)
    let said = records.flatMap(\.logs).map(\.message)
    XCTAssertEqual(said.count, 1)
    XCTAssertTrue(said[0].hasPrefix("5 values of custom metrics were cut"), said[0])
  }

  func test_largeFile_goesInPartsOfWhichEachFitsALine() throws {
    var recorder = Recorder(checkNames: [], engine: (index: 1, count: 3))
    let bytes = (0..<(2 * Limits.filePartBytesMax + 10)).map { UInt8(truncatingIfNeeded: $0) }
    try recorder.file(metadata("a.bin"), bytes: bytes, now: 0)
    try recorder.file(metadata("b.bin"), bytes: [], now: 0)
    XCTAssertTrue(recorder.isFull)
    let batches = batches(&recorder)
    for batch in batches { XCTAssertLessThan(try lineBytes(batch), Limits.lineBytesMax) }
    let parts = batches.flatMap(\.records.files)
    XCTAssertEqual(parts.map(\.file), [1, 1, 1, 4])
    XCTAssertEqual(parts.map(\.index), [0, 1, 2, 0])
    XCTAssertEqual(parts.map(\.isLast), [false, false, true, true])
    XCTAssertEqual(parts.prefix(3).flatMap(\.bytes), bytes)
  }

  func test_charsetOfATextFile_isToldByItsBytes() throws {
    var recorder = Recorder(checkNames: [])
    var typed = metadata("c")
    typed.contentType = "Text/HTML; charset=latin1"
    var compared = metadata("d.png")
    compared.contentType = "image/png"
    compared.compare = "Home"
    try recorder.file(metadata("a"), bytes: Array("grün".utf8), now: 0)
    try recorder.file(metadata("b"), bytes: [0x67, 0xfc], now: 0)
    try recorder.file(typed, bytes: [0x67, 0xfc], now: 0)
    try recorder.file(compared, bytes: [1], now: 0)
    let files = batches(&recorder).flatMap(\.records.files).map(\.metadata)
    XCTAssertEqual(files.map(\.charset), ["UTF-8", "", "latin1", ""])
    XCTAssertEqual(
      files.map(\.contentType), ["text/plain", "text/plain", "text/html", "image/png"])
    XCTAssertEqual(files.map(\.compare), [nil, nil, nil, "Home"])
  }

  func test_badFiles_areRefusedByName() {
    var recorder = Recorder(checkNames: [])
    var wrong = metadata("a.png")
    wrong.compare = "a/b"
    XCTAssertThrowsError(try recorder.file(wrong, bytes: [1], now: 0)) { error in
      XCTAssertEqual(
        "\(error)", "the name of an image to compare with must not contain '/' or '\\'")
    }
    XCTAssertThrowsError(try recorder.file(metadata("../x"), bytes: [1], now: 0)) { error in
      XCTAssertEqual("\(error)", "the name of an output file must not contain '..' or be '.'")
    }
    let large = [UInt8](repeating: 0, count: Limits.fileBytesMax + 1)
    XCTAssertThrowsError(try recorder.file(metadata("large"), bytes: large, now: 0)) { error in
      XCTAssertTrue("\(error)".contains("'large' has 67108865"), "\(error)")
    }
    XCTAssertNil(recorder.takeBatch())
  }

  func test_largeTracesAndValues_areBounded() throws {
    var recorder = Recorder(checkNames: [])
    func trace(_ bytes: Int) -> TraceRow {
      TraceRow(
        request: RequestRow(), resource: "GET /", method: "GET", contentType: nil, url: "/",
        length: 0, packets: String(repeating: "\"", count: bytes))
    }
    XCTAssertTrue(recorder.trace(trace(Limits.traceBytesMax - 1_000), now: 0))
    XCTAssertFalse(recorder.trace(trace(Limits.traceBytesMax + 1), now: 0))
    XCTAssertTrue(recorder.trace(trace(Limits.traceBytesMax - 1_000), now: 0))
    try recorder.value(ValueRow(name: ValueRow.setup, json: "{}"), now: 0)
    let huge = String(repeating: "1", count: Limits.valueBytesMax + 1)
    XCTAssertThrowsError(try recorder.value(ValueRow(name: "setup", json: huge), now: 0))
    let batches = batches(&recorder)
    for batch in batches { XCTAssertLessThan(try lineBytes(batch), Limits.lineBytesMax) }
    XCTAssertEqual(batches.flatMap(\.records.traces).count, 2)
    XCTAssertEqual(batches.flatMap(\.records.values).map(\.json), ["{}"])
  }

  func test_recordsDoNotDisturbIndicesThatAreHeld() {
    var recorder = Recorder(checkNames: [])
    var row = RequestRow()
    row.resource = recorder.internResource("GET /a")
    recorder.log(.info, "between", moment: nil, atMicros: 0, now: 0)
    XCTAssertEqual(recorder.takeBatch()?.records.logs.count, 1)
    recorder.record(row, now: 0)
    let batch = recorder.takeBatch()
    XCTAssertEqual(batch?.strings, ["GET /a"])
    XCTAssertEqual(batch?.requests.count, 1)
  }

  func test_smallRecords_travelWithRequests() {
    var recorder = Recorder(checkNames: [])
    recorder.record(RequestRow(), now: 0)
    recorder.suite(
      SuiteResultRow(
        atMicros: 1, durationMicros: 2, suite: "Login", test: "works", passed: true,
        moment: moment), now: 0)
    let batches = batches(&recorder)
    XCTAssertEqual(batches.count, 1)
    XCTAssertEqual(batches[0].records.suiteResults.count, 1)
  }

  func test_recordSizes_areNeverBelowWhatALineTakes() throws {
    var recorder = Recorder(checkNames: [])
    let nasty = String(repeating: "\u{1}\"ü", count: 200)
    recorder.log(.fatal, nasty, moment: moment, atMicros: 1 << 52, now: 0)
    recorder.suite(
      SuiteResultRow(
        atMicros: 1 << 52, durationMicros: 1 << 40, suite: nasty, test: nasty, passed: false,
        message: nasty, stack: nasty, moment: moment, connection: .max), now: 0)
    let metric = MetricDefinition(namespace: "User", name: "m", type: .timing, units: nasty)
    for value in stride(from: 0.001, to: 1e6, by: 997.7) {
      recorder.metric(
        recorder.metricHandle(metric, resource: nasty), value, atMicros: 1 << 52, now: 0)
    }
    let batch = try XCTUnwrap(recorder.takeBatch())
    let records = batch.records
    let sizes =
      records.logs.map { RecordSize.of($0) } + records.suiteResults.map { RecordSize.of($0) }
      + records.metrics.map { RecordSize.of($0) }
    // What the line has beside its rows.
    XCTAssertLessThan(try lineBytes(batch), sizes.reduce(500, +))
  }

  func test_checksByName_areBounded() {
    var recorder = Recorder(checkNames: ["known"])
    func check(_ name: String, _ passed: Bool) {
      recorder.check(
        recorder.checkIndex(name), passed: passed, of: ClientMoment(client: 0, iteration: 0),
        after: nil, atMicros: 0, now: 0)
    }
    check("known", true)
    XCTAssertEqual(recorder.checkIndex("known"), 0)
    check("known", true)
    for index in 0..<(Limits.checkNamesPerRunMax + 9) { check("c\(index)", false) }
    var counts: [String: [Int]] = [:]
    for batch in batches(&recorder) {
      for check in batch.assertions {
        counts[batch.strings[Int(check.name)], default: [0, 0]][check.passed ? 0 : 1] += 1
      }
    }
    XCTAssertEqual(counts["known"], [2, 0])
    XCTAssertEqual(counts["c5"], [0, 1])
    XCTAssertEqual(counts["(other)"], [0, 10])
    XCTAssertEqual(counts.count, Limits.checkNamesPerRunMax + 1)
  }
}

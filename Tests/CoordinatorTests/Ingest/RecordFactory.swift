import Shared

@testable import Coordinator

/// What scripts say, for tests.
enum RecordFactory {
  static let moment = ClientMoment(client: 1, iteration: 2)
  static let at = BatchFactory.epochMicros

  static func log(_ message: String, level: ScriptLogLevel = .info) -> LogRow {
    LogRow(atMicros: at, level: level, message: message, moment: moment)
  }

  static func suite(
    _ suite: String = "Login", _ test: String = "answers", failure: String? = nil,
    client: UInt32 = 1, duration: Int64 = 2_000
  ) -> SuiteResultRow {
    SuiteResultRow(
      atMicros: at, durationMicros: duration, suite: suite, test: test, passed: failure == nil,
      message: failure, stack: failure.map { _ in "at s.js:1:2" },
      moment: ClientMoment(client: client, iteration: 2), connection: 7)
  }

  static func file(
    _ number: UInt32, _ name: String = "a.png", part: UInt32 = 0, isLast: Bool = true,
    bytes: [UInt8] = [1, 2, 3], isOfFailure: Bool = false
  ) -> FilePart {
    FilePart(
      file: number, index: part, isLast: isLast, bytes: bytes,
      metadata: FileMetadata(
        atMicros: at, name: name, contentType: "image/png", moment: moment, suite: "Login",
        test: "answers", isOfFailure: isOfFailure))
  }

  static func metric(
    _ type: MetricType, _ name: String, _ values: [Double] = [], keys: [String] = [],
    resource: String? = nil, at micros: Int64 = at
  ) -> MetricDelta {
    var totals = MetricTotals()
    for (index, value) in values.enumerated() {
      if type == .counter {
        totals.count(value)
      } else {
        totals.record(value, atMicros: micros + Int64(index))
      }
    }
    for key in keys { totals.count(key: key) }
    let definition = MetricDefinition(
      namespace: "User", name: name, type: type, units: type == .histogram ? nil : "ms")
    return MetricDelta(
      definition: definition, resource: resource,
      intervalStartMs: IntervalAggregator.intervalStartMs(micros: micros), totals: totals)
  }

  static func trace(_ resource: String = "GET /a", client: UInt32 = 0) -> TraceRow {
    var request = BatchFactory.request()
    request.client = client
    return TraceRow(
      request: request, resource: resource, method: "GET", contentType: "text/html",
      url: "http://127.0.0.1/a", length: 219,
      packets: #"[{"packetType":"DnsLookup","length":0,"dataLength":0,"#
        + #""packetAt":"2023-11-14T22:13:20.000Z","lastPacketAt":"2023-11-14T22:13:20.000Z"}]"#)
  }

  /// A batch of nothing but records.
  static func batch(_ fill: (inout RunRecords) -> Void) -> ResultBatch {
    var batch = ResultBatch()
    fill(&batch.records)
    return batch
  }
}

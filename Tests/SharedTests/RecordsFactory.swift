import Shared

/// Records of scripts for tests.
enum RecordsFactory {
  static func random(_ random: inout SeededGenerator) -> RunRecords {
    var records = RunRecords()
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      records.logs.append(log(&random))
      records.suiteResults.append(suite(&random))
      records.metrics.append(metric(&random))
    }
    for index in 0..<Int.random(in: 0...3, using: &random) {
      records.files.append(file(UInt32(index), &random))
      records.traces.append(trace(&random))
      records.values.append(ValueRow(name: text(&random), json: #"{"a":[1,"\n"]}"#))
    }
    return records
  }

  static func text(_ random: inout SeededGenerator) -> String {
    let texts = ["", "slow", "ü\"\\\n\u{1}", "GET http://h/", "an answer that is long"]
    return texts.randomElement(using: &random) ?? ""
  }

  private static func maybe<Value>(
    _ value: Value, _ random: inout SeededGenerator
  ) -> Value? { Bool.random(using: &random) ? value : nil }

  static func moment(_ random: inout SeededGenerator) -> ClientMoment {
    ClientMoment(
      client: UInt32.random(in: 0 ... .max, using: &random),
      iteration: UInt32.random(in: 0...3, using: &random))
  }

  static func log(_ random: inout SeededGenerator) -> LogRow {
    LogRow(
      atMicros: Int64.random(in: 0...(1 << 52), using: &random),
      level: ScriptLogLevel.allCases.randomElement(using: &random) ?? .info,
      message: text(&random), moment: maybe(moment(&random), &random))
  }

  static func suite(_ random: inout SeededGenerator) -> SuiteResultRow {
    SuiteResultRow(
      atMicros: Int64.random(in: 0...(1 << 52), using: &random), durationMicros: 12,
      suite: text(&random), test: text(&random), passed: Bool.random(using: &random),
      message: maybe(text(&random), &random), stack: maybe(text(&random), &random),
      moment: moment(&random), connection: maybe(7, &random))
  }

  static func metric(_ random: inout SeededGenerator) -> MetricDelta {
    let type = MetricType.allCases.randomElement(using: &random) ?? .counter
    var totals = MetricTotals()
    for _ in 0..<Int.random(in: 1...9, using: &random) {
      let value = Double.random(in: -1e3...1e6, using: &random)
      switch type {
      case .counter: totals.count(value)
      case .histogram: totals.count(key: text(&random), 2)
      case .timing, .metered:
        totals.record(value, atMicros: Int64.random(in: 0...(1 << 52), using: &random))
      }
    }
    return MetricDelta(
      definition: MetricDefinition(
        namespace: "User", name: "logins", type: type, units: maybe("ms", &random)),
      resource: maybe(text(&random), &random), intervalStartMs: 1_700_000_000_000,
      totals: totals)
  }

  static func file(_ number: UInt32, _ random: inout SeededGenerator) -> FilePart {
    var metadata = FileMetadata(
      atMicros: 5, name: "a \"b\".png", contentType: "image/png", moment: moment(&random))
    metadata.resource = maybe(text(&random), &random)
    metadata.suite = maybe(text(&random), &random)
    metadata.test = maybe(text(&random), &random)
    metadata.isOfFailure = Bool.random(using: &random)
    metadata.charset = maybe("utf-8", &random) ?? ""
    metadata.compare = maybe("Home.png", &random)
    return FilePart(
      file: number, index: 2, isLast: Bool.random(using: &random),
      bytes: (0..<Int.random(in: 0...50, using: &random)).map { UInt8($0) }, metadata: metadata)
  }

  static func trace(_ random: inout SeededGenerator) -> TraceRow {
    var request = RequestRow()
    request.startedAtMicros = Int64.random(in: 0...(1 << 52), using: &random)
    request.client = UInt32.random(in: 0 ... .max, using: &random)
    request.firstReceivedMicros = Int32.random(in: -1...Int32.max, using: &random)
    request.bytesReceived = Int64.random(in: 0...(1 << 40), using: &random)
    request.status = 404
    request.error = ErrorReason.allCases.randomElement(using: &random) ?? .none
    request.success = Bool.random(using: &random)
    return TraceRow(
      request: request, resource: text(&random), method: "GET",
      contentType: maybe("text/html", &random), url: "http://h/?q=\"", length: 219,
      packets: #"[{"packetType":"DnsLookup"}]"#)
  }
}

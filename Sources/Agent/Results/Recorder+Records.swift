import Shared

/// Why something that a script wants to send is refused; the message is for its author.
struct RecordRefusal: Error, Equatable, CustomStringConvertible {
  var message: String
  var description: String { message }
}

/// What scripts say beside their requests. Times: `atMicros` is the coordinator's time in
/// microseconds since the Unix epoch, `now` the monotonic clock in nanoseconds.
extension Recorder {
  // MARK: log

  /// An entry of the script's own. What is too long is cut, what is too much is counted.
  mutating func log(
    _ level: ScriptLogLevel, _ message: String, moment: ClientMoment?, atMicros: Int64, now: Int64
  ) {
    guard scriptLog.admits(now: now) else { return }
    say(level, message, moment, atMicros, now)
  }

  /// A runtime error of a script. The first of its kind becomes an entry with everything that is
  /// known of it, its repetitions are counted over ten seconds each.
  ///
  /// - Parameters:
  ///   - excerpt: the lines of the source around it, or nothing.
  ///   - stack: where it happened: file, line and column of each call.
  mutating func scriptError(
    _ message: String, excerpt: String, stack: String, moment: ClientMoment?, atMicros: Int64,
    now: Int64
  ) {
    guard scriptErrors.happened(message, stack: stack, now: now) else {
      return beginWaiting(now)
    }
    let parts = [message, excerpt, stack].filter { !$0.isEmpty }
    say(.error, parts.joined(separator: "\n"), moment, atMicros, now)
  }

  /// Says what was counted and is due by now. To be called before `takeBatch`.
  mutating func closeWindows(atMicros: Int64, now: Int64, isEnd: Bool) {
    if let summary = scriptLog.takeSummary(now: now, isEnd: isEnd) {
      say(.warning, summary, nil, atMicros, now)
    }
    for summary in scriptErrors.takeSummaries(now: now, isEnd: isEnd) {
      say(.error, summary, nil, atMicros, now)
    }
    guard isEnd, metricValuesCut > 0 else { return }
    say(
      .warning,
      "\(metricValuesCut) values of custom metrics were cut: a run has at most "
        + "\(Limits.metricSeriesPerRunMax) different metrics and resources", nil, atMicros, now)
    metricValuesCut = 0
  }

  private mutating func say(
    _ level: ScriptLogLevel, _ message: String, _ moment: ClientMoment?, _ atMicros: Int64,
    _ now: Int64
  ) {
    // Secrets go before the text is cut: half of one would pass.
    let message = shown(message).prefix(bytes: Limits.logMessageBytesMax)
    let row = LogRow(atMicros: atMicros, level: level, message: message, moment: moment)
    records.add(row, to: \.logs, size: RecordSize.of(row))
    beginWaiting(now)
  }

  /// A text of a script without secrets.
  private func shown(_ text: String) -> String { masker.masked(HeaderMask.masked(text)) }

  // MARK: custom metrics

  /// The handle of a custom metric, valid for the whole run; nil once the run has too many of
  /// them, which `closeWindows` says at the end.
  mutating func metricHandle(
    _ definition: MetricDefinition, resource: String? = nil
  ) -> MetricSeries.Handle? {
    series.handle(definition, resource: resource?.prefix(bytes: Self.resourceBytesMax))
  }

  /// A value of a Counter, Timing or Metered. What is not finite is left out.
  mutating func metric(
    _ handle: MetricSeries.Handle?, _ value: Double, atMicros: Int64, now: Int64
  ) {
    guard let handle else { return metricValuesCut += 1 }
    series.record(handle, value, atMicros: atMicros)
    beginWaiting(now)
  }

  /// A key of a Histogram.
  mutating func metric(
    _ handle: MetricSeries.Handle?, key: String, count: Int64 = 1, atMicros: Int64, now: Int64
  ) {
    guard let handle else { return metricValuesCut += 1 }
    series.record(handle, key: key, count: count, atMicros: atMicros)
    beginWaiting(now)
  }

  // MARK: suites, files, traces, values

  /// How a test of a suite came out. Names and texts that are too long are cut.
  mutating func suite(_ row: SuiteResultRow, now: Int64) {
    var row = row
    row.suite = row.suite.prefix(bytes: Limits.suiteNameBytesMax)
    row.test = row.test.prefix(bytes: Limits.suiteNameBytesMax)
    row.message = row.message.map { shown($0).prefix(bytes: Limits.logMessageBytesMax) }
    row.stack = row.stack?.prefix(bytes: Limits.logMessageBytesMax)
    records.add(row, to: \.suiteResults, size: RecordSize.of(row))
    beginWaiting(now)
  }

  /// An output file with its whole content.
  ///
  /// - Throws: `RecordRefusal` when its name is no name, or there is too much of it.
  mutating func file(
    _ metadata: FileMetadata, bytes: [UInt8], now: Int64
  ) throws(RecordRefusal) {
    if let problem = FileName.problem(metadata.name) {
      throw RecordRefusal(message: "the name of an output file \(problem)")
    }
    if let problem = metadata.compare.flatMap(FileName.problem) {
      throw RecordRefusal(message: "the name of an image to compare with \(problem)")
    }
    guard bytes.count <= Limits.fileBytesMax else {
      throw RecordRefusal(
        message: "an output file may have at most \(Limits.fileBytesMax) bytes, "
          + "'\(metadata.name)' has \(bytes.count)")
    }
    guard files < Limits.filesPerExecutionMax,
      fileBytes + bytes.count <= Limits.fileBytesPerExecutionMax
    else {
      throw RecordRefusal(
        message: "a test keeps at most \(Limits.filesPerExecutionMax) output files of "
          + "\(Limits.fileBytesPerExecutionMax) bytes in all")
    }
    files += 1
    fileBytes += bytes.count
    var metadata = metadata
    let type = MediaType(metadata.contentType)
    metadata.contentType = type.essence.prefix(bytes: 255)
    metadata.charset = type.charset(of: bytes)
    metadata.resource = metadata.resource?.prefix(bytes: Self.resourceBytesMax)
    metadata.suite = metadata.suite?.prefix(bytes: Limits.suiteNameBytesMax)
    metadata.test = metadata.test?.prefix(bytes: Limits.suiteNameBytesMax)
    let number = takeFileNumber()
    var index: UInt32 = 0
    var start = 0
    repeat {
      let end = min(start + Limits.filePartBytesMax, bytes.count)
      let part = FilePart(
        file: number, index: index, isLast: end == bytes.count, bytes: Array(bytes[start..<end]),
        metadata: metadata)
      records.add(part, to: \.files, size: RecordSize.of(part))
      start = end
      index += 1
    } while start < bytes.count
    beginWaiting(now)
  }

  /// The exchange of a sampled request; false when it is too large to be sent.
  mutating func trace(_ row: TraceRow, now: Int64) -> Bool {
    let size = RecordSize.of(row)
    guard row.packets.utf8.count <= Limits.traceBytesMax, size <= Limits.recordBytesMax else {
      return false
    }
    records.add(row, to: \.traces, size: size)
    beginWaiting(now)
    return true
  }

  /// A named value of the whole execution.
  ///
  /// - Throws: `RecordRefusal` when it is too large.
  mutating func value(_ row: ValueRow, now: Int64) throws(RecordRefusal) {
    let size = RecordSize.of(row)
    guard row.name.utf8.count <= Limits.valueNameBytesMax,
      row.json.utf8.count <= Limits.valueBytesMax, size <= Limits.recordBytesMax
    else {
      throw RecordRefusal(
        message: "the value '\(row.name.prefix(bytes: 100))' is too large: as JSON it may have "
          + "\(Limits.valueBytesMax) bytes")
    }
    records.add(row, to: \.values, size: size)
    beginWaiting(now)
  }
}

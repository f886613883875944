/// What an honest agent never sends. Asked where batches are decoded and before stored ones are
/// read again, so that sums behind it have room.
extension ResultBatch {
  /// Why the batch cannot be true, or nil.
  public var problem: String? {
    for row in requests {
      if let problem = row.problem { return problem }
    }
    for row in iterations {
      guard Self.isTime(row.startedAtMicros), Self.isTime(row.intendedAtMicros) else {
        return "an iteration lies outside of time"
      }
      guard Self.isSpan(row.durationMicros) else { return "an iteration has no true duration" }
    }
    for row in checks {
      guard Self.isInterval(row.intervalStartMs), Self.isCount(row.passes), Self.isCount(row.fails)
      else { return "a check's interval or count is out of range" }
    }
    for row in assertions {
      guard Self.isTime(row.atMicros) else { return "a check lies outside of time" }
      guard row.request >= -1, row.request < requests.count else {
        return "a check refers to a request that is not there"
      }
    }
    for row in drops {
      guard Self.isInterval(row.intervalStartMs), Self.isCount(row.count) else {
        return "the interval or count of dropped iterations is out of range"
      }
    }
    for row in samples {
      guard Self.isTime(row.atMicros), Self.isSpan(row.tickLatencyMicros),
        Self.isCount(row.cpuPermille),
        (0...Limits.clientsPerExecutionMax).contains(row.activeClients),
        (0...Limits.wholeNumberMax).contains(row.memoryBytes)
      else { return "a sample of the agent is out of range" }
    }
    return records.problem
  }

  /// The first and the latest time of its rows, microseconds since the Unix epoch; nil without any.
  public var times: ClosedRange<Int64>? {
    var (first, last) = (Int64.max, Int64.min)
    func see(_ micros: Int64) {
      first = min(first, micros)
      last = max(last, micros)
    }
    for row in requests { see(row.startedAtMicros) }
    for row in iterations { see(row.startedAtMicros) }
    for row in checks { see(row.intervalStartMs.times(1_000)) }
    for row in assertions { see(row.atMicros) }
    for row in drops { see(row.intervalStartMs.times(1_000)) }
    for row in samples { see(row.atMicros) }
    for row in records.logs { see(row.atMicros) }
    for row in records.suiteResults { see(row.atMicros) }
    for row in records.metrics { see(row.intervalStartMs.times(1_000)) }
    for row in records.traces { see(row.request.startedAtMicros) }
    for row in records.files { see(row.metadata.atMicros) }
    return first <= last ? first...last : nil
  }

  public static func isTime(_ micros: Int64) -> Bool { (0...Limits.timeMicrosMax).contains(micros) }
  public static func isInterval(_ millis: Int64) -> Bool {
    (0...Limits.timeMicrosMax / 1_000).contains(millis)
  }
  static func isSpan(_ micros: Int64) -> Bool { (0...Limits.rowMicrosMax).contains(micros) }
  static func isCount(_ number: Int64) -> Bool { (0...Limits.rowCountMax).contains(number) }
}

extension RequestRow {
  /// Why the row cannot be true, or nil.
  var problem: String? {
    guard ResultBatch.isTime(startedAtMicros) else { return "a request lies outside of time" }
    guard ResultBatch.isCount(bytesSent), ResultBatch.isCount(bytesReceived) else {
      return "the bytes of a request are out of range"
    }
    return nil
  }
}

extension RunRecords {
  /// Why they cannot be true, or nil.
  var problem: String? {
    for row in logs where !ResultBatch.isTime(row.atMicros) {
      return "a log entry lies outside of time"
    }
    for row in suiteResults {
      guard ResultBatch.isTime(row.atMicros), ResultBatch.isSpan(row.durationMicros) else {
        return "the time or duration of a suite result is out of range"
      }
    }
    for row in files where !ResultBatch.isTime(row.metadata.atMicros) {
      return "a file lies outside of time"
    }
    for row in traces {
      if let problem = row.request.problem { return problem }
      guard ResultBatch.isCount(row.length) else { return "the length of a trace is out of range" }
    }
    for row in metrics {
      guard ResultBatch.isInterval(row.intervalStartMs), row.totals.isPlausible else {
        return "the interval or values of a metric are out of range"
      }
    }
    return nil
  }
}

extension MetricTotals {
  /// Whether one batch can say this.
  public var isPlausible: Bool {
    keys.values.allSatisfy(ResultBatch.isCount) && ResultBatch.isCount(values.count)
      && (values.last.map { ResultBatch.isTime($0.atMicros) } ?? true)
      && values.thousandths.isPlausible
  }
}

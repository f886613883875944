import Shared

/// Limits as the API shows them.
extension JSONWriter {
  /// Those of a configuration.
  mutating func limits(_ limits: [TestLimit]) {
    key("limits")
    array(limits) { $0.value(.object($1.json)) }
  }

  /// Those of an execution, and how they stand.
  ///
  /// - Parameter readings: what has been measured by now; without them, or without the
  ///   regions among the details, what is not stored yet is left out.
  mutating func limits(
    of record: ExecutionRecord, _ details: ExecutionDetails, _ readings: Readings?
  ) {
    guard !record.limits.isEmpty else { return }
    let measured = Self.shownMeasured(record, details, readings)
    key("limits")
    array(zip(record.limits, measured)) { json, entry in
      json.limit(entry.0, measured: entry.1)
    }
  }

  /// A limit of an execution, and how it stands.
  mutating func limit(_ state: LimitState, measured: Double?) {
    beginObject()
    for (name, value) in state.limit.json.members {
      key(name)
      self.value(value)
    }
    member("measured", measured.map(Self.shortened))
    member("breached", state.breached)
    endObject()
  }

  /// What the limits of an execution have measured by now, as it is shown.
  static func shownMeasured(
    _ record: ExecutionRecord, _ details: ExecutionDetails, _ readings: Readings?
  ) -> [Double?] {
    var measured = record.limits.map(\.measured)
    guard let readings, !record.completed, !details.regions.isEmpty else { return measured }
    let now = Self.measured(record, details, readings)
    // What was breached stays as it was then.
    for (index, state) in record.limits.enumerated() where !state.breached {
      measured[index] = now[index]
    }
    return measured
  }

  private static func measured(
    _ record: ExecutionRecord, _ details: ExecutionDetails, _ readings: Readings
  ) -> [Double?] {
    let evaluator = LimitEvaluator(record.limits)
    let regions = details.regions.compactMap { region in
      region.region.map { ($0.name, region.record.id) }
    }
    let began = details.regions.compactMap(\.record.startedAtMs).min() ?? record.startedAtMs
    let now = record.finishedAtMs ?? Clock.wallMicros() / 1_000
    return evaluator.measured(
      LimitReadings(
        readings.aggregator, for: evaluator.limits,
        regions: Dictionary(regions, uniquingKeysWith: { first, _ in first })),
      elapsedSecs: Double(max(1, now - (began ?? now))) / 1_000)
  }
}

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
    var measured = record.limits.map(\.measured)
    if let readings, !record.completed, !details.regions.isEmpty {
      let now = Self.measured(record, details, readings)
      // What was breached stays as it was then.
      for (index, state) in record.limits.enumerated() where !state.breached {
        measured[index] = now[index]
      }
    }
    key("limits")
    array(zip(record.limits, measured)) { json, entry in
      json.beginObject()
      for (name, value) in entry.0.limit.json.members {
        json.key(name)
        json.value(value)
      }
      json.member("measured", entry.1)
      json.member("breached", entry.0.breached)
      json.endObject()
    }
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

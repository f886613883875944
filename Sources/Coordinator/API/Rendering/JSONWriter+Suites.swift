import Shared

/// Suite results as the API shows them.
extension JSONWriter {
  mutating func suiteResult(
    _ record: SuiteResultRecord, of execution: ExecutionID, _ origins: RunOrigins
  ) {
    let result = record.result
    beginObject()
    identity(record.id, createdAtMs: record.createdAtMs, updatedAtMs: record.createdAtMs)
    member("executionId", execution)
    member("executionRegionId", record.executionRegion)
    member("region", origins.name(of: record.executionRegion))
    member("chunkId", record.chunk)
    member("agentId", origins.agent(record.chunk, record.epoch))
    member("threadId", origins.thread(record.executionRegion, result.moment.client))
    member("connectionId", record.connectionID)
    member("timestamp", ISOTime.text(micros: result.atMicros))
    member("client", Int64(result.moment.client))
    member("iteration", Int64(result.moment.iteration))
    member("suite", result.suite)
    member("test", result.test)
    member("kind", Self.kind(isCheck: record.isCheck))
    member("passed", result.passed)
    if !record.isCheck {
      key("durationMs")
      milliseconds(micros: result.durationMicros)
    }
    if let id = record.resultID { member("resultId", id) }
    member("message", result.message)
    member("stack", result.stack)
    endObject()
  }

  private static func kind(isCheck: Bool) -> String { isCheck ? "check" : "test" }

  /// - Parameter errors: those of the test, nil when they are not asked for.
  mutating func suiteSummary(
    _ summary: SuiteSummary, errors: [SuiteError]?, of execution: ExecutionID,
    _ origins: RunOrigins
  ) {
    beginObject()
    member("suite", summary.suite)
    member("test", summary.test)
    member("kind", Self.kind(isCheck: summary.isCheck))
    member("executed", summary.executed)
    member("passed", summary.passed)
    member("failed", summary.failed)
    member("screenshots", summary.screenshots)
    member("outputFiles", summary.files)
    if let durations = summary.durations {
      key("durationMs")
      self.durations(durations)
    }
    member("firstAt", ISOTime.text(micros: summary.firstAtMicros))
    member("lastAt", ISOTime.text(micros: summary.lastAtMicros))
    member("firstFailureAt", summary.firstFailureAtMicros.map { ISOTime.text(micros: $0) })
    member("lastFailureAt", summary.lastFailureAtMicros.map { ISOTime.text(micros: $0) })
    if let errors {
      key("errors")
      array(errors) { $0.suiteError($1, named: false, of: execution, origins) }
    }
    endObject()
  }

  private mutating func durations(_ durations: DurationStatistics) {
    beginObject()
    for statistic in durations.statistics {
      key(statistic.name)
      milliseconds(micros: statistic.micros)
    }
    endObject()
  }

  /// - Parameter named: whether to name suite and test.
  mutating func suiteError(
    _ error: SuiteError, named: Bool, of execution: ExecutionID, _ origins: RunOrigins
  ) {
    beginObject()
    if named {
      member("suite", error.suite)
      member("test", error.test)
      member("kind", Self.kind(isCheck: error.isCheck))
    }
    member("message", error.message)
    member("count", error.count)
    member("firstAt", ISOTime.text(micros: error.firstAtMicros))
    member("lastAt", ISOTime.text(micros: error.lastAtMicros))
    key("regions")
    array(error.regions) { json, region in
      json.beginObject()
      json.member("id", region)
      json.member("name", origins.name(of: region))
      json.endObject()
    }
    key("example")
    beginObject()
    member("client", Int64(error.example.moment.client))
    member("iteration", Int64(error.example.moment.iteration))
    member("threadId", origins.thread(error.example.region, error.example.moment.client))
    member("stack", error.example.stack)
    endObject()
    endObject()
  }
}

extension DurationStatistics {
  /// In whole microseconds, under the names that the API gives them.
  var statistics: [(name: String, micros: Int64)] {
    let exact: [(String, Double)] = [
      ("mean", mean), ("min", Double(min)), ("max", Double(max)), ("sd", standardDeviation),
      ("p50", p50), ("p95", p95), ("p99", p99),
    ]
    return exact.map { (name: $0.0, micros: Int64(saturating: $0.1.rounded())) }
  }
}

extension SuiteResultRecord {
  var connectionID: String? {
    result.connection.map { "\(RowName.connectionPrefix(chunk, epoch))\($0)" }
  }
}

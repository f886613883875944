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
    member("threadId", record.threadID(execution))
    member("connectionId", record.connectionID)
    member("timestamp", ISOTime.text(micros: result.atMicros))
    member("client", Int64(result.moment.client))
    member("iteration", Int64(result.moment.iteration))
    member("suite", result.suite)
    member("test", result.test)
    member("passed", result.passed)
    key("durationMs")
    milliseconds(micros: result.durationMicros)
    member("message", result.message)
    member("stack", result.stack)
    endObject()
  }

  /// - Parameter errors: those of the test, nil when they are not asked for.
  mutating func suiteSummary(_ summary: SuiteSummary, errors: [SuiteError]?) {
    beginObject()
    member("suite", summary.suite)
    member("test", summary.test)
    member("count", summary.passed + summary.failed)
    member("passed", summary.passed)
    member("failed", summary.failed)
    member("outputFiles", summary.files)
    key("meanDurationMs")
    milliseconds(micros: Int64(summary.meanDurationMicros.rounded()))
    member("firstAt", ISOTime.text(micros: summary.firstAtMicros))
    member("lastAt", ISOTime.text(micros: summary.lastAtMicros))
    if let errors {
      key("errors")
      array(errors) { $0.suiteError($1, named: false) }
    }
    endObject()
  }

  /// - Parameter named: whether to name suite and test.
  mutating func suiteError(_ error: SuiteError, named: Bool) {
    beginObject()
    if named {
      member("suite", error.suite)
      member("test", error.test)
    }
    member("message", error.message)
    member("count", error.count)
    member("firstAt", ISOTime.text(micros: error.firstAtMicros))
    member("lastAt", ISOTime.text(micros: error.lastAtMicros))
    endObject()
  }
}

extension SuiteResultRecord {
  /// Names the client for ever: `execution:region:client`.
  func threadID(_ execution: ExecutionID) -> String {
    "\(execution):\(executionRegion):\(result.moment.client)"
  }

  /// Names the connection for ever: `chunk:epoch:connection`.
  var connectionID: String? { result.connection.map { "\(chunk):\(epoch):\($0)" } }
}

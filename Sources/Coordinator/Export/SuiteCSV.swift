import Shared

/// Suite results as CSV.
enum SuiteCSV {
  static var resultsHeader: [UInt8] {
    header([
      "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
      "threadId", "connectionId", "client", "iteration", "suite", "test", "passed", "durationMs",
      "message", "stack", "kind", "resultId",
    ])
  }

  /// All kinds of rows: `test` for a test, `check` for a check, `error` for one way in which it
  /// failed. Numbers of errors stand in columns of their own, so that sums over a column count
  /// nothing twice.
  static func writeSummariesHeader(to csv: inout CSVWriter) {
    write(
      [
        "row", "suite", "test", "executed", "passed", "failed", "screenshots", "outputFiles",
        "meanDurationMs", "minDurationMs", "maxDurationMs", "sdDurationMs", "p50DurationMs",
        "p95DurationMs", "p99DurationMs", "firstAt", "lastAt", "firstFailureAt", "lastFailureAt",
        "error", "errorCount", "regions", "exampleClient", "exampleIteration",
      ], to: &csv)
  }

  static func writeErrorsHeader(to csv: inout CSVWriter) {
    write(
      [
        "suite", "test", "message", "count", "firstAt", "lastAt", "regions", "regionIds",
        "exampleClient", "exampleIteration", "exampleThreadId", "exampleStack", "kind",
      ], to: &csv)
  }

  private static func header(_ columns: [String]) -> [UInt8] {
    var csv = CSVWriter()
    write(columns, to: &csv)
    return csv.bytes
  }

  private static func write(_ columns: [String], to csv: inout CSVWriter) {
    for column in columns { csv.text(column) }
    csv.endRow()
  }

  static func write(
    _ record: SuiteResultRecord, of execution: ExecutionID, _ origins: RunOrigins,
    to csv: inout CSVWriter
  ) {
    let result = record.result
    csv.int(record.id)
    csv.text(ISOTime.text(micros: result.atMicros))
    csv.int(execution.rawValue)
    csv.int(record.executionRegion.rawValue)
    csv.text(origins.name(of: record.executionRegion))
    csv.int(record.chunk.rawValue)
    csv.text(origins.agent(record.chunk, record.epoch) ?? "")
    csv.text(origins.thread(record.executionRegion, result.moment.client))
    csv.text(record.connectionID ?? "")
    csv.int(Int64(result.moment.client))
    csv.int(Int64(result.moment.iteration))
    csv.text(result.suite)
    csv.text(result.test)
    csv.text(result.passed ? "true" : "false")
    if record.isCheck { csv.empty() } else { csv.milliseconds(micros: result.durationMicros) }
    csv.text(result.message ?? "")
    csv.text(result.stack ?? "")
    csv.text(record.isCheck ? "check" : "test")
    if let id = record.resultID { csv.int(id) } else { csv.empty() }
    csv.endRow()
  }

  static func write(_ summary: SuiteSummary, to csv: inout CSVWriter) {
    csv.text(summary.isCheck ? "check" : "test")
    csv.text(summary.suite)
    csv.text(summary.test)
    for count in [
      summary.executed, summary.passed, summary.failed, summary.screenshots, summary.files,
    ] { csv.int(count) }
    if let durations = summary.durations {
      for statistic in durations.statistics { csv.milliseconds(micros: statistic.micros) }
    } else {
      for _ in DurationStatistics([]).statistics { csv.empty() }
    }
    csv.text(ISOTime.text(micros: summary.firstAtMicros))
    csv.text(ISOTime.text(micros: summary.lastAtMicros))
    for micros in [summary.firstFailureAtMicros, summary.lastFailureAtMicros] {
      if let micros { csv.text(ISOTime.text(micros: micros)) } else { csv.empty() }
    }
    for _ in 0..<5 { csv.empty() }
    csv.endRow()
  }

  /// An error as a row among summaries.
  static func writeAsSummary(
    _ error: SuiteError, _ origins: RunOrigins, to csv: inout CSVWriter
  ) {
    csv.text("error")
    csv.text(error.suite)
    csv.text(error.test)
    for _ in 0..<14 { csv.empty() }
    csv.text(ISOTime.text(micros: error.firstAtMicros))
    csv.text(ISOTime.text(micros: error.lastAtMicros))
    csv.text(error.message)
    csv.int(error.count)
    csv.text(regions(of: error, origins))
    csv.int(Int64(error.example.moment.client))
    csv.int(Int64(error.example.moment.iteration))
    csv.endRow()
  }

  static func write(
    _ error: SuiteError, of execution: ExecutionID, _ origins: RunOrigins,
    to csv: inout CSVWriter
  ) {
    csv.text(error.suite)
    csv.text(error.test)
    csv.text(error.message)
    csv.int(error.count)
    csv.text(ISOTime.text(micros: error.firstAtMicros))
    csv.text(ISOTime.text(micros: error.lastAtMicros))
    csv.text(regions(of: error, origins))
    csv.text(error.regions.map { "\($0)" }.joined(separator: "; "))
    csv.int(Int64(error.example.moment.client))
    csv.int(Int64(error.example.moment.iteration))
    csv.text(origins.thread(error.example.region, error.example.moment.client))
    csv.text(error.example.stack ?? "")
    csv.text(error.isCheck ? "check" : "test")
    csv.endRow()
  }

  private static func regions(of error: SuiteError, _ origins: RunOrigins) -> String {
    error.regions.map { origins.name(of: $0) }.joined(separator: "; ")
  }
}

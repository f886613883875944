import Shared

/// Suite results as CSV.
enum SuiteCSV {
  static var resultsHeader: [UInt8] {
    header([
      "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
      "threadId", "connectionId", "client", "iteration", "suite", "test", "passed", "durationMs",
      "message", "stack",
    ])
  }

  static func writeSummariesHeader(to csv: inout CSVWriter) {
    write(
      [
        "suite", "test", "count", "passed", "failed", "outputFiles", "meanDurationMs", "firstAt",
        "lastAt", "error",
      ], to: &csv)
  }

  static func writeErrorsHeader(to csv: inout CSVWriter) {
    write(["suite", "test", "message", "count", "firstAt", "lastAt"], to: &csv)
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
    csv.text(record.threadID(execution))
    csv.text(record.connectionID ?? "")
    csv.int(Int64(result.moment.client))
    csv.int(Int64(result.moment.iteration))
    csv.text(result.suite)
    csv.text(result.test)
    csv.text(result.passed ? "true" : "false")
    csv.milliseconds(micros: result.durationMicros)
    csv.text(result.message ?? "")
    csv.text(result.stack ?? "")
    csv.endRow()
  }

  static func write(_ summary: SuiteSummary, to csv: inout CSVWriter) {
    csv.text(summary.suite)
    csv.text(summary.test)
    csv.int(summary.passed + summary.failed)
    csv.int(summary.passed)
    csv.int(summary.failed)
    csv.int(summary.files)
    csv.milliseconds(micros: Int64(summary.meanDurationMicros.rounded()))
    csv.text(ISOTime.text(micros: summary.firstAtMicros))
    csv.text(ISOTime.text(micros: summary.lastAtMicros))
    csv.empty()
    csv.endRow()
  }

  /// An error as a row among summaries: its count stands under `count` and `failed`.
  static func writeAsSummary(_ error: SuiteError, to csv: inout CSVWriter) {
    csv.text(error.suite)
    csv.text(error.test)
    csv.int(error.count)
    csv.int(0)
    csv.int(error.count)
    csv.empty()
    csv.empty()
    csv.text(ISOTime.text(micros: error.firstAtMicros))
    csv.text(ISOTime.text(micros: error.lastAtMicros))
    csv.text(error.message)
    csv.endRow()
  }

  static func write(_ error: SuiteError, to csv: inout CSVWriter) {
    csv.text(error.suite)
    csv.text(error.test)
    csv.text(error.message)
    csv.int(error.count)
    csv.text(ISOTime.text(micros: error.firstAtMicros))
    csv.text(ISOTime.text(micros: error.lastAtMicros))
    csv.endRow()
  }
}

import Shared

/// A documented route, and what its answer looks like.
struct ConformanceRow: Sendable {
  /// Below the execution, but for those that begin with two slashes.
  var path: String
  /// What must be there, as JSON.
  var sample: String
  /// What may be there beside it.
  var ours = "{}"
  /// What is only there once the execution is finished.
  var atEnd: Set<String> = []
  /// What only some elements of the answer have.
  var sometimes: Set<String> = []

  init(
    _ path: String, _ sample: String, _ ours: String = "{}", atEnd: Set<String> = [],
    sometimes: Set<String> = []
  ) {
    self.path = path
    self.sample = sample
    self.ours = ours
    self.atEnd = atEnd
    self.sometimes = sometimes
  }
}

/// Every documented route that reads an execution. `{…}` stands for an id.
enum ConformanceTable {
  static let rows: [ConformanceRow] =
    executions + overall + part("", Additions.summary)
    + part("/regions/{region}", Additions.regionSummary)

  /// An interval may pass without new connections, or without a sample of the agent's.
  private static let scarce = [
    "connectionOpenMs", "dnsLookupMs", "tickLatencyMs",
    // Of an interval in which clients begin and no request ends.
    "httpResponseCode", "httpMethod", "connectionCloseMs", "firstReceivedMs",
  ]

  private static func ends(_ root: String) -> Set<String> {
    Set(["", ".regions[]", ".regions[].chunks[]"].map { "\(root)\($0).finishedAt" })
  }

  private static let executions = [
    ConformanceRow("", Samples.whole, Additions.whole, atEnd: ends("$")),
    ConformanceRow(
      "//test-confs/{conf}/executions", "[\(Samples.whole)]", "[\(Additions.listed)]",
      atEnd: ends("$[]")),
    ConformanceRow(
      "//executions", "[\(Samples.whole)]", "[\(Additions.listed)]", atEnd: ends("$[]")),
  ]

  private static let overall = [
    ConformanceRow("/summary", Samples.summary, Additions.summary),
    ConformanceRow(
      "/metric?ns=Testable&name=firstReceivedMs", Samples.metric, Additions.metric),
    ConformanceRow("/logs", Samples.logs, Additions.log),
    ConformanceRow("/logs?systemOnly=true&asc=false&limit=2", Samples.logs),
    ConformanceRow("//execution-traces/{trace}", Samples.trace, Additions.trace),
  ]

  private static func part(_ part: String, _ interval: String) -> [ConformanceRow] {
    let isRegion = !part.isEmpty
    let summary = isRegion ? Additions.regionResourceSummary : Additions.resourceSummary
    let scopes = [part, "\(part)/resources/{resource}"]
    return [
      ConformanceRow(
        "\(part)/intervals", "[\(Samples.interval)]", "[\(interval)]",
        sometimes: Set(scarce.map { "$[].metrics.\($0)" })),
      ConformanceRow("\(part)/resources", Samples.resources, "[{\"summary\":\(summary)}]"),
      ConformanceRow(
        "\(part)/resources/{resource}", Samples.resource,
        "{\"summary\":\(summary),\"intervals\":[\(Additions.resourceInterval)]}"),
      ConformanceRow("\(part)/traces", Samples.traces),
      ConformanceRow(
        "\(part)/suite-results", Additions.suiteResults, failureMembers,
        sometimes: ["$[].durationMs", "$[].connectionId"]),
      ConformanceRow(
        "\(part)/failed-suite-results", Additions.failedSuiteResults,
        #"[{"resultId":1}]"#,
        sometimes: ["$[].durationMs", "$[].connectionId", "$[].stack"]),
      ConformanceRow(
        "\(part)/suite-summaries?includeErrors=true", Additions.suiteSummaries,
        sometimes: [
          "$[].firstFailureAt", "$[].lastFailureAt", "$[].errors[]", "$[].durationMs",
          "$[].errors[].example.stack",
        ]),
      ConformanceRow(
        "\(part)/suite-errors", Additions.suiteErrors,
        sometimes: ["$[].example.stack"]),
    ]
      + scopes.map {
        ConformanceRow("\($0)/results?limit=1", "[\(Samples.result)]", "[\(Additions.result)]")
      }
  }

  private static let failureMembers = #"[{"message":"","stack":"","resultId":1}]"#

  /// Columns of the downloads.
  static let downloads: [(path: String, columns: [String])] = ["", "/regions/{region}"].flatMap {
    part in
    ["", "/resources/{resource}"].map { ("\(part)\($0)/results.csv", results) } + [
      ("\(part)/suite-results.csv", suiteResults),
      ("\(part)/failed-suite-results.csv", suiteResults),
      ("\(part)/suite-summaries.csv?includeErrors=true", suiteSummaries),
      ("\(part)/suite-errors.csv", suiteErrors),
    ]
  }

  private static let results = [
    "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
    "threadId", "connectionId", "client", "iteration", "overlap", "resourceId", "resource",
    "dnsLookupMs", "connectionOpenMs", "tlsHandshakeMs", "firstReceivedMs", "connectionCloseMs",
    "bytesSent", "bytesReceived", "bandwidth", "dataPacketsSent", "dataPacketsReceived",
    "success", "failure", "httpMethod", "httpResponseCode", "httpContentType", "errorReason",
  ]
  private static let suiteResults = [
    "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
    "threadId", "connectionId", "client", "iteration", "suite", "test", "passed", "durationMs",
    "message", "stack", "kind", "resultId",
  ]
  private static let suiteSummaries = [
    "row", "suite", "test", "executed", "passed", "failed", "screenshots", "outputFiles",
    "meanDurationMs", "minDurationMs", "maxDurationMs", "sdDurationMs", "p50DurationMs",
    "p95DurationMs", "p99DurationMs", "firstAt", "lastAt", "firstFailureAt", "lastFailureAt",
    "error", "errorCount", "regions", "exampleClient", "exampleIteration",
  ]
  private static let suiteErrors = [
    "suite", "test", "message", "count", "firstAt", "lastAt", "regions", "regionIds",
    "exampleClient", "exampleIteration", "exampleThreadId", "exampleStack", "kind",
  ]
}

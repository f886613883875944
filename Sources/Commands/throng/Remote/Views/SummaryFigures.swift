import Shared

/// What commands show of a summary, an interval or a resource.
struct SummaryFigures: Equatable {
  var count: Int64 = 0
  var failures: Int64 = 0
  var iterations: Int64 = 0
  var droppedIterations: Int64 = 0
  /// The most clients that were at work at the same time.
  var clients: Int64 = 0
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  /// Whether any request got a response.
  var hasResponses = false
  /// Statistics of the whole request's time, milliseconds, by name; empty without requests.
  var durations: [String: Double] = [:]

  init() {}

  /// - Parameter summary: as the API has it.
  init(_ summary: JSONValue) {
    count = summary.at("count")?.int64 ?? 0
    iterations = summary.at("iterationsExecuted")?.int64 ?? 0
    droppedIterations = summary.at("droppedIterations")?.int64 ?? 0
    clients = summary.at("maxConcurrentClients")?.int64 ?? 0
    for metric in summary.at("metrics")?.arrayValue ?? [] where metric.at("namespace") == nil {
      let value = metric.at("metricValue")?.int64 ?? 0
      switch metric.at("metricDef")?.stringValue {
      case "failure": failures = value
      case "bytesSent": bytesSent = value
      case "bytesReceived": bytesReceived = value
      case "httpResponseCode":
        hasResponses = metric.at("metricValueMap")?.objectValue?.members.isEmpty == false
      case "connectionCloseMs":
        for (name, value) in metric.at("metricValueMap")?.objectValue?.members ?? [] {
          durations[name] = value.number
        }
      default: break
      }
    }
    // Of no request there is no time, whatever the statistics say.
    if count == 0 { durations = [:] }
  }

  func duration(_ statistic: String) -> Double? { durations[statistic] }
}

/// Keys and types that answers have beside the documented ones.
enum Additions {
  private static func timing(_ name: String) -> String {
    """
    {"metricDef":"\(name)","metricType":"Timing","metricUnits":"ms","metricValueMap":\(map)}
    """
  }
  private static let map = """
    {"count":1,"mean":1,"min":1,"max":1,"sum":1,"var":1,"sd":1,"p50":1,"p90":1,"p95":1,"p99":1,
     "p999":1}
    """
  private static func metered(_ name: String, _ units: String) -> String {
    """
    {"metricDef":"\(name)","metricType":"Metered","metricUnits":"\(units)",
     "metricValueMap":\(map)}
    """
  }
  private static let user =
    #"{"namespace":"User","metricDef":"prices_read","metricType":"Counter","metricValue":1}"#

  private static let requestMetrics =
    [
      "connectionOpenMs", "connectionCloseMs", "firstReceivedMs", "dnsLookupMs",
    ].map(timing) + [
      Samples.histogram("httpMethod"), Samples.histogram("httpContentType"),
      #"{"metricDef":"failure","metricType":"Counter","metricUnits":"requests","metricValue":1}"#,
      user,
    ]
  private static let metrics = Samples.list(
    requestMetrics + [
      user, timing("tickLatencyMs"), timing("iterationDurationMs"), metered("cpu", "percent"),
      metered("memory", "bytes"),
    ])
  private static let checks = #"[{"name":"","passes":1,"fails":1}]"#

  static let summary = #"{"metrics":\#(metrics),"checks":\#(checks)}"#
  /// Of a region: also which.
  static let regionSummary =
    #"{"metrics":\#(metrics),"checks":\#(checks),"executionRegionId":1}"#
  static let resourceSummary = #"{"metrics":\#(Samples.list(requestMetrics))}"#
  static let regionResourceSummary =
    #"{"metrics":\#(Samples.list(requestMetrics)),"executionRegionId":1}"#
  /// The sample of a resource has no interval: all of it is our own.
  static let resourceInterval = Samples.aggregate(
    Samples.list(requestMetrics + Samples.counters + [Samples.histogram("httpResponseCode")]),
    #""resourceId":1,"executionRegionId":1,"#)
  static let metric = #"{"metricValueMap":\#(map)}"#

  private static let load = """
    "manualStart":true,"tracing":{"perMinute":1},"secrets":[""],
    "limits":[{"metric":"","namespace":"","statistic":"","op":"","value":1,"afterSecs":1,
      "stop":true,"atEnd":true,"measured":1,"breached":true}]
    """
  private static let chunk = """
    {"id":1,"executionType":"","agent":"","createdAt":"@time","updatedAt":"@time",
     "running":false,"startedAt":"@time","finishedAt":"@time","completed":true,"iterations":1,
     "iterationSleepSecs":1,"rampupSecs":1,"concurrentClients":1,"actualConcurrentClients":1,
     "completedDurationSecs":1,"completedIterations":1}
    """
  /// Of answers to changes.
  static let changed = """
    {\(load),"regions":[{"startedAt":"@time","finishedAt":"@time","chunks":[\(chunk)]}],
     "startedAt":"@time","finishedAt":"@time"}
    """
  private static let configuration = """
    {\(Samples.identity),"name":"","scriptId":1,"regions":[{"name":"","concurrentClients":1}],
     "concurrentClients":1,"iterations":1,"iterationSleepSecs":1,"rampupSecs":1,
     "manualStart":true,"scriptParams":"","tracing":{"perMinute":1},"secrets":[""],
     "requestTimeoutMs":1,"scriptTimeoutMs":1,
     "http":{"version":"","verifyTls":true,"redirectsMax":1,"bodyBytesMax":1,
       "reuseConnections":true,"userAgent":""},
     "limits":[{"metric":"","namespace":"","statistic":"","op":"","value":1,"afterSecs":1,
       "stop":true,"atEnd":true}]}
    """
  static let listed = """
    {\(load),"summary":\(summary),"regions":[{"summary":\(regionSummary)}]}
    """
  static let whole = """
    {\(load),"summary":\(summary),"regions":[{"summary":\(regionSummary)}],
     "testConf":\(configuration)}
    """

  static let log = #"{"logs":[{"client":1,"iteration":1}]}"#
  static let result = """
    {"client":1,"iteration":1,"overlap":false,"metrics":[
      {"metricDef":"dataPacketsSent","metricType":"Counter","metricValue":1,
       "metricUnits":"packets"},
      {"metricDef":"httpContentType","metricType":"Histogram","metricKey":"",
       "metricValue":1}]}
    """
  private static let region = """
    {\(Samples.identity),"executionId":1,"running":true,"startedAt":"@time",
     "finishedAt":"@time","completed":true,"concurrentClients":1,"region":\(Samples.place)}
    """
  static let trace = """
    {"result":\(result),"executionRegion":\(region),"packets":[
      {"packetType":"ConnectionOpened","address":""},
      {"packetType":"DataSent","startLine":"","data":""},
      {"packetType":"DataReceived","startLine":""}]}
    """

  // What is documented without a sample.
  static let suiteResults = """
    [{\(Samples.identity),"executionId":1,"executionRegionId":1,"region":"","chunkId":1,
      "agentId":"","threadId":"","connectionId":"","timestamp":"@time","client":1,"iteration":1,
      "suite":"","test":"","kind":"","passed":true,"durationMs":1}]
    """
  static let failedSuiteResults = suiteResults.replacing("\"passed\"", with: failed)
  private static let failed = #""message":"","stack":"","passed""#
  private static let error = """
    "message":"","count":1,"firstAt":"@time","lastAt":"@time","regions":[{"id":1,"name":""}],
    "example":{"client":1,"iteration":1,"threadId":"","stack":""}
    """
  static let suiteErrors = #"[{"suite":"","test":"","kind":"",\#(error)}]"#
  static let suiteSummaries = """
    [{"suite":"","test":"","kind":"","executed":1,"passed":1,"failed":1,"screenshots":1,
      "outputFiles":1,
      "durationMs":{"mean":1,"min":1,"max":1,"sd":1,"p50":1,"p95":1,"p99":1},
      "firstAt":"@time","lastAt":"@time","firstFailureAt":"@time","lastFailureAt":"@time",
      "errors":[{\(error)}]}]
    """
  static let event = #"{"eventId":1}"#
}

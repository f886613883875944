/// Keys and types of the documented answers. `@time` stands for a time, 1 for any number.
enum Samples {
  static let identity = #""id":1,"createdAt":"@time","updatedAt":"@time""#

  private static func timing(_ name: String, _ more: String = "") -> String {
    """
    {"metricDef":"\(name)","metricType":"Timing","metricUnits":"ms","metricValueMap":{"count":1,
     "mean":1,"min":1,"p95":1,"max":1,"p99":1,"sd":1,"sum":1,"var":1\(more)}}
    """
  }

  private static func counter(_ name: String, _ units: String) -> String {
    #"{"metricDef":"\#(name)","metricType":"Counter","metricValue":1,"metricUnits":"\#(units)"}"#
  }

  static func histogram(_ name: String) -> String {
    #"{"metricDef":"\#(name)","metricType":"Histogram","metricValueMap":{}}"#
  }

  static let counters = [
    counter("bandwidth", "bytes"), counter("success", "requests"),
    counter("dataPacketsSent", "packets"), counter("bytesReceived", "bytes"),
    counter("dataPacketsReceived", "packets"), counter("bytesSent", "bytes"),
  ]

  private static let timings = [
    "connectionOpenMs", "connectionCloseMs", "firstReceivedMs", "dnsLookupMs",
  ]

  /// Of summaries.
  static let metrics = list(
    [histogram("httpResponseCode")] + timings.map { timing($0) } + counters)

  /// Of intervals and resources: medians and methods come with them.
  private static func fullMetrics(_ more: [String] = []) -> String {
    list(
      [histogram("httpResponseCode"), histogram("httpMethod")]
        + (timings + more).map { timing($0, #","p50":1"#) } + counters)
  }

  static func list(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }

  static func aggregate(_ metrics: String, _ more: String = "") -> String {
    """
    {\(identity),"executionId":1,\(more)"intervalStart":1,"iterationsExecuted":1,"count":1,
     "concurrentClients":1,"actualConcurrentClients":1,"maxConcurrentClients":1,
     "metrics":\(metrics)}
    """
  }

  static let summary = aggregate(metrics)
  static let regionSummary = aggregate(metrics, #""executionRegionId":1,"#)
  static let resourceSummary = aggregate(fullMetrics(), #""resourceId":1,"#)
  static let interval = aggregate(fullMetrics(["tickLatencyMs"]))
  static let metric =
    #"{"namespace":"",\#(timing("firstReceivedMs").dropFirst())"#

  static let place = """
    {\(identity),"name":"","public":true,"latitude":1.5,"longitude":1.5,"description":"",
     "active":true}
    """
  private static let script = """
    {\(identity),"name":"","length":1,"hasInit":false,"hasTeardown":false,"scriptType":""}
    """
  private static let chunk = """
    {\(identity),"executionType":"","agent":"","running":false,"startedAt":"@time",
     "finishedAt":"@time","completed":true,"iterations":1,"iterationSleepSecs":1,"rampupSecs":1,
     "concurrentClients":1,"actualConcurrentClients":1,"completedDurationSecs":1,
     "completedIterations":1}
    """

  private static func region(_ more: String = "") -> String {
    """
    {\(identity),"running":false,"completed":true,"concurrentClients":1,
     "actualConcurrentClients":1,"expectedResultCount":1,"region":\(place)\(more)}
    """
  }

  private static func execution(_ region: String, _ more: String = "") -> String {
    """
    {\(identity),"running":false,"allocated":true,"cancelledByUser":false,"completed":true,
     "summaryCalculated":true,"limitBreached":false,"iterations":1,"iterationSleepSecs":1,
     "rampupSecs":1,"regions":[\(region)],"concurrentClients":1,"actualConcurrentClients":1,
     "expectedResultCount":1,"scriptParams":"","script":\(script)\(more)}
    """
  }

  static let created = execution(region())
  static let started = execution(region(), #","startedAt":"@time""#)
  static let stopped = execution(region(), #","startedAt":"@time","finishedAt":"@time""#)
  static let whole = execution(
    region(
      """
      ,"startedAt":"@time","finishedAt":"@time","summary":\(regionSummary),"chunks":[\(chunk)]
      """), #","startedAt":"@time","finishedAt":"@time","summary":\#(summary)"#)

  private static let resourceName = "{\(identity),\"resource\":\"\"}"
  static let resources = "[{\"resource\":\(resourceName),\"summary\":\(resourceSummary)}]"
  /// The sample's list of intervals is empty; its elements are what intervals are elsewhere.
  static let resource = """
    {"resource":\(resourceName),"summary":\(resourceSummary),"intervals":[]}
    """
  static let logs = """
    {"size":1,"logs":[{\(identity),"level":"","msg":"","length":1,"isSystem":true,
     "loggedAt":"@time"}]}
    """

  private static func value(_ name: String, _ units: String, type: String = "Counter") -> String {
    """
    {"metricDef":"\(name)","metricType":"\(type)","metricValue":1,"metricUnits":"\(units)"}
    """
  }

  private static func entry(_ name: String) -> String {
    #"{"metricDef":"\#(name)","metricType":"Histogram","metricKey":"","metricValue":1}"#
  }

  static let result = """
    {\(identity),"executionId":1,"executionRegionId":1,"chunkId":1,"connectionId":"",
     "agentId":"","threadId":"","timestamp":"@time","resource":\(resourceName),
     "metrics":\(list(
       [
         entry("httpMethod"), entry("httpResponseCode"), value("success", "requests"),
         value("dataPacketsReceived", "packets"), value("bytesSent", "bytes"),
         value("bytesReceived", "bytes"), value("bandwidth", "bytes"),
       ] + timings.map { value($0, "ms", type: "Timing") }))}
    """

  private static let traceMembers = """
    \(identity),"length":1,"traceAt":"@time","status":"","regionId":1,"resource":""
    """
  static let traces = "[{\(traceMembers)}]"

  private static func packet(_ type: String, _ more: String = "") -> String {
    """
    {\(identity),"length":1,"packetType":"\(type)","dataLength":1,"packetAt":"@time",
     "lastPacketAt":"@time"\(more)}
    """
  }

  static let trace = """
    {\(traceMembers),"result":\(result),"packets":\(list([
      packet("DnsLookup"), packet("ConnectionOpened"), packet("DataSent", #","headers":"""#),
      packet("DataReceived", #","headers":"","data":"""#), packet("ConnectionClosed"),
    ]))}
    """
}

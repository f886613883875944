/// Keys and types that answers must have at least.
enum ShapeExamples {
  static let timing = """
    {"count":1,"mean":1,"min":1,"p50":1,"p90":1,"p95":1,"p99":1,"p999":1,"max":1,"sd":1,"sum":1,
     "var":1}
    """

  static let metrics = """
    [{"metricDef":"httpResponseCode","metricType":"Histogram","metricValueMap":{"200":1}},
     {"metricDef":"httpMethod","metricType":"Histogram","metricValueMap":{"GET":1}},
     {"metricDef":"connectionOpenMs","metricType":"Timing","metricValueMap":\(timing),
      "metricUnits":"ms"},
     {"metricDef":"connectionCloseMs","metricType":"Timing","metricValueMap":\(timing),
      "metricUnits":"ms"},
     {"metricDef":"firstReceivedMs","metricType":"Timing","metricValueMap":\(timing),
      "metricUnits":"ms"},
     {"metricDef":"dnsLookupMs","metricType":"Timing","metricValueMap":\(timing),
      "metricUnits":"ms"},
     {"metricDef":"bandwidth","metricType":"Counter","metricValue":1,"metricUnits":"bytes"},
     {"metricDef":"bytesSent","metricType":"Counter","metricValue":1,"metricUnits":"bytes"},
     {"metricDef":"bytesReceived","metricType":"Counter","metricValue":1,"metricUnits":"bytes"},
     {"metricDef":"dataPacketsSent","metricType":"Counter","metricValue":1,
      "metricUnits":"packets"},
     {"metricDef":"dataPacketsReceived","metricType":"Counter","metricValue":1,
      "metricUnits":"packets"},
     {"metricDef":"success","metricType":"Counter","metricValue":1,"metricUnits":"requests"}]
    """

  private static let aggregateMembers = """
    "id":1,"createdAt":"","updatedAt":"","executionId":1,"intervalStart":1,
    "iterationsExecuted":1,"count":1,"concurrentClients":1,"actualConcurrentClients":1,
    "maxConcurrentClients":1,"metrics":\(metrics)
    """
  static let summary = "{\(aggregateMembers)}"
  static let interval = "{\(aggregateMembers)}"
  static let regionSummary = "{\(aggregateMembers),\"executionRegionId\":1}"
  static let resourceSummary = "{\(aggregateMembers),\"resourceId\":1}"

  static let region = """
    {"id":1,"createdAt":"","updatedAt":"","name":"","public":true,"latitude":1.5,
     "longitude":1.5,"description":"","active":true}
    """
  static let script = """
    {"id":1,"createdAt":"","updatedAt":"","name":"","length":1,"hasInit":false,
     "hasTeardown":false,"scriptType":""}
    """
  private static let regionMembers = """
    "id":1,"createdAt":"","updatedAt":"","running":false,"completed":true,
    "concurrentClients":1,"actualConcurrentClients":1,"expectedResultCount":1,"region":\(region)
    """
  private static let executionMembers = """
    "id":1,"createdAt":"","updatedAt":"","running":false,"allocated":true,
    "cancelledByUser":false,"completed":true,"summaryCalculated":true,"limitBreached":false,
    "iterations":1,"iterationSleepSecs":1,"rampupSecs":1,"concurrentClients":1,
    "actualConcurrentClients":1,"expectedResultCount":1,"scriptParams":"","script":\(script)
    """
  static let chunk = """
    {"id":1,"executionType":"","agent":"","createdAt":"","updatedAt":"","running":false,
     "startedAt":"","finishedAt":"","completed":true,"iterations":1,"iterationSleepSecs":1,
     "rampupSecs":1,"concurrentClients":1,"actualConcurrentClients":1,
     "completedDurationSecs":1,"completedIterations":1}
    """
  static let created = "{\(executionMembers),\"regions\":[{\(regionMembers)}]}"
  static let started = "{\(executionMembers),\"startedAt\":\"\",\"regions\":[{\(regionMembers)}]}"
  static let completed = """
    {\(executionMembers),"startedAt":"","finishedAt":"","summary":\(summary),
     "regions":[{\(regionMembers),"startedAt":"","finishedAt":"","summary":\(regionSummary),
                 "chunks":[\(chunk)]}]}
    """
  static let metric = """
    {"namespace":"","metricDef":"","metricType":"","metricValueMap":\(timing),"metricUnits":""}
    """
  private static let resourceName =
    "{\"id\":1,\"createdAt\":\"\",\"updatedAt\":\"\",\"resource\":\"\"}"
  static let resources = "[{\"resource\":\(resourceName),\"summary\":\(resourceSummary)}]"
  static let resource = """
    {"resource":\(resourceName),"summary":\(resourceSummary),"intervals":[\(interval)]}
    """
  static let logs = """
    {"size":1,"logs":[{"id":1,"level":"","msg":"","length":1,"isSystem":true,"createdAt":"",
     "updatedAt":"","loggedAt":""}]}
    """
  static let result = """
    {"id":1,"createdAt":"","updatedAt":"","executionId":1,"executionRegionId":1,"chunkId":1,
     "connectionId":"","agentId":"","threadId":"","timestamp":"","resource":\(resourceName),
     "metrics":[
       {"metricDef":"dnsLookupMs","metricType":"Timing","metricValue":1,"metricUnits":"ms"},
       {"metricDef":"connectionOpenMs","metricType":"Timing","metricValue":1,"metricUnits":"ms"},
       {"metricDef":"firstReceivedMs","metricType":"Timing","metricValue":1,"metricUnits":"ms"},
       {"metricDef":"httpMethod","metricType":"Histogram","metricKey":"GET","metricValue":1},
       {"metricDef":"dataPacketsReceived","metricType":"Counter","metricValue":1,
        "metricUnits":"packets"},
       {"metricDef":"httpResponseCode","metricType":"Histogram","metricKey":"200",
        "metricValue":1},
       {"metricDef":"success","metricType":"Counter","metricValue":1,"metricUnits":"requests"},
       {"metricDef":"connectionCloseMs","metricType":"Timing","metricValue":1,
        "metricUnits":"ms"},
       {"metricDef":"bytesSent","metricType":"Counter","metricValue":1,"metricUnits":"bytes"},
       {"metricDef":"bytesReceived","metricType":"Counter","metricValue":1,
        "metricUnits":"bytes"},
       {"metricDef":"bandwidth","metricType":"Counter","metricValue":1,"metricUnits":"bytes"}]}
    """
}

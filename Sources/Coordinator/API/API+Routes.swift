extension API {
  /// Every route of the API.
  static func routes() -> Router<Handler> {
    var router = Router<Handler>()
    addResources(to: &router)
    addCompare(to: &router)
    addExecutions(to: &router)
    addReadings(to: &router)
    addRecords(to: &router)
    addArchives(to: &router)
    addThumbnails(to: &router)
    addDataStores(to: &router)
    addJUnit(to: &router)
    addReports(to: &router)
    addSpecification(to: &router)
    addStream(to: &router)
    addMetrics(to: &router)
    return router
  }

  /// What executions presuppose.
  private static func addResources(to router: inout Router<Handler>) {
    router.add("GET", pattern: "healthz") { try $0.health($1) }

    router.add("GET", pattern: "scripts") { try $0.listScripts($1) }
    router.add("POST", pattern: "scripts") { try $0.createScript($1) }
    router.add("GET", pattern: "scripts/:id") { try $0.getScript($1) }
    router.add("PUT", pattern: "scripts/:id") { try $0.updateScript($1) }
    router.add("DELETE", pattern: "scripts/:id") { try $0.deleteScript($1) }

    router.add("GET", pattern: "test-confs") { try $0.listConfigurations($1) }
    router.add("POST", pattern: "test-confs") { try $0.createConfiguration($1) }
    router.add("GET", pattern: "test-confs/:id") { try $0.getConfiguration($1) }
    router.add("PUT", pattern: "test-confs/:id") { try $0.updateConfiguration($1) }
    router.add("DELETE", pattern: "test-confs/:id") { try $0.deleteConfiguration($1) }

    router.add("GET", pattern: "data-tables") { try $0.listDataTables($1) }
    router.add("POST", pattern: "data-tables") { try $0.createDataTable($1) }
    router.add("GET", pattern: "data-tables/:id") { try $0.getDataTable($1) }
    router.add("DELETE", pattern: "data-tables/:id") { try $0.deleteDataTable($1) }

    router.add("GET", pattern: "regions") { try $0.listRegions($1) }
    router.add("POST", pattern: "regions") { try $0.createRegion($1) }
    router.add("GET", pattern: "regions/:id") { try $0.getRegion($1) }
    router.add("GET", pattern: "agents") { try $0.listAgents($1) }
    router.add("GET", pattern: "agents/:id") { try $0.getAgent($1) }
  }

  private static func addExecutions(to router: inout Router<Handler>) {
    router.add("POST", pattern: "start") { try $0.startAtOnce($1) }
    router.add("GET", pattern: "executions") { try $0.listExecutions($1) }
    router.add("GET", pattern: "test-confs/:conf/executions") { try $0.listExecutions($1) }
    router.add("POST", pattern: "test-confs/:conf/executions") { try $0.createExecution($1) }
    router.add("GET", pattern: "executions/:id") { try $0.getExecution($1) }
    router.add("DELETE", pattern: "executions/:id") { try $0.deleteExecution($1) }
    router.add("PATCH", "PUT", pattern: "executions/:id/start") { try $0.startExecution($1) }
    router.add("PATCH", "PUT", pattern: "executions/:id/manual-start") {
      try $0.startExecution($1)
    }
    router.add("PATCH", "PUT", pattern: "executions/:id/stop") { try $0.stopExecution($1) }
    router.add("POST", pattern: "executions/:id/live-extension") { try $0.extendExecution($1) }
    router.add("POST", pattern: "executions/:id/send-event") { try $0.sendEvent($1) }
  }

  /// What came out of an execution, for all of it, a region, a resource or both.
  private static func addReadings(to router: inout Router<Handler>) {
    let execution = "executions/:id"
    let region = "executions/:id/regions/:region"
    for scope in [execution, region] {
      router.add("GET", pattern: "\(scope)/resources") { try $0.listResources($1) }
      router.add("GET", pattern: "\(scope)/resources/:resource") { try $0.getResource($1) }
    }
    for part in [execution, region] {
      for scope in [part, "\(part)/resources/:resource"] {
        router.add("GET", pattern: "\(scope)/summary") { try $0.getSummary($1) }
        router.add("GET", pattern: "\(scope)/metric") { try $0.getMetric($1) }
        router.add("GET", pattern: "\(scope)/intervals") { try $0.listIntervals($1) }
        router.add("GET", pattern: "\(scope)/results") { try $0.listResults($1) }
        router.add("GET", pattern: "\(scope)/results.csv") { try $0.downloadResults($1) }
      }
    }
    router.add("GET", pattern: "\(execution)/logs") { try $0.listLogs($1) }
    router.add("GET", pattern: "\(execution)/logs.txt") { try $0.downloadLogs($1) }
  }

  /// What scripts said beside their requests.
  private static func addRecords(to router: inout Router<Handler>) {
    for scope in ["executions/:id", "executions/:id/regions/:region"] {
      router.add("GET", pattern: "\(scope)/suite-results") { try $0.listSuiteResults($1) }
      router.add("GET", pattern: "\(scope)/suite-results.csv") {
        try $0.downloadSuiteResults($1)
      }
      router.add("GET", pattern: "\(scope)/failed-suite-results") {
        try $0.listFailedSuiteResults($1)
      }
      router.add("GET", pattern: "\(scope)/failed-suite-results.csv") {
        try $0.downloadFailedSuiteResults($1)
      }
      router.add("GET", pattern: "\(scope)/suite-summaries") { try $0.listSuiteSummaries($1) }
      router.add("GET", pattern: "\(scope)/suite-summaries.csv") {
        try $0.downloadSuiteSummaries($1)
      }
      router.add("GET", pattern: "\(scope)/suite-errors") { try $0.listSuiteErrors($1) }
      router.add("GET", pattern: "\(scope)/suite-errors.csv") { try $0.downloadSuiteErrors($1) }
      router.add("GET", pattern: "\(scope)/traces") { try $0.listTraces($1) }
    }
    router.add("GET", pattern: "execution-traces/:id") { try $0.getTrace($1) }
    router.add("GET", pattern: "executions/:id/output-files") { try $0.listOutputFiles($1) }
    router.add("GET", pattern: "output-files/:id/download") { try $0.downloadOutputFile($1) }
    router.add("GET", pattern: "output-files/:id/view") { try $0.viewOutputFile($1) }
  }
}

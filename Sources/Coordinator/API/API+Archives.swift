import Shared

/// Downloads of many things in one file.
extension API {
  static func addArchives(to router: inout Router<Handler>) {
    for part in ["executions/:id", "executions/:id/regions/:region"] {
      for scope in [part, "\(part)/resources/:resource"] {
        router.add("GET", pattern: "\(scope)/traces.zip") { try $0.downloadTraces($1) }
        router.add("GET", pattern: "\(scope)/results.har") { try $0.downloadArchive($1) }
      }
    }
    router.add("GET", pattern: "executions/:id/output-files.zip") {
      try $0.downloadOutputFiles($1)
    }
    router.add("GET", pattern: "executions/:id/traces/:trace.har") {
      try $0.downloadTraceArchive($1, "trace")
    }
    for list in ["execution-traces", "traces"] {
      router.add("GET", pattern: "\(list)/:id.har") { try $0.downloadTraceArchive($1, "id") }
    }
  }

  /// A long answer of an execution that is not there any more is not whole: better cut off than
  /// taken for whole.
  func assertExists(_ execution: ExecutionID) throws {
    guard try store.read({ try ExecutionStore.exists(execution, in: $0) }) else {
      throw Problem(.notFound, "execution \(execution) was deleted meanwhile")
    }
  }
}

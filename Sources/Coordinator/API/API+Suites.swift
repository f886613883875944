import Shared

/// Results of suites: one by one, per test, and per way to fail.
extension API {
  func listSuiteResults(_ context: RouteContext) throws -> HTTPResponse {
    try suiteResults(context, failedOnly: false, csv: false)
  }

  func downloadSuiteResults(_ context: RouteContext) throws -> HTTPResponse {
    try suiteResults(context, failedOnly: false, csv: true)
  }

  func listFailedSuiteResults(_ context: RouteContext) throws -> HTTPResponse {
    try suiteResults(context, failedOnly: true, csv: false)
  }

  func downloadFailedSuiteResults(_ context: RouteContext) throws -> HTTPResponse {
    try suiteResults(context, failedOnly: true, csv: true)
  }

  private func suiteResults(
    _ context: RouteContext, failedOnly: Bool, csv: Bool
  ) throws -> HTTPResponse {
    var query = context.query
    let page = query.page()
    let thread = query.string("threadId")
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    var filter = SuiteResultStore.Filter(
      execution: target.execution.id, region: target.region?.id)
    filter.failedOnly = failedOnly
    let isNobody = try thread.map { try !narrow(&filter, to: $0) } ?? false
    let (chosen, store) = (filter, store)
    var source = KeysetSource<SuiteResultRecord>(page, id: \.id) { after, limit in
      isNobody
        ? []
        : try store.read { try SuiteResultStore.list(chosen, after: after, limit: limit, in: $0) }
    }
    let execution = target.execution.id
    let origins = try origins(of: execution)
    guard csv else {
      return .stream(
        "application/json",
        .jsonArray(batches: { try source.next() }, piece: 64) {
          $0.suiteResult($1, of: execution, origins)
        })
    }
    let name = failedOnly ? "failed-suite-results" : "suite-results"
    return .stream(
      Self.csvType, filename: "execution-\(execution)-\(name).csv",
      .text(batches: { try source.next() }, piece: 256, beginning: SuiteCSV.resultsHeader) {
        results in
        var csv = CSVWriter()
        for result in results { SuiteCSV.write(result, of: execution, origins, to: &csv) }
        return csv.bytes
      })
  }

  static let csvType = "text/csv; charset=utf-8; header=present"

  /// `execution:region:client`, as results name it.
  ///
  /// - Returns: whether there may be such a client within the filter.
  private func narrow(_ filter: inout SuiteResultStore.Filter, to thread: String) throws -> Bool {
    let parts = thread.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 3, let execution = parts[0], let region = parts[1], let client = parts[2]
    else {
      throw Problem.invalid([
        FieldError(field: "threadId", message: "must be execution:region:client")
      ])
    }
    let id = ExecutionRegionID(region)
    guard filter.execution.rawValue == execution, filter.region ?? id == id else { return false }
    filter.region = id
    filter.client = client
    return true
  }

  func listSuiteSummaries(_ context: RouteContext) throws -> HTTPResponse {
    let (summaries, errors, _) = try suiteSummaries(context)
    return .stream(
      "application/json",
      .jsonArray(summaries) { json, summary in
        json.suiteSummary(
          summary, errors: errors?.filter { $0.suite == summary.suite && $0.test == summary.test })
      })
  }

  func downloadSuiteSummaries(_ context: RouteContext) throws -> HTTPResponse {
    let (summaries, errors, execution) = try suiteSummaries(context)
    var csv = CSVWriter()
    SuiteCSV.writeSummariesHeader(to: &csv)
    for summary in summaries {
      SuiteCSV.write(summary, to: &csv)
      for error in errors ?? [] where error.suite == summary.suite && error.test == summary.test {
        SuiteCSV.writeAsSummary(error, to: &csv)
      }
    }
    return .download(csv, "execution-\(execution)-suite-summaries.csv")
  }

  private func suiteSummaries(
    _ context: RouteContext
  ) throws -> ([SuiteSummary], [SuiteError]?, ExecutionID) {
    var query = context.query
    let includeErrors = query.bool("includeErrors", default: false)
    try query.finish()
    return try store.read { db in
      let target = try ExecutionTarget(context, in: db)
      let filter = SuiteResultStore.Filter(
        execution: target.execution.id, region: target.region?.id)
      return (
        try SuiteResultStore.summaries(filter, limit: Limits.suiteGroupsMax, in: db),
        includeErrors
          ? try SuiteResultStore.errors(filter, limit: Limits.suiteGroupsMax, in: db) : nil,
        target.execution.id
      )
    }
  }

  func listSuiteErrors(_ context: RouteContext) throws -> HTTPResponse {
    let (errors, _) = try suiteErrors(context)
    return .stream("application/json", .jsonArray(errors) { $0.suiteError($1, named: true) })
  }

  func downloadSuiteErrors(_ context: RouteContext) throws -> HTTPResponse {
    let (errors, execution) = try suiteErrors(context)
    var csv = CSVWriter()
    SuiteCSV.writeErrorsHeader(to: &csv)
    for error in errors { SuiteCSV.write(error, to: &csv) }
    return .download(csv, "execution-\(execution)-suite-errors.csv")
  }

  private func suiteErrors(_ context: RouteContext) throws -> ([SuiteError], ExecutionID) {
    try context.rejectParameters()
    return try store.read { db in
      let target = try ExecutionTarget(context, in: db)
      let filter = SuiteResultStore.Filter(
        execution: target.execution.id, region: target.region?.id)
      return (
        try SuiteResultStore.errors(filter, limit: Limits.suiteGroupsMax, in: db),
        target.execution.id
      )
    }
  }

  /// Who ran what, to name it beside rows.
  func origins(of execution: ExecutionID) throws -> RunOrigins {
    try store.read { try RunOrigins(of: execution, in: $0) }
  }
}

extension HTTPResponse {
  fileprivate static func download(_ csv: CSVWriter, _ filename: String) -> HTTPResponse {
    var bytes: [UInt8]? = csv.bytes
    return .stream(
      API.csvType, filename: filename,
      BodyStream {
        defer { bytes = nil }
        return bytes
      })
  }
}

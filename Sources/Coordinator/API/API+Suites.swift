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
    let thread = SuiteThread(&query)
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    var filter = SuiteResultStore.Filter(
      execution: target.execution.id, region: target.region?.id)
    filter.failedOnly = failedOnly
    let execution = target.execution.id
    let origins = try origins(of: execution)
    let isNobody = thread.map { !$0.narrow(&filter, origins) } ?? false
    let (chosen, store) = (filter, store)
    var source = KeysetSource<SuiteResultRecord>(page, id: \.id) { after, limit in
      isNobody
        ? []
        : try store.read { try SuiteResultStore.list(chosen, after: after, limit: limit, in: $0) }
    }
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
      .csv(batches: { try source.next() }, piece: 256, header: SuiteCSV.resultsHeader) {
        SuiteCSV.write($1, of: execution, origins, to: &$0)
      })
  }

  static let csvType = "text/csv; charset=utf-8; header=present"

  func listSuiteSummaries(_ context: RouteContext) throws -> HTTPResponse {
    let (summaries, errors, execution) = try suiteSummaries(context)
    let origins = try origins(of: execution)
    return .stream(
      "application/json",
      .jsonArray(batches: Self.once(summaries), piece: 64) { json, summary in
        json.suiteSummary(
          summary, errors: errors.map { $0[[summary.suite, summary.test]] ?? [] }, of: execution,
          origins)
      })
  }

  func downloadSuiteSummaries(_ context: RouteContext) throws -> HTTPResponse {
    let (summaries, errors, execution) = try suiteSummaries(context)
    let origins = try origins(of: execution)
    var header = CSVWriter()
    SuiteCSV.writeSummariesHeader(to: &header)
    return .stream(
      Self.csvType, filename: "execution-\(execution)-suite-summaries.csv",
      .csv(batches: Self.once(summaries), piece: 64, header: header.bytes) { csv, summary in
        SuiteCSV.write(summary, to: &csv)
        for error in errors?[[summary.suite, summary.test]] ?? [] {
          SuiteCSV.writeAsSummary(error, origins, to: &csv)
        }
      })
  }

  /// Tests, and their errors by `[suite, test]` if these are asked for.
  private func suiteSummaries(
    _ context: RouteContext
  ) throws -> ([SuiteSummary], [[String]: [SuiteError]]?, ExecutionID) {
    var query = context.query
    let includeErrors = query.bool("includeErrors", default: false)
    try query.finish()
    return try store.read { db in
      let target = try ExecutionTarget(context, in: db)
      let filter = SuiteResultStore.Filter(
        execution: target.execution.id, region: target.region?.id)
      let summaries = try SuiteResultStore.summaries(filter, limit: Limits.suiteGroupsMax, in: db)
      guard includeErrors else { return (summaries, nil, target.execution.id) }
      let errors = try SuiteResultStore.errors(filter, limit: Limits.suiteGroupsMax, in: db)
      return (
        summaries, Dictionary(grouping: errors) { [$0.suite, $0.test] }, target.execution.id
      )
    }
  }

  func listSuiteErrors(_ context: RouteContext) throws -> HTTPResponse {
    let (errors, execution) = try suiteErrors(context)
    let origins = try origins(of: execution)
    return .stream(
      "application/json",
      .jsonArray(batches: Self.once(errors), piece: 64) {
        $0.suiteError($1, named: true, of: execution, origins)
      })
  }

  func downloadSuiteErrors(_ context: RouteContext) throws -> HTTPResponse {
    let (errors, execution) = try suiteErrors(context)
    let origins = try origins(of: execution)
    var header = CSVWriter()
    SuiteCSV.writeErrorsHeader(to: &header)
    return .stream(
      Self.csvType, filename: "execution-\(execution)-suite-errors.csv",
      .csv(batches: Self.once(errors), piece: 64, header: header.bytes) {
        SuiteCSV.write($1, of: execution, origins, to: &$0)
      })
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

  /// One batch of everything, to be written in pieces.
  static func once<Element>(_ elements: [Element]) -> () -> [Element]? {
    var batch: [Element]? = elements
    return {
      defer { batch = nil }
      return batch
    }
  }

  /// Who ran what, to name it beside rows.
  func origins(of execution: ExecutionID) throws -> RunOrigins {
    try store.read { try RunOrigins(of: execution, in: $0) }
  }
}

/// A client as results name it: `execution:region:client`. The region may be its id, too.
private struct SuiteThread {
  private var execution: Int64
  private var region: Substring
  private var client: Int64

  /// Reads `threadId`; nil when it is not given, or is malformed, which is reported.
  init?(_ query: inout QueryReader) {
    guard let text = query.string("threadId") else { return nil }
    // Names of regions may have colons, too.
    guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"),
      text.index(after: first) < last, let execution = Self.number(text[..<first]),
      let client = Self.number(text[text.index(after: last)...])
    else {
      query.fail("threadId", "must be execution:region:client")
      return nil
    }
    (self.execution, self.client) = (execution, client)
    region = text[text.index(after: first)..<last]
  }

  private static func number(_ text: Substring) -> Int64? {
    guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int64(text)
  }

  /// Leaves nothing but results of this client.
  ///
  /// - Returns: whether there may be such a client within the filter.
  func narrow(_ filter: inout SuiteResultStore.Filter, _ origins: RunOrigins) -> Bool {
    guard filter.execution.rawValue == execution, let region = origins.region(region),
      filter.region ?? region == region
    else { return false }
    filter.region = region
    filter.client = client
    return true
  }
}

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
    var source = try assertions(filter, isNobody ? Page(limit: 0) : page)
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

  func assertions(_ filter: SuiteResultStore.Filter, _ page: Page) throws -> AssertionReader {
    let checks = try checks(of: filter)
    return AssertionReader(
      store: store, filter: filter,
      hasChecks: checks.contains { !filter.failedOnly || $0.fails > 0 }, page: page)
  }

  /// What the checks come to, by name and region.
  func checks(of filter: SuiteResultStore.Filter) throws -> [CheckOverview] {
    try ingester.snapshot(filter.execution) { $0.checks(region: filter.region) }
  }

  /// Tests and checks, by suite and test.
  func summaries(_ filter: SuiteResultStore.Filter) throws -> [SuiteSummary] {
    let tests = try store.read {
      try SuiteResultStore.summaries(filter, limit: Limits.suiteGroupsMax, in: $0)
    }
    return (tests + (try checks(of: filter).summaries)).sorted {
      ($0.suite, $0.test) < ($1.suite, $1.test)
    }
  }

  /// Every way in which a test or check failed, the most frequent first.
  func errors(_ filter: SuiteResultStore.Filter) throws -> [SuiteError] {
    let tests = try store.read {
      try SuiteResultStore.errors(filter, limit: Limits.suiteGroupsMax, in: $0)
    }
    return (tests + (try checks(of: filter).errors)).sorted {
      ($1.count, $0.suite, $0.test, $0.message) < ($0.count, $1.suite, $1.test, $1.message)
    }
  }

  static let csvType = "text/csv; charset=utf-8; header=present"

  func listSuiteSummaries(_ context: RouteContext) throws -> HTTPResponse {
    let (summaries, errors, execution) = try suiteSummaries(context)
    let origins = try origins(of: execution)
    return .stream(
      "application/json",
      .jsonArray(batches: Self.once(summaries), piece: 64) { json, summary in
        json.suiteSummary(
          summary, errors: errors.map { $0[summary.key] ?? [] }, of: execution,
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
        for error in errors?[summary.key] ?? [] {
          SuiteCSV.writeAsSummary(error, origins, to: &csv)
        }
      })
  }

  /// Tests and checks, and their errors if these are asked for.
  private func suiteSummaries(
    _ context: RouteContext
  ) throws -> ([SuiteSummary], [SuiteTestKey: [SuiteError]]?, ExecutionID) {
    var query = context.query
    let includeErrors = query.bool("includeErrors", default: false)
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let filter = SuiteResultStore.Filter(
      execution: target.execution.id, region: target.region?.id)
    let summaries = try summaries(filter)
    guard includeErrors else { return (summaries, nil, target.execution.id) }
    return (summaries, Dictionary(grouping: try errors(filter), by: \.key), target.execution.id)
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
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let filter = SuiteResultStore.Filter(
      execution: target.execution.id, region: target.region?.id)
    return (try errors(filter), target.execution.id)
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

import Shared

/// Executions beside each other.
extension API {
  /// Before the routes of one execution: `compare` is no id.
  static func addCompare(to router: inout Router<Handler>) {
    router.add("GET", pattern: "executions/compare") { try $0.compare($1) }
    router.add("GET", pattern: "executions/compare.csv") { try $0.downloadComparison($1) }
  }

  func compare(_ context: RouteContext) throws -> HTTPResponse {
    let compared = try compared(context)
    return .stream(
      "application/json",
      .jsonArray(
        batches: Self.once(compared.comparison.resources), piece: 16, prefix: compared.head,
        suffix: compared.tail
      ) { $0.comparedScope($1, compared) })
  }

  /// One row per difference.
  func downloadComparison(_ context: RouteContext) throws -> HTTPResponse {
    let compared = try compared(context)
    let ids = compared.records.map { "\($0.id)" }.joined(separator: "-")
    return .stream(
      Self.csvType, filename: "comparison-\(ids).csv",
      .csv(
        batches: Self.once(ComparisonCSV.entries(compared.comparison)), piece: 16,
        header: ComparisonCSV.header
      ) {
        ComparisonCSV.write(
          $1, baseline: compared.records[0].id, name: { compared.name($0).name }, to: &$0)
      })
  }

  private func compared(_ context: RouteContext) throws -> ComparedExecutions {
    var query = context.query
    let wanted = ComparisonQuery(&query)
    try query.finish()
    let records = try store.read { db in
      try wanted.ids.map { try Self.found(try ExecutionStore.find($0, in: db), "execution", $0) }
    }
    let sides = try records.map { record in
      let aggregator = try ingester.snapshot(record.id) { $0 }
      return ComparedRequests(record, aggregator, nowMs: now())
    }
    let comparison = ExecutionComparison(sides, wanted.settings)
    return try store.read { db in
      try ComparedExecutions(comparison: comparison, records: records, in: db)
    }
  }
}

/// A comparison with what its executions and resources are called.
struct ComparedExecutions {
  let comparison: ExecutionComparison
  let records: [ExecutionRecord]
  let configurations: [TestConfigurationID: String]
  private let names: [NameID: NameRecord]

  init(
    comparison: ExecutionComparison, records: [ExecutionRecord], in db: Database
  ) throws {
    self.comparison = comparison
    self.records = records
    names = try NameStore.find(Set(comparison.executions.flatMap(\.resources.keys)), in: db)
    var configurations: [TestConfigurationID: String] = [:]
    for id in Set(records.map(\.configuration)) {
      configurations[id] = try TestConfigurationStore.find(id, in: db)?.name
    }
    self.configurations = configurations
  }

  func name(_ resource: NameID) -> NameRecord {
    names[resource] ?? NameRecord(id: resource, createdAtMs: 0, name: "")
  }
}

extension ComparedRequests {
  fileprivate init(_ record: ExecutionRecord, _ aggregator: IntervalAggregator, nowMs: Int64) {
    let began = record.startedAtMs ?? nowMs
    let ended = record.finishedAtMs ?? nowMs
    let seconds = record.startedAtMs == nil ? 0 : Double(max(0, ended - began)) / 1_000
    self.init(execution: record.id, seconds: seconds)
    var sum = RequestTotals()
    for (resource, totals) in aggregator.requestsByResource() {
      resources[resource] = RequestFigures(totals)
      sum.merge(totals)
    }
    overall = RequestFigures(sum)
  }
}

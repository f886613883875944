import Shared

/// Everything that a report is made from, as of one moment.
struct ReportSource {
  struct Region {
    var record: ExecutionRegionRecord
    var title: String
    var name: String
    /// Agents that held leases in it.
    var agents: [AgentRecord]
  }

  var execution: ExecutionRecord
  /// The only region that the report is about, nil for all.
  var region: ExecutionRegionID?
  var configuration: String
  var script: String
  /// Those that the report is about.
  var regions: [Region] = []
  var problems: [LogProblem] = []
  var suites: [SuiteSummary] = []
  var suiteErrors: [SuiteError] = []
  /// The first failures of tests, one for each way to fail.
  var failedTests: [SuiteResultRecord] = []
  var aggregator: IntervalAggregator
  var nowMs: Int64
  var zone: ReportZone

  /// Different problems of the log that a report tells of.
  private static let problemsMax = 200
  /// Tests, and ways to fail, that a report tells of.
  static let suitesMax = 300
  private static let failedTestsMax = 2_000

  init(
    _ execution: ExecutionRecord, region: ExecutionRegionID?, aggregator: IntervalAggregator,
    nowMs: Int64, zone: ReportZone, in db: Database
  ) throws {
    self.execution = execution
    self.region = region
    self.aggregator = aggregator
    self.nowMs = nowMs
    self.zone = zone
    configuration =
      try TestConfigurationStore.find(execution.configuration, in: db)?.name ?? "Load test"
    script = try ScriptStore.find(execution.script, in: db)?.name ?? ""
    var agents: [ExecutionRegionID: Set<String>] = [:]
    for lease in try LedgerStore.list(of: execution.id, in: db) {
      agents[lease.executionRegion, default: []].insert(lease.agent)
    }
    for record in try ExecutionRegionStore.list(of: execution.id, in: db)
    where region == nil || record.id == region {
      let place = try RegionStore.find(record.region, in: db)
      let known = try (agents[record.id] ?? []).sorted().compactMap {
        try AgentStore.find(uuid: $0, in: db)
      }
      regions.append(
        Region(
          record: record, title: place?.title ?? "region \(record.region)",
          name: place?.name ?? "", agents: known))
    }
    problems = try LogStore.problems(of: execution.id, limit: Self.problemsMax, in: db)
    var filter = SuiteResultStore.Filter(execution: execution.id, region: region)
    suites = try SuiteResultStore.summaries(filter, limit: Self.suitesMax, in: db)
    suiteErrors = try SuiteResultStore.errors(filter, limit: Self.suitesMax, in: db)
    filter.failedOnly = true
    if !suiteErrors.isEmpty {
      failedTests = try SuiteResultStore.list(
        filter, after: 0, limit: Self.failedTestsMax, in: db)
    }
  }

  /// When the first clients began and the last ended, or now; allocating came before.
  var beganMs: Int64 {
    regions.compactMap(\.record.startedAtMs).min() ?? execution.startedAtMs
      ?? execution.createdAtMs
  }

  var endedMs: Int64 {
    let finished = regions.compactMap(\.record.finishedAtMs)
    let end = finished.count == regions.count ? finished.max() : nil
    return max(beganMs, end ?? execution.finishedAtMs ?? nowMs)
  }

  /// Seconds under load, 0 before the start.
  var seconds: Double {
    execution.startedAtMs == nil ? 0 : Double(endedMs - beganMs) / 1_000
  }

  var isOngoing: Bool { !execution.completed }

  var clients: Int { regions.reduce(0) { $0 + $1.record.concurrentClients } }
}

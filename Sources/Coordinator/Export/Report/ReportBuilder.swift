import Shared

/// Decides what a report says. Pure: from what the store and the aggregates hold to blocks of
/// texts, numbers and series.
struct ReportBuilder {
  /// All results of one resource.
  struct Resource {
    var id: NameID
    var name: String
    var totals: RequestTotals

    var failures: Int64 { totals.count - totals.successes }
    var errors: ErrorCounts {
      ErrorCounts(errors: totals.errors, statuses: totals.statuses, failures: failures)
    }
  }

  let source: ReportSource
  let dashboard: ReportDashboard
  /// Of everything that the report is about.
  let overall: Aggregate
  /// The busiest first.
  let resources: [Resource]
  let latency: LatencyMetric
  let scan: ReportScan
  /// Examples of what went wrong, as far as they were looked for.
  var examples: [ErrorKind: ErrorExample] = [:]

  /// Resources with charts of their own.
  static let chartedMax = 30

  init(_ source: ReportSource, _ dashboard: ReportDashboard) {
    self.source = source
    self.dashboard = dashboard
    let aggregator = source.aggregator
    let overall = aggregator.merged(region: source.region)
    self.overall = overall
    latency = overall.connectionClose.count > 0 ? .connectionClose : .firstReceived
    resources = Self.resources(aggregator, source.region)
    let charted = dashboard == .resources ? resources.prefix(Self.chartedMax).map(\.id) : []
    scan = ReportScan(
      aggregator, region: source.region, charted: Set(charted), latency: latency,
      zone: source.zone)
  }

  private static func resources(
    _ aggregator: IntervalAggregator, _ region: ExecutionRegionID?
  ) -> [Resource] {
    var totals: [NameID: RequestTotals] = [:]
    aggregator.requests.forEach(
      interval: nil, where: { region == nil || $0.region == region }
    ) { totals[$0.resource, default: RequestTotals()].merge($1) }
    return totals.map { id, totals in
      Resource(id: id, name: aggregator.text(of: id) ?? "resource \(id)", totals: totals)
    }.sorted { ($1.totals.count, $0.id) < ($0.totals.count, $1.id) }
  }

  var zone: ReportZone { source.zone }

  func model() -> ReportModel {
    let execution = source.execution
    let name = ReportText.shortened(source.configuration, to: 200)
    let now = zone.dateTime(source.nowMs)
    var header = "\(name) · execution \(execution.id)"
    if let region = source.region, let place = source.regions.first {
      header += " · region \(region) (\(place.name))"
    }
    return ReportModel(
      title: name, subtitle: subtitle, period: period, header: header,
      footer: "Generated \(now) (\(zoneText)) by Throng \(throngVersion)",
      createdAt: ISOTime.text(millis: source.nowMs).prefix(19) + "Z", blocks: blocks)
  }

  private var blocks: [ReportBlock] {
    switch dashboard {
    case .overview: overviewBlocks
    case .resources: resourcesBlocks
    case .errors: errorsBlocks
    }
  }

  /// `America/Chicago, UTC-06:00`.
  var zoneText: String {
    let offset = zone.offsetText(at: source.nowMs)
    return zone.name == offset ? zone.name : "\(zone.name), \(offset)"
  }

  private var subtitle: String {
    let view: String =
      switch dashboard {
      case .overview: "Load test report"
      case .resources: "Load test report, by resource"
      case .errors: "Load test report, errors"
      }
    var parts = [view, "execution \(source.execution.id)"]
    if !source.script.isEmpty, source.script != source.configuration {
      parts.append("script \(ReportText.shortened(source.script, to: 120))")
    }
    if source.region != nil, let place = source.regions.first {
      parts.append("region \(place.title)")
    }
    return parts.joined(separator: " · ")
  }

  private var period: String? {
    guard source.execution.startedAtMs != nil else { return nil }
    let end =
      source.isOngoing
      ? "still running"
      : zone.date(source.endedMs) == zone.date(source.beganMs)
        ? zone.time(source.endedMs) : zone.dateTime(source.endedMs)
    return "\(zone.dateTime(source.beganMs)) – \(end) (\(zoneText))"
  }

  var verdict: ReportBlock {
    .verdict(
      ReportVerdict(
        source.execution, asOf: "\(zone.dateTime(source.nowMs)) (\(zone.name))"))
  }
}

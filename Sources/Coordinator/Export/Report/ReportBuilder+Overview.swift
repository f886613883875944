import Shared

extension ReportBuilder {
  /// The most important first: verdict, figures and charts fill the first page.
  var overviewBlocks: [ReportBlock] {
    [verdict, figures] + charts + [.heading("What was lost or degraded"), .findings(findings)]
      + limits + checks + suites + byRegion + topResources + allFigures + environment
  }

  // MARK: figures

  var figures: ReportBlock {
    let count = overall.count
    let seconds = source.seconds
    let times = latency.histogram(overall.requests)
    let percentiles = times.percentiles([0.5, 0.95, 0.99]).map { $0 / 1_000 }
    func time(_ index: Int) -> String {
      times.count > 0 ? ReportText.milliseconds(percentiles[index]) : "–"
    }
    let rate = seconds > 0 ? ReportText.short(Double(count) / seconds) : "–"
    let failed = overall.failures
    return .figures([
      ReportFigure(name: "Requests", value: String(count)),
      ReportFigure(name: "Requests per second", value: rate),
      ReportFigure(
        name: "Failed requests", value: ReportText.share(failed, of: count),
        tone: failed > 0 ? .bad : .normal),
      ReportFigure(name: "p50 response time", value: time(0)),
      ReportFigure(name: "p95 response time", value: time(1)),
      ReportFigure(name: "p99 response time", value: time(2)),
      ReportFigure(name: "Iterations", value: String(overall.iterations)),
      ReportFigure(
        name: "Dropped iterations", value: String(overall.droppedIterations),
        tone: overall.droppedIterations > 0 ? .warning : .normal),
      ReportFigure(name: "Clients", value: String(source.clients)),
      ReportFigure(
        name: source.isOngoing ? "Duration so far" : "Duration",
        value: ReportText.duration(seconds: seconds)),
      ReportFigure(name: "Data sent", value: ReportText.bytes(Double(overall.bytesSent))),
      ReportFigure(name: "Data received", value: ReportText.bytes(Double(overall.bytesReceived))),
    ])
  }

  // MARK: tables

  private var limits: [ReportBlock] {
    let states = source.execution.limits
    guard !states.isEmpty else { return [] }
    let measured = measuredLimits
    let rows: [[ReportTable.Cell]] = zip(states, measured).map { state, measured in
      let limit = state.limit
      let verdict: ReportTable.Cell =
        state.breached
        ? .init("breached", .bad, isBold: true)
        : source.isOngoing
          ? .init("held so far", .muted) : .init("held", .good, isBold: true)
      return [
        .init(LimitEvaluator.subject(limit) + Self.conditions(limit)),
        .init(LimitEvaluator.bound(limit)),
        .init(measured.map { LimitEvaluator.amount($0, limit) } ?? "not measured"), verdict,
      ]
    }
    return [
      .heading("Limits"),
      .table(
        ReportTable(
          columns: [
            .text("Limit", lines: 3), .number("Must be"), .number("Measured"), .label("Result"),
          ], rows: rows,
          note: source.region == nil ? nil : "Limits are judged over the whole execution.")),
    ]
  }

  private static func conditions(_ limit: TestLimit) -> String {
    var parts: [String] = []
    if limit.namespace != MetricDefinition.systemNamespace {
      parts.append("recorded by the script")
    }
    if limit.afterSecs > 0 {
      parts.append("after \(ReportText.duration(seconds: limit.afterSecs))")
    }
    if limit.atEnd { parts.append("at the end") }
    if limit.stop { parts.append("ends the test") }
    if let threshold = limit.threshold {
      parts.append("threshold \(threshold.metric): \(threshold.expression)")
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
  }

  /// Limits of a running test are measured now; what was breached stays as it was then.
  private var measuredLimits: [Double?] {
    let states = source.execution.limits
    guard source.isOngoing, source.region == nil, source.execution.startedAtMs != nil else {
      return states.map(\.measured)
    }
    let evaluator = LimitEvaluator(states)
    let regions = source.regions.map { ($0.name, $0.record.id) }
    let now = evaluator.measured(
      LimitReadings(
        source.aggregator, for: evaluator.limits,
        regions: Dictionary(regions, uniquingKeysWith: { first, _ in first })),
      elapsedSecs: max(0.001, source.seconds))
    return zip(states, now).map { $0.breached ? $0.measured : $1 }
  }

  private var checks: [ReportBlock] {
    guard !overall.checks.isEmpty else { return [] }
    let shown = overall.checks.sorted { $0.fails > $1.fails }.prefix(Self.checksMax)
    let rows: [[ReportTable.Cell]] = shown.map {
      [
        .init($0.name), .count($0.passes), .errors($0.fails),
        .init(ReportText.share($0.passes, of: $0.passes.plus($0.fails))),
      ]
    }
    return [
      .heading("Checks"),
      .table(
        ReportTable(
          columns: [.text("Check"), .number("Passed"), .number("Failed"), .number("Share")],
          rows: rows, note: Self.leftOut(overall.checks.count - shown.count, "check"))),
    ]
  }

  private static let checksMax = 100

  private var suites: [ReportBlock] {
    guard !source.suites.isEmpty else { return [] }
    let shown = source.suites.sorted { $0.failed > $1.failed }.prefix(Self.checksMax)
    let rows: [[ReportTable.Cell]] = shown.map {
      [
        .init($0.suite), .init($0.test), .count($0.executed), .errors($0.failed),
        .init(ReportText.fixed(($0.durations?.mean ?? 0) / 1_000, places: 3)),
      ]
    }
    return [
      .heading("Test suites"),
      .table(
        ReportTable(
          columns: [
            .text("Suite", weight: 0.6), .text("Test"), .number("Executed"), .number("Failed"),
            .number("Mean ms"),
          ], rows: rows, note: Self.leftOut(source.suites.count - shown.count, "test"))),
    ]
  }

  /// `12 more tests are left out here.`
  static func leftOut(_ count: Int, _ noun: String) -> String? {
    guard count > 0 else { return nil }
    return
      "\(ReportText.counted(count, "more " + noun)) \(count == 1 ? "is" : "are") left out here."
  }

  private var byRegion: [ReportBlock] {
    guard overall.count > 0, source.region == nil else { return [] }
    let rows: [[ReportTable.Cell]] = source.regions.map { region in
      let part = source.aggregator.merged(region: region.record.id)
      let began = region.record.startedAtMs ?? source.beganMs
      let seconds = Double((region.record.finishedAtMs ?? source.endedMs) - began) / 1_000
      return [
        .init(region.title), .init(String(region.agents.count)),
        .init(String(region.record.concurrentClients)),
      ] + Self.cells(part.requests, latency, seconds: seconds)
    }
    return [
      .heading("By region"),
      .table(
        ReportTable(
          columns: [.text("Region"), .number("Agents"), .number("Clients")]
            + Self.requestColumns,
          rows: rows)),
    ]
  }

  private var topResources: [ReportBlock] {
    guard !resources.isEmpty else { return [] }
    let shown = resources.prefix(Self.topResourcesMax)
    return [
      .heading(
        resources.count > shown.count ? "The \(shown.count) busiest resources" : "By resource"),
      .table(
        ReportTable(
          columns: [.text("Resource", lines: 3)] + Self.requestColumns,
          rows: shown.map { resource in
            [.init(resource.name)]
              + Self.cells(resource.totals, latency, seconds: source.seconds)
          },
          note: "Response times in ms, \(latency.explanation)."
            + (resources.count > shown.count
              ? " All \(resources.count) are in the report with dashboardId=resources." : ""))),
    ]
  }

  private static let topResourcesMax = 20

  static let requestColumns: [ReportTable.Column] = [
    .number("Requests"), .number("per s"), .number("Failed"), .number("Share"),
    .number("p50 ms"), .number("p95 ms"), .number("p99 ms"),
  ]

  static func cells(
    _ totals: RequestTotals, _ latency: LatencyMetric, seconds: Double
  ) -> [ReportTable.Cell] {
    let failed = totals.count - totals.successes
    let times = latency.histogram(totals)
    let percentiles = times.percentiles([0.5, 0.95, 0.99]).map { $0 / 1_000 }
    return [
      .count(totals.count),
      .init(seconds > 0 ? ReportText.rate(Double(totals.count) / seconds) : "–"),
      .errors(failed), .init(ReportText.share(failed, of: totals.count)),
    ] + percentiles.map { .init(times.count > 0 ? ReportText.fixed($0, places: 3) : "–") }
  }
}

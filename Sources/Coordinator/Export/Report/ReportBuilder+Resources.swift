import Shared

extension ReportBuilder {
  var resourcesBlocks: [ReportBlock] {
    guard !resources.isEmpty else {
      return [verdict, .paragraph("There are no results yet.", .muted)]
    }
    let shown = resources.prefix(Self.resourcesMax)
    let table = ReportTable(
      columns: [.text("Resource", lines: 4)]
        + [
          "Requests", "Failed", "per s", "Mean ms", "p50 ms", "p95 ms", "p99 ms", "Max ms", "Bytes",
        ].map { .number($0) }, rows: shown.map(row),
      note: "Response times \(latency.explanation). Bytes are those sent and received together."
        + (Self.leftOut(resources.count - shown.count, "resource").map { " \($0)" } ?? ""))
    return [
      verdict, .heading(ReportText.counted(resources.count, "resource")), .table(table),
    ] + resourceCharts
  }

  /// Rows of the table: far beyond what is read on paper.
  private static let resourcesMax = 5_000

  private func row(_ resource: Resource) -> [ReportTable.Cell] {
    let totals = resource.totals
    let times = latency.histogram(totals)
    let percentiles = times.percentiles([0.5, 0.95, 0.99]).map { $0 / 1_000 }
    let values = [times.mean / 1_000] + percentiles + [Double(times.max) / 1_000]
    return [
      .init(resource.name), .count(totals.count), .errors(resource.failures),
      .init(
        source.seconds > 0 ? ReportText.rate(Double(totals.count) / source.seconds) : "–"),
    ] + values.map { .init(times.count > 0 ? ReportText.fixed($0, places: 3) : "–") } + [
      .count(totals.bytesSent.plus(totals.bytesReceived))
    ]
  }

  private var resourceCharts: [ReportBlock] {
    let charted = resources.prefix(Self.chartedMax)
    let heading =
      resources.count > charted.count
      ? "The \(charted.count) busiest over time" : "Over time"
    return [.heading(heading)]
      + charted.flatMap { resource -> [ReportBlock] in
        guard let buckets = scan.resources[resource.id] else { return [] }
        return [
          .subheading(resource.name),
          .charts(
            [
              resourceThroughput(buckets), latencyChart(buckets, scan.resourceTimeline),
            ], height: 88),
        ]
      }
  }

  /// Requests, the failed ones below.
  private func resourceThroughput(_ buckets: [ReportScan.Bucket]) -> ReportChart {
    let timeline = scan.resourceTimeline
    return ReportChart(
      title: "Requests per second", caption: resolution(timeline), style: .stack,
      timeline: timeline,
      series: [
        .init(name: "failed", values: rates(timeline) { buckets[$0].failures }, ink: Ink.stack[0]),
        .init(
          name: "succeeded",
          values: rates(timeline) { buckets[$0].count - buckets[$0].failures }, ink: .throughput),
      ])
  }
}

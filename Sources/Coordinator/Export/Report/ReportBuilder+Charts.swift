import Shared

extension ReportBuilder {
  /// The course of the test, two charts a row.
  var charts: [ReportBlock] {
    guard scan.timeline.count > 0 else {
      return [.paragraph("There are no results yet.", .muted)]
    }
    let buckets = scan.overall
    return [
      .charts([throughputChart(buckets, scan.timeline)], height: 118),
      .charts([latencyChart(buckets, scan.timeline)], height: 118),
      .charts([errorChart, clientChart], height: 118),
    ]
  }

  /// Times and how coarse they are.
  func resolution(_ timeline: ReportTimeline) -> String {
    let length = ReportText.duration(seconds: Double(timeline.bucketMs) / 1_000)
    let sampled = scan.every > 1 ? ", one interval of \(scan.every)" : ""
    return "\(length) a point\(sampled)"
  }

  func rates(
    _ timeline: ReportTimeline, _ counts: (Int) -> Int64
  ) -> [Double?] {
    (0..<timeline.count).map { index in
      let seconds = timeline.seconds(of: index, from: source.beganMs, to: source.endedMs)
      return Double(counts(index) * scan.every) / seconds
    }
  }

  func throughputChart(
    _ buckets: [ReportScan.Bucket], _ timeline: ReportTimeline
  ) -> ReportChart {
    ReportChart(
      title: "Requests per second", caption: resolution(timeline), style: .area,
      timeline: timeline,
      series: [
        .init(
          name: "requests", values: rates(timeline) { buckets[$0].count }, ink: .throughput)
      ])
  }

  func latencyChart(
    _ buckets: [ReportScan.Bucket], _ timeline: ReportTimeline
  ) -> ReportChart {
    let names = ["p50", "p95", "p99"]
    let peaks = timeline.bucketMs > Limits.intervalMs ? ", the highest of 10 s each" : ""
    return ReportChart(
      title: "Response time", caption: "ms, \(latency.name), \(resolution(timeline))\(peaks)",
      style: .lines, timeline: timeline,
      series: names.indices.map { place in
        .init(
          name: names[place], values: buckets.map { $0.percentiles?[place] },
          ink: Ink.percentiles[place])
      },
      emptyText: "No request was answered.")
  }

  /// Errors by kind: the most frequent ones by name, the rest together.
  var errorChart: ReportChart {
    let buckets = scan.overall
    let all = allErrors.ranked.map(\.kind)
    let isFull = all.count > Ink.stack.count
    let named = Array(all.prefix(isFull ? Ink.stack.count - 1 : Ink.stack.count))
    var series = named.enumerated().map { place, kind in
      ReportChart.Series(
        name: kind.name, values: rates(scan.timeline) { buckets[$0].errors[kind] },
        ink: Ink.stack[place])
    }
    if isFull, let ink = Ink.stack.last {
      let names = Set(named)
      series.append(
        .init(
          name: "\(all.count - named.count) other kinds",
          values: rates(scan.timeline) { index in
            buckets[index].errors.counts.reduce(0) { names.contains($1.key) ? $0 : $0 + $1.value }
          }, ink: ink))
    }
    return ReportChart(
      title: "Errors per second, by kind", caption: resolution(scan.timeline), style: .stack,
      timeline: scan.timeline, series: series, emptyText: "There were no errors.")
  }

  var clientChart: ReportChart {
    ReportChart(
      title: "Active clients", caption: "the most at once", style: .steps,
      timeline: scan.timeline,
      series: [
        .init(
          name: "clients", values: scan.overall.map { $0.clients.map(Double.init) }, ink: .clients)
      ], isCount: true, emptyText: "No agent has told how many clients were active.")
  }

  /// Of the whole test.
  var allErrors: ErrorCounts {
    ErrorCounts(
      errors: overall.requests.errors, statuses: overall.requests.statuses,
      failures: overall.failures)
  }
}

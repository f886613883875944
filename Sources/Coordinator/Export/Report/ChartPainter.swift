/// Draws charts.
struct ChartPainter {
  let canvas: Canvas

  private static let titleHeight = 13.0
  private static let legendHeight = 10.0
  private static let timesHeight = 12.0
  private static let ticksGap = 4.0

  func draw(_ chart: ReportChart, in area: Rectangle) {
    let titleWidth = canvas.width(of: chart.title, .subheading)
    canvas.text(chart.title, x: area.x, y: area.y, width: area.width, .subheading)
    let captionX = area.x + titleWidth + 8
    if !chart.caption.isEmpty, area.right - captionX > 40 {
      canvas.text(
        chart.caption, x: captionX, y: area.y + 1.5, width: area.right - captionX,
        TextStyle(size: 6.5, ink: .muted))
    }
    guard !chart.isEmpty else { return drawNothing(chart, in: area) }
    var top = area.y + Self.titleHeight
    if chart.series.count > 1 || chart.style == .stack {
      top = drawLegend(chart, in: area, y: top) + 3
    } else {
      top += 2
    }
    let values = ValueAxis(maximum: chart.maximum, steps: 3, wholeOnly: chart.isCount)
    let labels = values.labels()
    let labelWidth = labels.reduce(0) { max($0, canvas.width(of: $1, .axis)) }
    let left = area.x + labelWidth + Self.ticksGap
    let plot = Rectangle(
      x: left, y: top + 3, width: area.right - left,
      height: max(10, area.bottom - Self.timesHeight - top - 3))
    for (tick, label) in zip(values.ticks, labels) {
      let y = plot.bottom - tick / values.top * plot.height
      canvas.line(
        [Point(x: plot.x, y: y), Point(x: plot.right, y: y)], tick == 0 ? .rule : .grid, width: 0.5)
      canvas.text(
        label, x: area.x, y: y - 4, width: labelWidth, TextStyle.axis.aligned(.right))
    }
    drawTimes(chart.timeline, in: plot)
    drawSeries(chart, top: values.top, in: plot)
  }

  private func drawNothing(_ chart: ReportChart, in area: Rectangle) {
    let frame = Rectangle(
      x: area.x, y: area.y + Self.titleHeight + 2, width: area.width,
      height: area.height - Self.titleHeight - 4)
    canvas.fill(frame, .band, radius: 3)
    canvas.text(
      chart.emptyText, x: frame.x, y: frame.y + frame.height / 2 - 5, width: frame.width,
      TextStyle.note.aligned(.center))
  }

  // MARK: legend and axis

  /// Returns where it ends.
  private func drawLegend(_ chart: ReportChart, in area: Rectangle, y: Double) -> Double {
    var (x, y) = (area.x, y)
    for series in chart.series {
      let width = min(area.width - 12, canvas.width(of: series.name, .legend))
      if x > area.x, x + width + 10 > area.right {
        x = area.x
        y += Self.legendHeight
      }
      let mark = Rectangle(x: x, y: y + 3, width: 7, height: chart.style == .lines ? 2 : 5)
      canvas.fill(
        chart.style == .lines ? Rectangle(x: x, y: y + 4, width: 7, height: 1.6) : mark, series.ink)
      canvas.text(series.name, x: x + 10, y: y, width: width + 1, .legend)
      x += width + 22
    }
    return y + Self.legendHeight
  }

  private func drawTimes(_ timeline: ReportTimeline, in plot: Rectangle) {
    let ticks = TimeAxis.ticks(
      from: timeline.startMs, to: timeline.endMs, ticksMax: max(2, Int(plot.width / 52)),
      zone: timeline.zone)
    let span = Double(timeline.endMs - timeline.startMs)
    var free = -Double.infinity
    for tick in ticks {
      let x = plot.x + Double(tick.atMs - timeline.startMs) / span * plot.width
      canvas.line(
        [Point(x: x, y: plot.bottom), Point(x: x, y: plot.bottom + 2.5)], .rule, width: 0.5)
      let width = canvas.width(of: tick.text, .axis)
      // Within the plot, so that charts beside each other do not write into each other.
      let start = max(plot.x - 8, min(x - width / 2, plot.right - width))
      guard start > free else { continue }
      canvas.text(tick.text, x: start, y: plot.bottom + 3.5, width: width + 1, .axis)
      free = start + width + 5
    }
  }

  // MARK: series

  private func drawSeries(_ chart: ReportChart, top: Double, in plot: Rectangle) {
    let frame = Frame(plot: plot, count: chart.timeline.count, top: top)
    switch chart.style {
    case .area:
      for series in chart.series { drawArea(series, frame) }
    case .steps:
      for series in chart.series {
        for run in Self.runs(series.values) {
          canvas.line(frame.steps(run.from, run.values), series.ink, width: 1.1)
        }
      }
    case .lines:
      for series in chart.series { drawLine(series, frame) }
    case .stack: drawStack(chart, frame)
    }
  }

  private func drawArea(_ series: ReportChart.Series, _ frame: Frame) {
    for run in Self.runs(series.values) {
      let points = frame.steps(run.from, run.values)
      canvas.polygon(frame.closed(points), series.ink, opacity: 0.18)
      canvas.line(points, series.ink, width: 1.1)
    }
  }

  private func drawLine(_ series: ReportChart.Series, _ frame: Frame) {
    for run in Self.runs(series.values) {
      let points = run.values.enumerated().map { frame.middle(run.from + $0, $1) }
      canvas.line(points, series.ink, width: 1.1)
      // A single point is no line.
      if points.count == 1 { canvas.dot(points[0], radius: 1.6, series.ink) }
    }
  }

  private func drawStack(_ chart: ReportChart, _ frame: Frame) {
    var below = [Double](repeating: 0, count: chart.timeline.count)
    for series in chart.series {
      let above = zip(below, series.values).map { $0 + ($1 ?? 0) }
      // Only where there is something: thin lines of nothing would still be seen.
      for run in Self.runs(zip(series.values, above).map { ($0 ?? 0) > 0 ? $1 : nil }) {
        let base = Array(below[run.from..<run.from + run.values.count])
        canvas.polygon(
          frame.steps(run.from, run.values) + frame.steps(run.from, base).reversed(), series.ink)
      }
      below = above
    }
  }

  /// Stretches without a hole.
  private static func runs(_ values: [Double?]) -> [(from: Int, values: [Double])] {
    var runs: [(from: Int, values: [Double])] = []
    var isOpen = false
    for (index, value) in values.enumerated() {
      guard let value else {
        isOpen = false
        continue
      }
      if isOpen {
        runs[runs.count - 1].values.append(value)
      } else {
        runs.append((index, [value]))
        isOpen = true
      }
    }
    return runs
  }

  /// Where values stand on the page.
  private struct Frame {
    let plot: Rectangle
    let count: Int
    let top: Double

    private var bucketWidth: Double { plot.width / Double(max(1, count)) }

    private func y(_ value: Double) -> Double {
      plot.bottom - max(0, min(1, value / top)) * plot.height
    }

    func middle(_ index: Int, _ value: Double) -> Point {
      Point(x: plot.x + (Double(index) + 0.5) * bucketWidth, y: y(value))
    }

    /// A level line over each bucket: a value is an average over all of it.
    func steps(_ from: Int, _ values: [Double]) -> [Point] {
      values.enumerated().flatMap { offset, value in
        let x = plot.x + Double(from + offset) * bucketWidth
        return [Point(x: x, y: y(value)), Point(x: x + bucketWidth, y: y(value))]
      }
    }

    func closed(_ points: [Point]) -> [Point] {
      guard let first = points.first, let last = points.last else { return [] }
      return points + [Point(x: last.x, y: plot.bottom), Point(x: first.x, y: plot.bottom)]
    }
  }
}

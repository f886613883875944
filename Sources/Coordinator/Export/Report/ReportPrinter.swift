import CCairo
import Shared

/// Lays a report out on pages and draws them.
///
/// Pages are drawn once all are laid out: each says how many there are.
final class ReportPrinter {
  typealias Mark = (Canvas) -> Void

  private static let pageWidth = 595.28
  private static let pageHeight = 841.89
  private static let left = 42.0
  private static let top = 58.0
  private static let bottom = 48.0
  static let width = pageWidth - 2 * left
  private static let end = pageHeight - bottom

  private let model: ReportModel
  let canvas: Canvas
  private var pages: [[Mark]] = [[]]
  private var outline: [(title: String, page: Int)] = []
  /// Where the next thing begins on the last page.
  private var y = ReportPrinter.top

  private init(_ model: ReportModel) throws {
    self.model = model
    canvas = try Canvas(width: Self.pageWidth, height: Self.pageHeight)
  }

  /// The document as PDF.
  ///
  /// - Throws: `Canvas.Failure` when there is no font.
  static func pdf(_ model: ReportModel) throws -> [UInt8] {
    let printer = try ReportPrinter(model)
    printer.addTitle()
    for (index, block) in model.blocks.enumerated() {
      let next = index + 1 < model.blocks.count ? model.blocks[index + 1] : nil
      printer.add(block, before: next)
    }
    return try printer.finish()
  }

  private func finish() throws -> [UInt8] {
    canvas.describe(CAIRO_PDF_METADATA_TITLE, "\(model.title) – load test report")
    canvas.describe(CAIRO_PDF_METADATA_AUTHOR, "Throng")
    canvas.describe(CAIRO_PDF_METADATA_CREATOR, "Throng \(throngVersion)")
    canvas.describe(CAIRO_PDF_METADATA_SUBJECT, model.header)
    canvas.describe(CAIRO_PDF_METADATA_CREATE_DATE, model.createdAt)
    for entry in outline { canvas.addOutline(entry.title, page: entry.page) }
    for (index, marks) in pages.enumerated() {
      drawEdges(page: index + 1)
      for mark in marks { mark(canvas) }
      canvas.endPage()
    }
    return try canvas.finish()
  }

  private func drawEdges(page: Int) {
    let (left, width) = (Self.left, Self.width)
    canvas.text(model.header, x: left, y: 30, width: width, .running)
    canvas.line(
      [Point(x: left, y: 43), Point(x: left + width, y: 43)], .rule, width: 0.5)
    let y = Self.pageHeight - 34
    canvas.text(model.footer, x: left, y: y, width: width - 90, .running)
    canvas.text(
      "Page \(page) of \(pages.count)", x: left + width - 90, y: y, width: 90,
      TextStyle.running.aligned(.right))
  }

  // MARK: flow

  /// Room that is left on the page.
  private var room: Double { Self.end - y }

  private func breakPage() {
    pages.append([])
    y = Self.top
  }

  /// Puts something of this height on the page, or on the next one.
  private func place(_ height: Double, _ draw: @escaping (Canvas, Rectangle) -> Void) {
    if height > room, y > Self.top { breakPage() }
    let area = Rectangle(x: Self.left, y: y, width: Self.width, height: height)
    pages[pages.count - 1].append { draw($0, area) }
    y += height
  }

  private func space(_ height: Double) { y = min(Self.end, y + height) }

  private func addTitle() {
    let height = canvas.height(of: model.title, width: Self.width, .title)
    place(height + 2) { [model] canvas, area in
      canvas.text(model.title, x: area.x, y: area.y, width: area.width, .title)
    }
    addText(model.subtitle, .subtitle)
    if let period = model.period { addText(period, .subtitle) }
    space(10)
  }

  private func addText(_ text: String, _ style: TextStyle) {
    let height = canvas.height(of: text, width: Self.width, style)
    place(height) { canvas, area in
      canvas.text(text, x: area.x, y: area.y, width: area.width, style)
    }
  }

  private func add(_ block: ReportBlock, before next: ReportBlock?) {
    switch block {
    case .heading(let text):
      addHeading(text, before: next)
    case .subheading(let text):
      // Together with the charts below it.
      if room < 30 + Self.least(next) { breakPage() }
      place(6) { canvas, area in
        canvas.line(
          [Point(x: area.x, y: area.y), Point(x: area.right, y: area.y)], .grid, width: 0.5)
      }
      addText(text, .subheading)
      space(5)
    case .paragraph(let text, let tone):
      addText(text, TextStyle.body.inked(tone.ink))
      space(8)
    case .verdict(let verdict): addVerdict(verdict)
    case .figures(let figures): addFigures(figures)
    case .charts(let charts, let height): addCharts(charts, height: height)
    case .table(let table): addTable(table)
    case .findings(let findings): addFindings(findings)
    case .facts(let facts): addFacts(facts)
    }
  }

  /// A heading does not stand alone at the end of a page.
  private func addHeading(_ text: String, before next: ReportBlock?) {
    if y > Self.top { space(10) }
    if room < 22 + Self.least(next) { breakPage() }
    outline.append((text, pages.count))
    addText(text, .heading)
    space(4)
  }

  /// What of a block must be on the page of its heading.
  private static func least(_ block: ReportBlock?) -> Double {
    switch block {
    case .charts(_, let height): height
    case .subheading: 110
    case .figures, .verdict: 60
    case .table: 56
    // On one page as far as they fit: about a line each.
    case .facts(let facts): min(300, Double(facts.count) * 15)
    default: 24
    }
  }

  private func addCharts(_ charts: [ReportChart], height: Double) {
    place(height) { canvas, area in
      let gap = 18.0
      let width = (area.width - gap * Double(charts.count - 1)) / Double(max(1, charts.count))
      for (index, chart) in charts.enumerated() {
        let x = area.x + Double(index) * (width + gap)
        ChartPainter(canvas: canvas).draw(
          chart, in: Rectangle(x: x, y: area.y, width: width, height: area.height))
      }
    }
    space(12)
  }

  private func addTable(_ table: ReportTable) {
    guard !table.rows.isEmpty else { return }
    let layout = TableLayout(table, width: Self.width, canvas: canvas)
    func addHead() {
      place(TableLayout.headHeight) { layout.drawHead($0, x: $1.x, y: $1.y) }
    }
    if room < TableLayout.headHeight + 14 { breakPage() }
    addHead()
    for row in table.rows {
      let height = layout.height(of: row, canvas)
      if height > room {
        breakPage()
        addHead()
      }
      place(height) { layout.draw(row, $0, x: $1.x, y: $1.y, height: $1.height) }
    }
    if let note = table.note {
      space(3)
      addText(note, .note)
    }
    space(8)
  }
}

// MARK: blocks of few words

extension ReportPrinter {
  private func addVerdict(_ verdict: ReportVerdict) {
    let inner = Self.width - 28
    let detailHeight = canvas.height(of: verdict.detail, width: inner, .verdictDetail)
    place(detailHeight + 42) { canvas, area in
      canvas.fill(area, verdict.tone.ink, radius: 4)
      canvas.text(verdict.word, x: area.x + 14, y: area.y + 9, width: inner, .verdict)
      canvas.text(
        verdict.detail, x: area.x + 14, y: area.y + 32, width: inner, .verdictDetail)
    }
    space(10)
  }

  private func addFigures(_ figures: [ReportFigure]) {
    let (perRow, gap, height) = (6, 6.0, 40.0)
    let width = (Self.width - gap * Double(perRow - 1)) / Double(perRow)
    for start in stride(from: 0, to: figures.count, by: perRow) {
      let row = figures[start..<min(start + perRow, figures.count)]
      let size = figureSize(row, width: width - 12)
      place(height) { canvas, area in
        for (index, figure) in row.enumerated() {
          let box = Rectangle(
            x: area.x + Double(index) * (width + gap), y: area.y, width: width, height: height)
          Self.draw(figure, size: size, canvas, in: box)
        }
      }
      space(gap)
    }
    space(6)
  }

  /// Long numbers are set smaller rather than cut, and their neighbours with them.
  private func figureSize(_ figures: ArraySlice<ReportFigure>, width: Double) -> Double {
    figures.reduce(TextStyle.figure.size) { size, figure in
      let natural = canvas.width(of: figure.value, .figure)
      return min(size, max(7, TextStyle.figure.size * width / max(natural, 1)))
    }
  }

  private static func draw(
    _ figure: ReportFigure, size: Double, _ canvas: Canvas, in box: Rectangle
  ) {
    canvas.fill(box, .band, radius: 3)
    let width = box.width - 12
    canvas.text(figure.name, x: box.x + 6, y: box.y + 6, width: width, .figureName)
    var style = TextStyle.figure.inked(figure.tone.ink)
    style.size = size
    canvas.text(
      figure.value, x: box.x + 6, y: box.y + 33 - size * 1.15, width: width + 2, style)
  }

  private func addFindings(_ findings: [ReportFinding]) {
    let indent = 12.0
    for finding in findings {
      let height = canvas.height(of: finding.text, width: Self.width - indent, .body)
      place(height + 3) { canvas, area in
        canvas.dot(Point(x: area.x + 4, y: area.y + 5.5), radius: 2.4, finding.tone.ink)
        canvas.text(
          finding.text, x: area.x + indent, y: area.y, width: area.width - indent, .body)
      }
    }
    space(6)
  }

  private func addFacts(_ facts: [ReportFact]) {
    let names = 78.0
    for fact in facts {
      let height = canvas.height(of: fact.value, width: Self.width - names, .body)
      place(height + 3) { canvas, area in
        canvas.text(
          fact.name, x: area.x, y: area.y, width: names - 6, TextStyle.body.inked(.muted))
        canvas.text(
          fact.value, x: area.x + names, y: area.y, width: area.width - names, .body)
      }
    }
    space(6)
  }
}

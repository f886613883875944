/// How wide the columns of a table are, and how high its rows.
struct TableLayout {
  let table: ReportTable
  private let widths: [Double]

  static let gap = 8.0
  private static let padding = 2.5
  private static let textWidthMin = 110.0
  /// The share of a page that one label may take.
  private static let labelShareMax = 0.34

  init(_ table: ReportTable, width: Double, canvas: Canvas) {
    self.table = table
    let available = width - Self.gap * Double(table.columns.count - 1)
    var widths = table.columns.indices.map { index -> Double in
      switch table.columns[index].kind {
      case .text: 0
      case .number: Self.widest(table, index, canvas)
      case .label: min(Self.widest(table, index, canvas), available * Self.labelShareMax)
      }
    }
    let weights = table.columns.map { column in
      if case .text(let weight) = column.kind { weight } else { 0.0 }
    }
    let weight = weights.reduce(0, +)
    let reserved = weights.filter { $0 > 0 }.map { max(0.5, $0) }.reduce(0, +) * Self.textWidthMin
    let fixed = widths.reduce(0, +)
    // Numbers without end must not push the names off the page.
    if fixed > available - reserved, fixed > 0 {
      let factor = max(0.3, (available - reserved) / fixed)
      widths = widths.map { $0 * min(1, factor) }
    }
    let rest = max(0, available - widths.reduce(0, +))
    if weight > 0 {
      for index in widths.indices where weights[index] > 0 {
        widths[index] = rest * weights[index] / weight
      }
    }
    self.widths = widths
  }

  /// Of a column's texts; the longest few decide, since all have one font.
  private static func widest(_ table: ReportTable, _ column: Int, _ canvas: Canvas) -> Double {
    var longest: [ReportTable.Cell] = []
    for row in table.rows where column < row.count {
      let length = row[column].text.utf8.count
      guard longest.count < 4 || length > longest[3].text.utf8.count else { continue }
      let place = longest.firstIndex { $0.text.utf8.count < length } ?? longest.count
      longest.insert(row[column], at: place)
      if longest.count > 4 { longest.removeLast() }
    }
    return longest.reduce(canvas.width(of: table.columns[column].title, .head)) {
      max($0, canvas.width(of: $1.text, style($1, table.columns[column])))
    } + 1
  }

  private static func style(_ cell: ReportTable.Cell, _ column: ReportTable.Column) -> TextStyle {
    var style = TextStyle.cell.inked(cell.tone.ink)
    style.isBold = cell.isBold
    style.lines = column.lines
    if case .number = column.kind { style.alignment = .right }
    return style
  }

  // MARK: rows

  static let headHeight = 14.0

  func drawHead(_ canvas: Canvas, x: Double, y: Double) {
    var left = x
    for (column, width) in zip(table.columns, widths) {
      var style = TextStyle.head
      if case .number = column.kind { style.alignment = .right }
      canvas.text(column.title, x: left, y: y + 2, width: width, style)
      left += width + Self.gap
    }
    let end = left - Self.gap
    let bottom = y + Self.headHeight - 1
    canvas.line([Point(x: x, y: bottom), Point(x: end, y: bottom)], .rule, width: 0.8)
  }

  func height(of row: [ReportTable.Cell], _ canvas: Canvas) -> Double {
    var height = 9.0
    for (index, cell) in row.enumerated() where index < widths.count {
      let column = table.columns[index]
      guard column.lines > 1 else { continue }
      height = max(
        height, canvas.height(of: cell.text, width: widths[index], Self.style(cell, column)))
    }
    return height + 2 * Self.padding
  }

  func draw(
    _ row: [ReportTable.Cell], _ canvas: Canvas, x: Double, y: Double, height: Double
  ) {
    var left = x
    for (index, cell) in row.enumerated() where index < widths.count {
      canvas.text(
        cell.text, x: left, y: y + Self.padding, width: widths[index],
        Self.style(cell, table.columns[index]))
      left += widths[index] + Self.gap
    }
    let end = x + widths.reduce(0, +) + Self.gap * Double(widths.count - 1)
    canvas.line([Point(x: x, y: y + height), Point(x: end, y: y + height)], .grid, width: 0.4)
  }
}

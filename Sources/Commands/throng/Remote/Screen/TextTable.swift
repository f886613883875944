/// A table of aligned columns. Pure.
struct TextTable {
  struct Column {
    var title: String
    /// As numbers are.
    var alignsRight = false
    /// Whether it may lose the middle of its texts when the line is too long.
    var shrinks = false
    /// Whether it may be left out altogether when there is still no room.
    var isOptional = false

    static func text(_ title: String) -> Column { Column(title: title) }
    static func long(_ title: String) -> Column { Column(title: title, shrinks: true) }
    static func number(_ title: String, optional: Bool = false) -> Column {
      Column(title: title, alignsRight: true, isOptional: optional)
    }
  }

  struct Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    var text: String
    var tone: TextStyle.Tone?

    init(_ text: String, _ tone: TextStyle.Tone? = nil) {
      self.text = TextWidth.harmless(text)
      self.tone = tone
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  private static let gap = 2
  /// What is left of a column that shrinks.
  private static let widthMin = 20

  var columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// - Parameter row: a cell for each column.
  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// The lines, heads first.
  ///
  /// - Parameter width: columns of the terminal; nil for as long as it takes.
  func lines(width: Int?, style: TextStyle) -> [String] {
    var shown = Array(columns.indices)
    var widths = columns.indices.map { index in
      rows.reduce(TextWidth.of(columns[index].title)) { max($0, TextWidth.of($1[index].text)) }
    }
    if let width { fit(&shown, &widths, width) }
    let head = columns.map { Cell($0.title, .strong) }
    return ([head] + rows).map { row in
      var line = ""
      for index in shown {
        let text = TextWidth.cutMiddle(row[index].text, to: widths[index])
        let gap = String(repeating: " ", count: widths[index] - TextWidth.of(text))
        let toned = style.apply(row[index].tone, to: text)
        let isLast = index == shown.last
        if columns[index].alignsRight { line += gap + toned } else { line += toned }
        // Nothing follows the last column, not even spaces.
        if !isLast {
          line += columns[index].alignsRight ? "" : gap
          line += String(repeating: " ", count: Self.gap)
        }
      }
      // An empty cell at the end leaves spaces behind.
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func fit(_ shown: inout [Int], _ widths: inout [Int], _ width: Int) {
    func excess() -> Int {
      shown.reduce(0) { $0 + widths[$1] } + Self.gap * max(0, shown.count - 1) - width
    }
    let natural = widths
    while excess() > 0 {
      let longest = shown.filter { columns[$0].shrinks && widths[$0] > Self.widthMin }
        .max { widths[$0] < widths[$1] }
      if let longest {
        widths[longest] -= 1
      } else if let last = shown.lastIndex(where: { columns[$0].isOptional }) {
        shown.remove(at: last)
        for index in shown { widths[index] = natural[index] }
      } else {
        return
      }
    }
  }
}

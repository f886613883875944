/// A table of a report.
struct ReportTable: Sendable, Equatable {
  struct Column: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      /// Takes as much room as there is; of several, in proportion to `weight`.
      case text(weight: Double)
      /// As wide as its widest cell, on the right.
      case number
      /// As wide as its widest cell, on the left.
      case label
    }

    var title: String
    var kind: Kind
    /// Lines that a cell may take.
    var lines = 1

    static func text(_ title: String, weight: Double = 1, lines: Int = 1) -> Column {
      Column(title: title, kind: .text(weight: weight), lines: lines)
    }

    static func number(_ title: String) -> Column { Column(title: title, kind: .number) }
    static func label(_ title: String) -> Column { Column(title: title, kind: .label) }
  }

  struct Cell: Sendable, Equatable, ExpressibleByStringLiteral {
    var text: String
    var tone = ReportTone.normal
    var isBold = false

    init(_ text: String, _ tone: ReportTone = .normal, isBold: Bool = false) {
      self.text = text
      self.tone = tone
      self.isBold = isBold
    }

    init(stringLiteral text: String) { self.init(text) }

    static func count(_ value: Int64) -> Cell { Cell(String(value)) }

    /// Red when it is not 0.
    static func errors(_ value: Int64) -> Cell { Cell(String(value), value > 0 ? .bad : .normal) }
  }

  var columns: [Column]
  var rows: [[Cell]]
  /// What must be known beside it.
  var note: String?
}

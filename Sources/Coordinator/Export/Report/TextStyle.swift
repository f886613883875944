/// How a text looks. Sizes are in points.
struct TextStyle: Hashable, Sendable {
  enum Alignment: Hashable, Sendable { case left, center, right }
  /// Where a text that is too long for its lines loses what does not fit.
  enum Cut: Hashable, Sendable { case middle, end }

  var size: Double
  var isBold = false
  var ink = Ink.text
  var alignment = Alignment.left
  var cut = Cut.end
  /// Lines that the text may take.
  var lines = 1

  /// The font, which is all that measuring and drawing share.
  var font: FontKey { FontKey(size: size, isBold: isBold) }

  struct FontKey: Hashable, Sendable {
    var size: Double
    var isBold: Bool
  }

  func inked(_ ink: Ink) -> TextStyle {
    var style = self
    style.ink = ink
    return style
  }

  func aligned(_ alignment: Alignment) -> TextStyle {
    var style = self
    style.alignment = alignment
    return style
  }
}

extension TextStyle {
  static let title = TextStyle(size: 20, isBold: true, lines: 2)
  static let subtitle = TextStyle(size: 9, ink: .muted, lines: 2)
  static let heading = TextStyle(size: 12, isBold: true)
  static let subheading = TextStyle(size: 8.5, isBold: true, cut: .middle)
  static let body = TextStyle(size: 8.5, lines: 4)
  static let note = TextStyle(size: 7, ink: .muted, lines: 3)
  static let running = TextStyle(size: 7, ink: .muted, cut: .middle)
  static let axis = TextStyle(size: 6.5, ink: .muted)
  static let legend = TextStyle(size: 7)
  static let cell = TextStyle(size: 7, cut: .middle)
  static let head = TextStyle(size: 6.5, isBold: true, ink: .muted)
  static let verdict = TextStyle(size: 17, isBold: true, ink: .white)
  static let verdictDetail = TextStyle(size: 8.5, ink: .white, lines: 3)
  static let figure = TextStyle(size: 14, isBold: true)
  static let figureName = TextStyle(size: 6.5, ink: .muted)
}

/// A place on a page, in points from its upper left corner.
struct Rectangle: Equatable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
}

struct Point: Equatable, Sendable {
  var x: Double
  var y: Double
}

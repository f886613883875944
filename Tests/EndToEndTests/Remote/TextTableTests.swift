import XCTest

@testable import throng

/// Tables and widths, as terminals count them.
final class TextTableTests: XCTestCase {
  private let plain = TextStyle(isOn: false)

  func test_widths_areThoseOfATerminal() {
    for (text, width) in [
      ("abc", 3), ("grün", 4), ("中文", 4), ("e\u{301}", 1), ("😀", 2), ("❤️", 2), ("🇩🇪", 2),
      ("👩‍👩‍👧", 2), ("", 0),
    ] {
      XCTAssertEqual(TextWidth.of(text), width, text)
    }
  }

  func test_cuts_neverExceedTheWidth() {
    for text in ["abcdefghij", "中文中文中文", "a中b文c中d"] {
      for columns in 1...12 {
        for cut in [TextWidth.cut(text, to: columns), TextWidth.cutMiddle(text, to: columns)] {
          XCTAssertLessThanOrEqual(TextWidth.of(cut), columns, cut)
          XCTAssertEqual(cut == text, TextWidth.of(text) <= columns, cut)
        }
      }
    }
    XCTAssertEqual(TextWidth.cutMiddle("GET http://host/path/end", to: 13), "GET ht…th/end")
  }

  func test_texts_cannotSteerTheTerminal() {
    XCTAssertEqual(TextWidth.harmless("a\u{1b}[31mb\nc\u{9b}d\u{202e}e"), "a�[31mb c�d�e")
    XCTAssertEqual(TextTable.Cell("x\ty").text, "x y")
  }

  private func table() -> TextTable {
    var table = TextTable([
      .long("NAME"), .number("COUNT"), .text("STATE"), .number("MAX", optional: true),
    ])
    table.add(["中文", "7", .init("good", .good), "1ms"])
    table.add(["GET http://host/a/very/long/path/to/some/resource", "12345", "bad", "20ms"])
    return table
  }

  func test_columns_areAlignedAndLinesEndWithoutSpaces() {
    XCTAssertEqual(
      table().lines(width: nil, style: plain),
      [
        "NAME                                               COUNT  STATE   MAX",
        "中文                                                   7  good    1ms",
        "GET http://host/a/very/long/path/to/some/resource  12345  bad    20ms",
      ])
  }

  func test_narrowTerminal_shortensAndThenLeavesOut() {
    let shortened = table().lines(width: 50, style: plain)
    XCTAssertEqual(shortened.last?.suffix(20), "  12345  bad    20ms")
    XCTAssert(shortened.allSatisfy { TextWidth.of($0) <= 50 }, "\(shortened)")
    let narrow = table().lines(width: 36, style: plain)
    XCTAssert(narrow.allSatisfy { TextWidth.of($0) <= 36 }, "\(narrow)")
    XCTAssertFalse(narrow[0].contains("MAX"), "\(narrow)")
    XCTAssert(narrow[0].contains("STATE"), "\(narrow)")
  }

  func test_colours_doNotMoveColumns() {
    let coloured = table().lines(width: nil, style: TextStyle(isOn: true))
    XCTAssert(coloured[1].contains("\u{1b}[32mgood\u{1b}[0m"), coloured[1])
    let stripped = coloured.map { line in
      line.replacing(try! Regex("\u{1b}\\[[0-9]+m"), with: "")
    }
    XCTAssertEqual(stripped, table().lines(width: nil, style: plain))
  }
}

import XCTest

@testable import Coordinator

final class ReportTextTests: XCTestCase {
  func test_short_keepsThreeDigitsThatCount() {
    let texts = [0, 0.00123, 0.183, 5.254, 48.26, 812.4, 12_345.6].map(ReportText.short)
    XCTAssertEqual(texts, ["0", "0.0012", "0.18", "5.25", "48.3", "812", "12346"])
  }

  func test_fixed_hasAllDecimals() {
    XCTAssertEqual(ReportText.fixed(1.5, places: 3), "1.500")
    XCTAssertEqual(ReportText.fixed(3_000, places: 3), "3000.000")
    XCTAssertEqual(ReportText.fixed(0.12345, places: 3), "0.123")
    XCTAssertEqual(ReportText.fixed(7, places: 0), "7")
    XCTAssertEqual(ReportText.fixed(.infinity, places: 3), "0")
  }

  func test_milliseconds_takeTheUnitThatFits() {
    let texts = [0, 0.183, 5.25, 812, 12_345].map(ReportText.milliseconds)
    XCTAssertEqual(texts, ["0 ms", "183 µs", "5.25 ms", "812 ms", "12.3 s"])
  }

  func test_bytes_countInThousands() {
    let texts = [0, 999, 1_540, 23_400_000, 2e12].map(ReportText.bytes)
    XCTAssertEqual(texts, ["0 B", "999 B", "1.54 kB", "23.4 MB", "2 TB"])
  }

  func test_percent_neverShowsSomethingAsNothingOrAsAll() {
    XCTAssertEqual(ReportText.percent(0), "0 %")
    XCTAssertEqual(ReportText.percent(1), "100 %")
    XCTAssertEqual(ReportText.percent(0.017), "1.70 %")
    XCTAssertEqual(ReportText.percent(0.000_001), "< 0.01 %")
    XCTAssertEqual(ReportText.percent(0.999_999), "> 99.99 %")
    XCTAssertEqual(ReportText.share(1, of: 0), "–")
  }

  func test_duration_hasItsTwoLargestUnits() {
    let texts = [0, 0.35, 12.5, 59.99, 200, 7_500, 273_600].map(ReportText.duration(seconds:))
    XCTAssertEqual(
      texts, ["0 ms", "350 ms", "12.5 s", "1 min", "3 min 20 s", "2 h 5 min", "3 d 4 h"])
  }

  func test_printable_hasNothingThatBreaksLinesOrTurnsThem() {
    XCTAssertEqual(Canvas.printable("a\u{0}b\nc\u{202e}d"), "a b c d")
    let long = Canvas.printable(String(repeating: "x", count: 5_000) + "end")
    XCTAssertEqual(long.unicodeScalars.count, 601)
    XCTAssert(long.hasSuffix("end"))
  }
}

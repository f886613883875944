import XCTest

@testable import Coordinator

final class CSVWriterTests: XCTestCase {
  private func cell(_ text: String) -> String {
    var csv = CSVWriter()
    csv.text(text)
    return String(decoding: csv.bytes, as: UTF8.self)
  }

  func test_text_isQuotedOnlyWhereNeeded() {
    XCTAssertEqual(cell("plain"), "plain")
    XCTAssertEqual(cell(""), "")
    XCTAssertEqual(cell("a,b"), "\"a,b\"")
    XCTAssertEqual(cell("say \"hi\""), "\"say \"\"hi\"\"\"")
    XCTAssertEqual(cell("two\r\nlines"), "\"two\r\nlines\"")
    XCTAssertEqual(cell(" padded "), "\" padded \"")
    XCTAssertEqual(cell("ünï"), "ünï")
  }

  func test_formulas_areDefused() {
    for start in ["=", "+", "-", "@", "\t"] {
      XCTAssertEqual(cell("\(start)1+1"), "'\(start)1+1")
    }
    XCTAssertEqual(cell("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"")
    XCTAssertEqual(cell("\rx"), "\"'\rx\"")
    XCTAssertEqual(cell("a=b"), "a=b")
  }

  func test_NUL_doesNotEndTheFile() {
    XCTAssertEqual(cell("\0a\0,\u{1}"), "\"\u{FFFD}a\u{FFFD},\u{1}\"")
  }

  func test_rows_haveNumbersAndCRLF() {
    var csv = CSVWriter()
    csv.int(-5)
    csv.milliseconds(micros: 183)
    csv.empty()
    csv.milliseconds(micros: 5_000)
    csv.endRow()
    csv.text("next")
    csv.endRow()
    XCTAssertEqual(String(decoding: csv.bytes, as: UTF8.self), "-5,0.183,,5\r\nnext\r\n")
  }
}

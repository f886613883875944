import XCTest

@testable import Shared

/// What a terminal would act on is never shown to it.
final class TerminalTextTests: XCTestCase {
  private let hostile =
    "a\u{1b}[2J\u{7}\u{7f}\u{9b}31m\u{85}\u{202e}\u{2066}\u{61c}\u{200f}\u{2028}z"

  private func isHarmless(_ text: String) -> Bool {
    !text.unicodeScalars.contains { TerminalText.steers($0) && $0 != "\n" && $0 != "\t" }
  }

  func test_textOfOthers_isEscaped() {
    XCTAssertEqual(
      TerminalText.escaped("a\u{1b}[2J\n\u{9b}é\u{202e}"), #"a\u{1b}[2J\u{a}\u{9b}é\u{202e}"#)
    XCTAssertEqual(TerminalText.escapedLines("a\n\tb\r\n"), "a\n\tb\\u{d}\n")
    XCTAssertTrue(isHarmless(TerminalText.escaped(hostile)))
    XCTAssertTrue(isHarmless(TerminalText.escapedLines(hostile)))
    XCTAssertEqual(TerminalText.escaped("plain 日本 é"), "plain 日本 é")
  }

  func test_json_keepsItsValue() throws {
    let json = JSONValue.object(["text": .string(hostile), "n": .int(1)])
    let escaped = TerminalText.escapedJSON(json.text)
    XCTAssertTrue(isHarmless(escaped), escaped)
    XCTAssertEqual(try JSONValue.parse(text: escaped), json)
    XCTAssertEqual(TerminalText.escapedJSON("{\n  \"a\": 1\n}"), "{\n  \"a\": 1\n}")
  }

  func test_colours_areLeftOutOrKept_andNothingElse() {
    let text = "\u{1b}[1;32mok\u{1b}[0m \u{1b}[2J\u{1b}]0;title\u{7}\u{1b}\u{9b}1m"
    XCTAssertEqual(
      TerminalText.printed(text, colours: false),
      #"ok \u{1b}[2J\u{1b}]0;title\u{7}\u{1b}\u{9b}1m"#)
    XCTAssertEqual(
      TerminalText.printed(text, colours: true),
      "\u{1b}[1;32mok\u{1b}[0m " + #"\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}\u{9b}1m"#)
    for cut in ["\u{1b}", "\u{1b}[", "\u{1b}[31", "\u{1b}[31;"] {
      XCTAssertEqual(TerminalText.printed(cut, colours: true), "\\u{1b}" + cut.dropFirst())
    }
  }
}

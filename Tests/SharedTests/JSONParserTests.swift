import XCTest

@testable import Shared

final class JSONParserTests: XCTestCase {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(text: text) }

  private func assertFails(
    _ text: String, offset: Int, _ part: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    XCTAssertThrowsError(try parse(text), file: file, line: line) { error in
      let error = error as? JSONParseError
      XCTAssertEqual(error?.offset, offset, text, file: file, line: line)
      let message = error?.message ?? ""
      XCTAssertTrue(message.contains(part), message, file: file, line: line)
    }
  }

  func test_scalars_areRead() throws {
    XCTAssertEqual(try parse(" null "), .null)
    XCTAssertEqual(try parse("true"), .bool(true))
    XCTAssertEqual(try parse("false\n"), .bool(false))
    XCTAssertEqual(try parse("\"a\""), .string("a"))
  }

  func test_numbers_keepTheirKind() throws {
    XCTAssertEqual(try parse("0"), .int(0))
    XCTAssertEqual(try parse("-12"), .int(-12))
    XCTAssertEqual(try parse("9223372036854775807"), .int(.max))
    XCTAssertEqual(try parse("-9223372036854775808"), .int(.min))
    XCTAssertEqual(try parse("9223372036854775808"), .double(9_223_372_036_854_775_808))
    XCTAssertEqual(try parse("123456789012345678901234567890"), .double(1.2345678901234568e29))
    XCTAssertEqual(try parse("1.0"), .double(1))
    XCTAssertEqual(try parse("-2.5e-3"), .double(-0.0025))
    XCTAssertEqual(try parse("1E2"), .double(100))
  }

  func test_badNumbers_areRefusedWithTheirPlace() {
    assertFails("01", offset: 0, "leading zero")
    assertFails("-", offset: 1, "digit")
    assertFails("1.", offset: 2, "digit")
    assertFails("1e+", offset: 3, "digit")
    assertFails("1e999", offset: 0, "out of range")
    assertFails("+1", offset: 0, "value")
    assertFails("NaN", offset: 0, "value")
    assertFails(".5", offset: 0, "value")
  }

  func test_strings_areUnescaped() throws {
    XCTAssertEqual(try parse(#""\"\\\/\b\f\n\r\t""#), .string("\"\\/\u{8}\u{C}\n\r\t"))
    XCTAssertEqual(try parse(#""\u00e9 é \ud83d\ude00""#), .string("é é 😀"))
    XCTAssertEqual(try parse(#""\u0000""#), .string("\0"))
  }

  func test_badStrings_areRefusedWithTheirPlace() {
    assertFails("\"abc", offset: 4, "unexpected end")
    assertFails("\"a\nb\"", offset: 2, "control character")
    assertFails("\"\\n\nb\"", offset: 3, "control character")
    assertFails(#""\x""#, offset: 2, "escape")
    assertFails(#""\u12g4""#, offset: 5, "hexadecimal")
    assertFails(#""\ud800""#, offset: 3, "surrogate")
    assertFails(#""\udc00\ud800""#, offset: 3, "surrogate")
    assertFails(#""\ud800\u0041""#, offset: 3, "surrogate")
  }

  func test_invalidUTF8_isRefused() {
    XCTAssertThrowsError(try JSONValue.parse([0x22, 0xC3, 0x28, 0x22]))
    XCTAssertThrowsError(try JSONValue.parse([0x22, 0x5C, 0x6E, 0xFF, 0x22]))
    XCTAssertThrowsError(try JSONValue.parse([0xEF, 0xBB, 0xBF, 0x31]))
  }

  func test_containers_keepOrder() throws {
    let value = try parse(#"{"b": [1, 2.5, [], {}], "a": {"c": null}}"#)
    XCTAssertEqual(value.objectValue?.members.map(\.key), ["b", "a"])
    XCTAssertEqual(
      value.objectValue?["b"],
      .array([.int(1), .double(2.5), .array([]), .object(JSONObject())]))
    XCTAssertEqual(value.text, #"{"b":[1,2.5,[],{}],"a":{"c":null}}"#)
  }

  func test_badContainers_areRefusedWithTheirPlace() {
    assertFails("", offset: 0, "unexpected end")
    assertFails("[1,]", offset: 3, "value")
    assertFails("[1 2]", offset: 3, "','")
    assertFails("[1", offset: 2, "unexpected end")
    assertFails("{\"a\"}", offset: 4, "':'")
    assertFails("{\"a\":1,}", offset: 7, "name")
    assertFails("{a:1}", offset: 1, "name")
    assertFails("{\"a\":1}x", offset: 7, "end")
    assertFails("{\"a\":1,\"b\":2,\"a\":3}", offset: 13, "duplicate")
    assertFails("tru", offset: 3, "true")
  }

  func test_duplicateAmongManyMembers_isRefused() {
    let members = (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",")
    XCTAssertNoThrow(try parse("{\(members)}"))
    XCTAssertThrowsError(try parse("{\(members),\"k57\":1}"))
    XCTAssertThrowsError(try parse("{\(members),\"k3\":1}"))
  }

  func test_nesting_isBounded() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    XCTAssertNoThrow(try parse(nested(128)))
    assertFails(nested(129), offset: 128, "deeper")
    XCTAssertThrowsError(try parse(String(repeating: "[{\"a\":", count: 100_000)))
    // Siblings are no nesting.
    XCTAssertNoThrow(
      try parse("[" + Array(repeating: "[{}]", count: 500).joined(separator: ",") + "]"))
  }

  func test_slices_areRead() throws {
    XCTAssertEqual(try JSONValue.parse(Array("xx[1]x".utf8)[2..<5]), .array([.int(1)]))
  }

  func test_randomValues_surviveARoundTrip() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let value = RandomJSON.value(&random, depth: 4)
      XCTAssertEqual(try JSONValue.parse(value.encoded()), value)
    }
  }

  func test_damagedTexts_neverCrash() throws {
    var random = SeededGenerator(seed: 11)
    let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsn \u{1}é".utf8)
    var refused = 0
    for _ in 0..<5_000 {
      var bytes = RandomJSON.value(&random, depth: 4).encoded()
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let byte = alphabet.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.insert(byte, at: place)
        case 1: bytes.removeSubrange(place..<min(place + 1, bytes.count))
        default: bytes = Array(bytes.prefix(place))
        }
      }
      do {
        let value = try JSONValue.parse(bytes)
        XCTAssertEqual(try JSONValue.parse(value.encoded()), value)
      } catch {
        refused += 1
        XCTAssertTrue((0...bytes.count).contains(error.offset))
      }
    }
    XCTAssertGreaterThan(refused, 1_000)
  }
}

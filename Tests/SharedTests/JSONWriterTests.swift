import XCTest

@testable import Shared

final class JSONWriterTests: XCTestCase {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  func test_commas_comeByThemselves() {
    let text = text {
      $0.beginObject()
      $0.key("a")
      $0.int(1)
      $0.key("b")
      $0.beginArray()
      $0.beginObject()
      $0.endObject()
      $0.null()
      $0.bool(true)
      $0.string("x")
      $0.raw(Array("[1]".utf8))
      $0.beginArray()
      $0.endArray()
      $0.endArray()
      $0.key("c")
      $0.bool(false)
      $0.endObject()
    }
    XCTAssertEqual(text, #"{"a":1,"b":[{},null,true,"x",[1],[]],"c":false}"#)
  }

  func test_integers_areWrittenInFull() {
    for value in [0, 7, -7, 10, 1_234_567_890, Int64.max, Int64.min] {
      XCTAssertEqual(text { $0.int(value) }, String(value))
    }
  }

  func test_doubles_haveNoTrailingZeros() {
    XCTAssertEqual(text { $0.double(5) }, "5")
    XCTAssertEqual(text { $0.double(-0.5) }, "-0.5")
    XCTAssertEqual(text { $0.double(0.1) }, "0.1")
    XCTAssertEqual(text { $0.double(100) }, "100")
    XCTAssertEqual(text { $0.double(.nan) }, "0")
    XCTAssertEqual(text { $0.double(-.infinity) }, "0")
    XCTAssertEqual(text { $0.double(1e300) }, "1e+300")
  }

  func test_randomDoubles_readBackTheSame() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let value = try JSONValue.parse(text: text { $0.double(number) })
      XCTAssertEqual(value.number, number)
    }
  }

  func test_milliseconds_haveMicrosecondResolution() {
    let expected: [(Int64, String)] = [
      (0, "0"), (183, "0.183"), (5_000, "5"), (5_100, "5.1"), (5_010, "5.01"), (1, "0.001"),
      (-1_500, "-1.5"), (123_456_789, "123456.789"),
    ]
    for (micros, shown) in expected {
      XCTAssertEqual(text { $0.milliseconds(micros: micros) }, shown)
    }
  }

  func test_strings_areEscaped() {
    XCTAssertEqual(
      text { $0.string("a\"\\\n\t\r\u{8}\u{C}\u{1F}é/") }, #""a\"\\\n\t\r\b\f\u001fé/""#)
  }
}

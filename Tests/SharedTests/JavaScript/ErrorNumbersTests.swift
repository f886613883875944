import Shared
import XCTest

/// A script may throw anything, with anything for its place.
final class ErrorNumbersTests: XCTestCase {
  private static let numbers = [
    "0", "1", "-1", "2**31", "-(2**31)", "2**53", "2**63", "-(2**63)", "1e300", "NaN", "Infinity",
    "-Infinity", "0.5", "'x'",
  ]

  func test_placesOfErrors_areNumbersOrNone() throws {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    let position = ScriptPosition(
      CodePayload(fileName: "s.js", source: "a\nb", insertions: [[1, 1, 5]]))
    for line in Self.numbers {
      for column in Self.numbers {
        let place = "{message: 'm', line: \(line), column: \(column), sourceURL: 's.js'}"
        XCTAssertThrowsError(try context.evaluate("throw (\(place))", file: "s.js")) { error in
          guard let error = error as? JavaScriptError else { return XCTFail("\(error)") }
          XCTAssertTrue(position.describe(error).hasPrefix("m"))
          XCTAssertTrue((error.line ?? 0).magnitude <= 1 << 31)
        }
      }
    }
    for digits in ["9223372036854775807", "-9223372036854775808", "99999999999999999999"] {
      for stack in ["f@s.js:\(digits):1", "f@s.js:1:\(digits)"] {
        XCTAssertEqual(position.frames(of: stack), [])
      }
    }
  }
}

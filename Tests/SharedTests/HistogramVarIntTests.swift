import XCTest

@testable import Shared

final class HistogramVarIntTests: XCTestCase {
  func test_integers_roundTrip() throws {
    let signed: [Int64] = [0, 1, -1, 63, -64, 64, 1 << 40, .max, .min]
    let unsigned: [UInt64] = [0, 127, 128, 1 << 63, .max]
    var writer = VarIntWriter()
    for value in signed { writer.signed(value) }
    for value in unsigned { writer.unsigned(value) }
    writer.wide(UInt128.max - 5)
    writer.text("größer")
    writer.blob([0, 255])
    var reader = VarIntReader(writer.bytes)
    for value in signed { XCTAssertEqual(try reader.signed(), value) }
    for value in unsigned { XCTAssertEqual(try reader.unsigned(), value) }
    XCTAssertEqual(try reader.wide(), UInt128.max - 5)
    XCTAssertEqual(try reader.text(), "größer")
    XCTAssertEqual(try reader.blob(), [0, 255])
    XCTAssertTrue(reader.isAtEnd)
  }

  func test_smallNumbersOfEitherSign_takeOneByte() {
    for value in Int64(-64)...63 {
      var writer = VarIntWriter()
      writer.signed(value)
      XCTAssertEqual(writer.bytes.count, 1, "\(value)")
    }
  }

  func test_truncatedAndOverlongIntegers_areErrors() {
    var truncated = VarIntReader([0x80, 0x80])
    XCTAssertThrowsError(try truncated.unsigned())
    var overlong = VarIntReader([UInt8](repeating: 0x80, count: 11) + [1])
    XCTAssertThrowsError(try overlong.unsigned())
  }

  func test_countsBeyondTheBytes_areErrors() {
    var writer = VarIntWriter()
    writer.unsigned(.max)
    var reader = VarIntReader(writer.bytes)
    XCTAssertThrowsError(try reader.count())
    var blob = VarIntReader([5, 1, 2])
    XCTAssertThrowsError(try blob.blob())
  }
}

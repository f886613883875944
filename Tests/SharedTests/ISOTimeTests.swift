import Foundation
import Shared
import XCTest

final class ISOTimeTests: XCTestCase {
  func test_times_areThoseOfFoundation() {
    var random = SeededGenerator(seed: 5)
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for _ in 0..<300 {
      let millis = Int64.random(in: -12_219_292_800_000...253_402_300_799_999, using: &random)
      let date = Date(timeIntervalSince1970: Double(millis / 1_000))
      let whole = date.formatted(format)
      XCTAssertEqual(
        ISOTime.text(millis: millis / 1_000 * 1_000), whole, "\(millis)")
    }
    XCTAssertEqual(ISOTime.text(micros: -1), "1969-12-31T23:59:59.999Z")
    XCTAssertEqual(ISOTime.text(micros: 1_455_822_712_737_999), "2016-02-18T19:11:52.737Z")
  }

  func test_momentsBeyondItsYears_areTheNearest() {
    for value: Int64 in [.min, .min + 1, ISOTime.millisRange.lowerBound - 1] {
      XCTAssertEqual(ISOTime.text(millis: value), "0000-01-01T00:00:00.000Z")
    }
    XCTAssertEqual(ISOTime.text(micros: .min), "0000-01-01T00:00:00.000Z")
    XCTAssertEqual(ISOTime.text(millis: .max), "9999-12-31T23:59:59.999Z")
    XCTAssertEqual(ISOTime.text(micros: .max), "9999-12-31T23:59:59.999Z")
  }
}

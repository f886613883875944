import Shared
import XCTest

final class SaturatingTests: XCTestCase {
  func test_doubles_becomeTheNearestInteger() {
    XCTAssertEqual(Int64(saturating: 1e300), .max)
    XCTAssertEqual(Int64(saturating: -1e300), .min)
    XCTAssertEqual(Int64(saturating: .infinity), .max)
    XCTAssertEqual(Int64(saturating: -.infinity), .min)
    XCTAssertEqual(Int64(saturating: .nan), 0)
    XCTAssertEqual(Int64(saturating: 0x1p63), .max)
    XCTAssertEqual(Int64(saturating: -0x1p63), .min)
    XCTAssertEqual(Int64(saturating: -1.9), -1)
    XCTAssertEqual(UInt8(saturating: -1), 0)
    XCTAssertEqual(UInt8(saturating: 256), 255)
  }

  func test_sums_differencesAndProducts_saturate() {
    XCTAssertEqual(Int64.max.plus(1), .max)
    XCTAssertEqual(Int64.min.plus(-1), .min)
    XCTAssertEqual(Int64.min.minus(1), .min)
    XCTAssertEqual(Int64(0).minus(.min), .max)
    XCTAssertEqual(Int64.max.times(-2), .min)
    XCTAssertEqual(Int64.min.times(-1), .max)
    XCTAssertEqual(UInt64.max.plus(1), .max)
    XCTAssertEqual(Int64(7).plus(-9).minus(5).times(3), -21)
  }
}

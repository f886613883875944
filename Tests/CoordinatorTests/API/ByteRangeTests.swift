import XCTest

@testable import Coordinator

final class ByteRangeTests: XCTestCase {
  private func chosen(
    _ range: String?, of size: Int64 = 10, ifRange: String? = nil
  ) -> ByteRange.Choice {
    var headers: [(name: String, value: String)] = []
    if let range { headers.append(("Range", range)) }
    if let ifRange { headers.append(("If-Range", ifRange)) }
    return ByteRange(HTTPRequest("GET", "/", headers: headers), tag: "\"t\"").chosen(of: size)
  }

  func test_oneRange_isCutToWhatThereIs() {
    XCTAssertEqual(chosen("bytes=0-0"), .part(0..<1))
    XCTAssertEqual(chosen("bytes=2-4"), .part(2..<5))
    XCTAssertEqual(chosen("Bytes = 2-4"), .part(2..<5))
    XCTAssertEqual(chosen("bytes=7-"), .part(7..<10))
    XCTAssertEqual(chosen("bytes=7-999"), .part(7..<10))
    XCTAssertEqual(chosen("bytes=7-9223372036854775807"), .part(7..<10))
    XCTAssertEqual(chosen("bytes=-3"), .part(7..<10))
    XCTAssertEqual(chosen("bytes=-30"), .part(0..<10))
  }

  func test_rangeWithoutBytes_hasNothing() {
    XCTAssertEqual(chosen("bytes=10-"), .nothing)
    XCTAssertEqual(chosen("bytes=-0"), .nothing)
    XCTAssertEqual(chosen("bytes=0-", of: 0), .nothing)
  }

  func test_whatIsNotOneRange_countsAsTheWhole() {
    for text in [
      nil, "", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=1-2,4-5", "lines=1-2",
      "bytes=1", "bytes=+1-2", "bytes=99999999999999999999-", "bytes=1-2-3",
    ] {
      XCTAssertEqual(chosen(text), .all, text ?? "none")
    }
  }

  func test_rangeOfAnotherContent_countsAsTheWhole() {
    XCTAssertEqual(chosen("bytes=1-2", ifRange: "\"t\""), .part(1..<3))
    XCTAssertEqual(chosen("bytes=1-2", ifRange: "\"other\""), .all)
  }
}

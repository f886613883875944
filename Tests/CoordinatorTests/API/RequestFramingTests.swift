import XCTest

@testable import Coordinator

final class RequestFramingTests: XCTestCase {
  func test_oneWayToTellTheEnd_isGood() {
    for headers: RequestFraming.Headers in [
      [], [("Host", "x")], [("content-length", "12")], [("Transfer-Encoding", "Chunked")],
      [("X-Content-Length", "1"), ("Content-Length", "0")],
    ] {
      XCTAssertNil(RequestFraming.fault(headers), "\(headers)")
    }
  }

  func test_doubtAboutTheEnd_isAFault() {
    for headers: RequestFraming.Headers in [
      [("Content-Length", "1"), ("Content-Length", "1")],
      [("Content-Length", "1"), ("content-length", "2")],
      [("Content-Length", "-1")], [("Content-Length", "+1")], [("Content-Length", "1, 1")],
      [("Content-Length", "")], [("Content-Length", "0x1")],
      [("Transfer-Encoding", "chunked"), ("Content-Length", "1")],
      [("Transfer-Encoding", "xchunked")], [("Transfer-Encoding", "gzip, chunked")],
      [("Transfer-Encoding", "chunked, identity")],
      [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
      [("Transfer-Encoding ", "chunked")], [("", "x")], [("Content Length", "1")],
    ] {
      XCTAssertNotNil(RequestFraming.fault(headers), "\(headers)")
    }
  }
}

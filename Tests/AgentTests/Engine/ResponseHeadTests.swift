import Shared
import XCTest

@testable import Agent

final class ResponseHeadTests: XCTestCase {
  /// The answers to all lines.
  private func take(_ lines: [String], _ head: inout ResponseHead) -> [ResponseHead.Line] {
    lines.map { line in
      var bytes = Array((line + "\r\n").utf8)
      return bytes.withUnsafeMutableBytes { head.take(UnsafeRawBufferPointer($0)) }
    }
  }

  private func last(_ lines: String...) -> ResponseHead.Line? {
    var head = ResponseHead()
    return take(["HTTP/1.1 200 OK"] + lines, &head).last
  }

  func test_lengths_thatAgree_areOne() {
    XCTAssertEqual(last("Content-Length: 5"), .header)
    XCTAssertEqual(last("Content-Length: 5", "content-length:5"), .header)
    XCTAssertEqual(last("CONTENT-LENGTH: 5, 5"), .header)
    XCTAssertEqual(last("Content-Length: 9223372036854775807"), .header)
    XCTAssertEqual(last("Content-Lengthy: x"), .header)
  }

  func test_lengths_thatAreNone_areRefused() {
    for value in [
      "-1", "+5", "5 5", "0x10", "5;", "", ",", "5,", "9223372036854775808", "5.0", "1e3",
      "99999999999999999999999",
    ] {
      XCTAssertEqual(last("Content-Length: \(value)"), .refused(.protocolError), value)
    }
    XCTAssertEqual(last("Content-Length: 5", "Content-Length: 6"), .refused(.protocolError))
    XCTAssertEqual(last("Content-Length: 5, 6"), .refused(.protocolError))
  }

  func test_interimResponse_isNoHead() {
    var head = ResponseHead()
    _ = take(["HTTP/1.1 103 Early", "Content-Length: 7", "Content-Encoding: gzip", ""], &head)
    XCTAssertFalse(head.isComplete)
    let lines = take(["HTTP/1.1 200 OK", "Content-Length: 5", ""], &head)
    XCTAssertEqual(lines, [.status, .header, .header])
    XCTAssertTrue(head.isComplete)
    XCTAssertEqual(head.codings, "")
  }

  func test_switchOfProtocols_isRefused() {
    var head = ResponseHead()
    let lines = take(["HTTP/1.1 101 Switching Protocols", "Upgrade: x", ""], &head)
    XCTAssertEqual(lines.last, .refused(.protocolError))
  }

  func test_linesBehindTheHead_areTrailers() {
    var head = ResponseHead()
    _ = take(["HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Encoding: br", ""], &head)
    XCTAssertEqual(head.codings, "gzip,br")
    let lines = take(["Set-Cookie: a=b", "Content-Length: 9", ""], &head)
    XCTAssertEqual(lines, [.trailer, .trailer, .trailer])
  }

  func test_headBeyondTheBound_isRefused() {
    var head = ResponseHead()
    let line = "X: " + String(repeating: "y", count: 1_000)
    let many = Array(repeating: line, count: ResponseHead.bytesMax / 1_000)
    let lines = take(["HTTP/1.1 200 OK"] + many, &head)
    XCTAssertEqual(lines.last, .refused(.headersTooLarge))
    XCTAssertEqual(lines[1], .header)
  }

  func test_statusLines_haveThreeDigits() {
    for line in [
      "HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 999 x", "HTTP/1.0  404 No", "HTTP/2 200 ",
    ] {
      var head = ResponseHead()
      XCTAssertEqual(take([line], &head), [.status], line)
    }
    for line in [
      "HTTP/1.1 20 OK", "HTTP/1.1 2000", "HTTP/1.1 099 x", "HTTP/1.1", "HTTP/1.10 200 OK",
      "HTTP/1.1 -20", "X-A: 1",
    ] {
      var head = ResponseHead()
      XCTAssertEqual(take([line], &head), [.refused(.protocolError)], line)
    }
  }

  func test_transferCodings_areChunksOrNothing() {
    for (value, isChunked) in [("chunked", true), (" Chunked ", true), ("", false)] {
      var head = ResponseHead()
      let lines = take(["HTTP/1.1 200 OK", "Transfer-Encoding:\(value)"], &head)
      XCTAssertEqual(lines.last, .header)
      XCTAssertEqual(head.isChunked, isChunked)
    }
    for value in ["gzip", "identity", "gzip, chunked", "chunked, chunked", "x"] {
      XCTAssertEqual(last("Transfer-Encoding: \(value)"), .refused(.protocolError), value)
    }
    for line in ["Transfer-Encoding : chunked", "Content-Length\t: 2"] {
      XCTAssertEqual(last(line), .refused(.protocolError), line)
    }
  }
}

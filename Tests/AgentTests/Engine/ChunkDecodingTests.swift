import XCTest

@testable import Agent

final class ChunkDecodingTests: XCTestCase {
  private func decode(_ text: String, pieces: Int) -> (ChunkDecoding, String, ChunkDecoding.Outcome)
  {
    var (decoding, content) = (ChunkDecoding(), [UInt8]())
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      var piece = Array(bytes[start..<min(start + pieces, bytes.count)])
      let outcome = piece.withUnsafeMutableBytes {
        decoding.decode(UnsafeRawBufferPointer($0)) {
          content.append(contentsOf: $0)
          return true
        }
      }
      if outcome != .goOn { return (decoding, String(decoding: content, as: UTF8.self), outcome) }
    }
    return (decoding, String(decoding: content, as: UTF8.self), .goOn)
  }

  func test_content_isTheSame_howeverItComes() {
    let text = "5;a=\"b\"\r\nhello\r\n00B \r\n, wide\r\nworld"
    let whole = "1\r\n \r\n5\r\nhello\r\n0;x\r\nX-T: late\r\nX-U:\n\r\n"
    for pieces in [1, 2, 3, 7, 1_000] {
      let (open, content, outcome) = decode(text, pieces: pieces)
      XCTAssertEqual(content, "hello, wide\r\nwor")
      XCTAssertEqual(outcome, .malformed, "data longer than its size")
      XCTAssertFalse(open.isComplete)
      let (closed, more, last) = decode(whole, pieces: pieces)
      XCTAssertEqual(more, " hello")
      XCTAssertEqual(last, .goOn)
      XCTAssertTrue(closed.isComplete)
      XCTAssertFalse(closed.hasExcess)
      XCTAssertEqual(closed.bytes, Int64(whole.utf8.count))
    }
  }

  func test_whatIsBehindTheEnd_isNoPartOfIt() {
    let (decoding, content, outcome) = decode("2\r\nok\r\n0\r\n\r\nHTTP/1.1 500 No", pieces: 100)
    XCTAssertEqual(content, "ok")
    XCTAssertEqual(outcome, .goOn)
    XCTAssertTrue(decoding.isComplete)
    XCTAssertTrue(decoding.hasExcess)
    XCTAssertEqual(decoding.bytes, 12)
  }

  func test_largestSize_doesNotTrap() {
    XCTAssertEqual(decode("7FFFFFFFFFFFFFFF\r\nok", pieces: 3).2, .goOn)
    XCTAssertEqual(decode("8000000000000000\r\nok", pieces: 3).2, .malformed)
    XCTAssertEqual(decode("00000000000000001\r\nok", pieces: 3).2, .malformed)
  }

  func test_endlessTrailersAndExtensions_areBounded() {
    let trailers = "0\r\n" + String(repeating: "X-T: 1\r\n", count: 40_000)
    XCTAssertEqual(decode(trailers, pieces: 1_000).2, .tooLarge)
    XCTAssertEqual(
      decode("2;" + String(repeating: "x", count: 20_000), pieces: 1_000).2, .malformed)
  }
}

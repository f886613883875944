import XCTest

@testable import Agent

/// What redirects and cookies need of a response's head.
final class ResponseFieldsTests: XCTestCase {
  private func head(_ lines: [[UInt8]]) -> ResponseHead {
    var head = ResponseHead()
    for line in lines {
      _ = (line + [0x0d, 0x0a]).withUnsafeBytes { head.take($0) }
    }
    return head
  }

  private func head(_ lines: String...) -> ResponseHead { head(lines.map { Array($0.utf8) }) }

  func test_firstLocation_counts() {
    let first = head(
      "HTTP/1.1 302 X", "LOCATION: \t http://h/a b \t", "Location: http://i/", "Locations: c", "")
    XCTAssertEqual(first.location, "http://h/a b")
    XCTAssertEqual(head("HTTP/2 302 ", "location:/x", "").location, "/x")
    XCTAssertEqual(head("HTTP/1.1 302 X", "Location:", "").location, "")
    XCTAssertNil(head("HTTP/1.1 302 X", "Locatio: x", "Link: y", "").location)
  }

  func test_bytesOfLocations_arePercentEncoded() {
    let bytes = Array("Location: /a".utf8) + [0xe9, 0xff, 0x2f]
    XCTAssertEqual(head([Array("HTTP/1.1 302 X".utf8), bytes, []]).location, "/a%E9%FF/")
  }

  func test_cookies_areKeptAsTheyCome() {
    let value = Array("a=".utf8) + [0xe9]
    let found = head([
      Array("HTTP/1.1 200 X".utf8), Array("set-cookie:".utf8) + value,
      Array("Set-Cookie:  b=1; Path=/ ".utf8), Array("Set-Cookies: c=1".utf8), [],
    ])
    XCTAssertEqual(found.cookies, [value, Array("b=1; Path=/".utf8)])
  }

  func test_interimResponsesAndTrailers_haveNoSay() {
    let found = head(
      "HTTP/1.1 103 X", "Location: /early", "Set-Cookie: early=1", "", "HTTP/1.1 302 X",
      "Set-Cookie: a=1", "", "Location: /late", "Set-Cookie: late=1", "")
    XCTAssertNil(found.location)
    XCTAssertEqual(found.cookies, [Array("a=1".utf8)])
  }
}

import XCTest

@testable import Coordinator

/// Whom the server answers.
final class RequestOriginTests: XCTestCase {
  private func status(
    _ method: String = "GET", listening: String = "127.0.0.1", allowed: [String] = [],
    with headers: [(String, String)], body: String = ""
  ) -> Int? {
    RequestOrigin(listening: listening, allowed: allowed).refusal(
      of: HTTPRequest(
        method, "/start", headers: headers.map { (name: $0.0, value: $0.1) }, body: body)
    )?.status
  }

  func test_hosts() {
    for host in ["127.0.0.1", "127.0.0.1:80", "LOCALHOST:8080", "[::1]:8080", "[::1]"] {
      XCTAssertNil(status(with: [("Host", host)]), host)
    }
    for host in ["evil.example", "evil.example:8080", "10.0.0.1", "localhost.evil.example"] {
      XCTAssertEqual(status(with: [("Host", host)]), 421, host)
    }
    for host in ["", ":80", "a:b:c"] { XCTAssertEqual(status(with: [("host", host)]), 400, host) }
    XCTAssertEqual(status(with: []), 400)
    XCTAssertEqual(status(with: [("Host", "localhost"), ("host", "localhost")]), 400)
    XCTAssertNil(status(allowed: ["Load.Example"], with: [("Host", "load.example:443")]))
    XCTAssertNil(status(listening: "0.0.0.0", with: [("Host", "10.0.0.1:8080")]))
    XCTAssertEqual(status(listening: "0.0.0.0", with: [("Host", "evil.example")]), 421)
  }

  func test_otherSites_mayNotWrite() {
    let host = ("Host", "localhost:8080")
    for header in [
      ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:81"),
      ("Sec-Fetch-Site", "cross-site"),
    ] {
      for method in ["POST", "PUT", "PATCH", "DELETE"] {
        XCTAssertEqual(status(method, with: [host, header]), 403, "\(method) \(header)")
      }
      XCTAssertNil(status("GET", with: [host, header]))
    }
    XCTAssertNil(status("POST", with: [host, ("Origin", "http://localhost:8080")]))
    XCTAssertNil(status("POST", with: [host, ("Sec-Fetch-Site", "same-origin")]))
  }

  func test_bodyWithoutType_isRefused() {
    let host = ("Host", "localhost")
    XCTAssertEqual(status("POST", with: [host], body: "{}"), 415)
    XCTAssertNil(status("POST", with: [host]))
    XCTAssertNil(status("POST", with: [host, ("Content-Type", "application/json")], body: "{}"))
  }
}

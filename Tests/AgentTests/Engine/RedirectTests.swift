import XCTest

@testable import Agent

final class RedirectTests: XCTestCase {
  private func post(_ headers: [(name: String, value: String)] = []) -> ScriptRequest {
    ScriptRequest(
      method: "POST", url: "http://a.test/x", name: "n", headers: headers, body: [1, 2])
  }

  func test_seeOther_turnsPostIntoGet_andDropsTheBody() {
    for status in [301, 302, 303] {
      let next = post([("Content-Type", "text/plain")]).redirected(
        to: "http://a.test/y", status: status)
      XCTAssertEqual(next.method, "GET")
      XCTAssertNil(next.body)
      XCTAssertTrue(next.headers.isEmpty)
      XCTAssertEqual(next.name, "n")
    }
  }

  func test_307And308_keepMethodAndBody() {
    for status in [307, 308] {
      let next = post().redirected(to: "http://a.test/y", status: status)
      XCTAssertEqual(next.method, "POST")
      XCTAssertEqual(next.body, [1, 2])
    }
  }

  func test_credentials_stayWithTheirOrigin() {
    let request = post([("Authorization", "secret"), ("X-A", "1")])
    XCTAssertEqual(
      request.redirected(to: "http://a.test/y", status: 307).headers.map(\.name),
      ["Authorization", "X-A"])
    for other in ["http://b.test/", "https://a.test/", "http://a.test:81/"] {
      XCTAssertEqual(request.redirected(to: other, status: 307).headers.map(\.name), ["X-A"])
    }
  }
}

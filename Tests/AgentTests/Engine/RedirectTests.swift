import XCTest

@testable import Agent

final class RedirectTests: XCTestCase {
  private func post(_ headers: [(name: String, value: String)] = []) -> ScriptRequest {
    ScriptRequest(
      method: "POST", url: "http://a.test/x", name: "n", headers: headers, body: [1, 2])
  }

  func test_onlyFiveStatuses_leadElsewhere() {
    XCTAssertEqual(
      (0...999).filter { ScriptRequest.isRedirect(status: UInt16($0)) }, [301, 302, 303, 307, 308])
  }

  func test_seeOther_turnsPostIntoGet_andDropsTheBody() {
    for status in [301, 302, 303] {
      let next = post([("Content-Type", "text/plain"), ("Content-Language", "de")]).redirected(
        to: "http://a.test/y", status: status)
      XCTAssertEqual(next.method, "GET")
      XCTAssertNil(next.body)
      XCTAssertTrue(next.headers.isEmpty)
      XCTAssertEqual(next.name, "n")
    }
  }

  func test_getAndHead_keepTheirMethod_butNoBody() {
    for method in ["GET", "HEAD"] {
      let request = ScriptRequest(
        method: method, url: "http://a.test/x", headers: [("Content-Type", "text/plain")], body: [1]
      )
      for status in [301, 302, 303] {
        let next = request.redirected(to: "/y", status: status)
        XCTAssertEqual(next.method, method)
        XCTAssertNil(next.body)
        XCTAssertTrue(next.headers.isEmpty)
        XCTAssertEqual(next.url, "http://a.test/y")
      }
    }
  }

  func test_307And308_keepMethodAndBody() {
    for status in [307, 308] {
      let next = post([("Content-Type", "text/plain")]).redirected(
        to: "http://a.test/y", status: status)
      XCTAssertEqual(next.method, "POST")
      XCTAssertEqual(next.body, [1, 2])
      XCTAssertEqual(next.headers.map(\.name), ["Content-Type"])
    }
  }

  func test_credentials_stayWithTheirOrigin() {
    let request = post([
      ("Authorization", "secret"), ("Proxy-Authorization", "secret"), ("Cookie", "a=1"),
      ("X-A", "1"),
    ])
    for same in ["http://a.test/y", "HTTP://A.test:80/y", "/y", "?z"] {
      XCTAssertEqual(
        request.redirected(to: same, status: 307).headers.map(\.name),
        ["Authorization", "Proxy-Authorization", "Cookie", "X-A"])
    }
    for other in ["http://b.test/", "https://a.test/", "http://a.test:81/", "//b.test/"] {
      let next = request.redirected(to: other, status: 307)
      XCTAssertEqual(next.headers.map(\.name), ["X-A"])
      // Nor do they come back with a way back.
      XCTAssertEqual(
        next.redirected(to: "http://a.test/", status: 307).headers.map(\.name), ["X-A"])
    }
  }

  func test_nameOfTheHost_goesWithRelativeRedirectsOnly() {
    let request = post([("Host", "shop.test")])
    XCTAssertEqual(
      request.redirected(to: "/y?http://b/", status: 307).headers.map(\.name), ["Host"])
    for other in ["http://a.test/y", "http://b.test/y", "//b.test/y"] {
      XCTAssertTrue(request.redirected(to: other, status: 307).headers.isEmpty, other)
    }
  }

  func test_whatCannotBeRequested_isAHopWithAProblem() {
    let next = post().redirected(to: "ftp://a.test/", status: 302)
    XCTAssertEqual(next.problem?.code, 1_000)
    XCTAssertEqual(next.url, "ftp://a.test/")
  }
}

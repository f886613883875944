import Shared
import XCTest

@testable import Coordinator

final class HARPartTests: XCTestCase {
  private func row(
    dns: Int32, open: Int32, tls: Int32 = -1, first: Int32, close: Int32, status: UInt16 = 200,
    error: ErrorReason = .none
  ) -> RequestRow {
    var row = RequestRow()
    row.dnsLookupMicros = dns
    row.connectionOpenMicros = open
    row.tlsHandshakeMicros = tls
    row.firstReceivedMicros = first
    row.connectionCloseMicros = close
    row.status = status
    row.error = error
    return row
  }

  /// Blocked, DNS, connect, TLS, wait, receive.
  private func phases(_ row: RequestRow, isSecure: Bool = false) -> [Int64] {
    let timings = HARTimings(row, isSecure: isSecure)
    XCTAssertEqual(timings.total, Int64(row.connectionCloseMicros), "\(row)")
    return [
      timings.blocked, timings.dns, timings.connect, timings.ssl, timings.wait, timings.receive,
    ]
  }

  func test_timings_ofARequestThatWentWell() {
    XCTAssertEqual(
      phases(row(dns: 100, open: 300, first: 1_000, close: 1_200)), [-1, 100, 200, -1, 700, 200])
    XCTAssertEqual(
      phases(row(dns: 100, open: 300, tls: 800, first: 1_000, close: 1_200), isSecure: true),
      [-1, 100, 700, 500, 200, 200])
    XCTAssertEqual(
      phases(row(dns: 0, open: 0, tls: 0, first: 1_000, close: 1_200), isSecure: true),
      [-1, -1, -1, -1, 1_000, 200], "over a connection that was there")
    XCTAssertEqual(
      phases(row(dns: 0, open: 200, first: 1_000, close: 1_200)), [-1, -1, 200, -1, 800, 200],
      "a literal address")
  }

  func test_timings_ofFailures_endWhereTheyFailed() {
    XCTAssertEqual(
      phases(row(dns: -1, open: -1, first: -1, close: 900, status: 0, error: .dns)),
      [-1, 900, -1, -1, 0, 0])
    XCTAssertEqual(
      phases(row(dns: 100, open: -1, first: -1, close: 900, status: 0, error: .connectRefused)),
      [-1, 100, 800, -1, 0, 0])
    XCTAssertEqual(
      phases(
        row(dns: 100, open: 300, first: -1, close: 900, status: 0, error: .tls), isSecure: true),
      [-1, 100, 800, 600, 0, 0])
    XCTAssertEqual(
      phases(row(dns: 0, open: 0, first: -1, close: 900, status: 0, error: .timeout)),
      [-1, -1, -1, -1, 900, 0])
    XCTAssertEqual(
      phases(row(dns: -1, open: -1, first: -1, close: 5, status: 0, error: .agentResources)),
      [5, -1, -1, -1, 0, 0])
    XCTAssertEqual(
      phases(row(dns: -1, open: -1, first: -1, close: 0, status: 0, error: .invalidRequest)),
      [-1, -1, -1, -1, 0, 0])
  }

  func test_timings_thatOverlap_stayWithoutNegatives() {
    let timings = HARTimings(
      row(dns: 500, open: 900, first: 400, close: 1_200), isSecure: false)
    XCTAssertEqual(timings.wait, 0)
    XCTAssertEqual(timings.total, 1_200)
  }

  func test_cookies_areReadAsBrowsersReadThem() {
    XCTAssertEqual(
      HARCookie.sent("a=1; b = two words ;c; d=e=f;").map { "\($0.name)|\($0.value)" },
      ["a|1", "b|two words", "|c", "d|e=f"])
    let cookie = HARCookie(
      set: "sid=***; Path=/x; Domain=a.example; Expires=Wed, 21 Oct 2015 07:28:00 GMT; "
        + "Secure; HttpOnly",
      atMs: 0)
    XCTAssertEqual(cookie.name, "sid")
    XCTAssertEqual(cookie.value, "***")
    XCTAssertEqual(cookie.path, "/x")
    XCTAssertEqual(cookie.domain, "a.example")
    XCTAssertEqual(cookie.expiresMs.map { ISOTime.text(millis: $0) }, "2015-10-21T07:28:00.000Z")
    XCTAssertTrue(cookie.isSecure && cookie.isHTTPOnly)
    XCTAssertEqual(HARCookie(set: "a=b; Expires=x; max-age=60", atMs: 1_000).expiresMs, 61_000)
    XCTAssertEqual(HARCookie(set: "a=b; max-age=-5", atMs: 1_000).expiresMs, 1_000)
    XCTAssertNil(HARCookie(set: "a=b; max-age=soon", atMs: 1_000).expiresMs)
    XCTAssertNotNil(HARCookie(set: "a=b; max-age=9223372036854775807", atMs: 1_000).expiresMs)
  }

  func test_datesOfCookies_comeInManyForms() {
    for text in [
      "Tue, 09 Nov 1999 23:12:40 GMT", "Tuesday, 09-Nov-99 23:12:40 GMT",
      "Tue Nov  9 23:12:40 1999",
    ] {
      XCTAssertEqual(
        CookieDate.seconds(text).map { ISOTime.text(millis: $0 * 1_000) },
        "1999-11-09T23:12:40.000Z", text)
    }
    for text in [
      "", "0", "soon", "40 Nov 1999 23:12:40", "09 Nov 1999 25:12:40", "9 Nov 1:2:3:4 1",
    ] {
      XCTAssertNil(CookieDate.seconds(text), text)
    }
  }

  func test_joinedCookies_comeApart_atCommasBetweenThem() {
    XCTAssertEqual(
      HARCookie.split("a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT, b=2; Path=/, c=x,y, d=4"),
      ["a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "b=2; Path=/", "c=x,y", "d=4"])
    XCTAssertEqual(HARCookie.split("***"), ["***"])
    XCTAssertEqual(HARCookie.split(""), [""])
  }

  func test_bodies_areTextWhereTheyCanBe() {
    func body(_ bytes: [UInt8], _ type: String?, isCut: Bool = false) -> String {
      let body = HARText(bytes, type: type, isCut: isCut)
      return (body.isBase64 ? "base64:" : "") + body.text
    }
    XCTAssertEqual(body(Array("größe\n".utf8), "text/plain"), "größe\n")
    XCTAssertEqual(body(Array("{}".utf8), nil), "{}")
    XCTAssertEqual(body(Array("<svg/>".utf8), "image/svg+xml"), "<svg/>")
    XCTAssertEqual(body([1, 2], "text/plain"), "base64:AQI=")
    XCTAssertEqual(body([0xE4], "text/plain; charset=iso-8859-1"), "base64:5A==")
    XCTAssertEqual(body(Array("GIF".utf8), "image/gif"), "base64:R0lG")
    XCTAssertEqual(body(Array("aé".utf8).dropLast(1) + [], "text/plain", isCut: true), "a")
    XCTAssertEqual(body(Array("aé".utf8), "text/plain", isCut: true), "aé")
    XCTAssertEqual(body(Array("aé".utf8).dropLast(1) + [], "text/plain"), "base64:YcM=")
  }

  func test_urls_comeFromResources_orNameThem() {
    XCTAssertEqual(
      HARURL.url(ofResource: "GET http://a/b?c=d#e", method: "GET"), "http://a/b?c=d")
    XCTAssertEqual(HARURL.url(ofResource: "HTTPS://a/", method: "GET"), "HTTPS://a/")
    XCTAssertEqual(
      HARURL.url(ofResource: "GET /stocks/:symbol ü", method: "GET"),
      "urn:throng:resource:GET%20/stocks/:symbol%20%C3%BC")
    XCTAssertEqual(
      HARURL.parameters("http://a/?x=1+2&y=%C3%A9&z&w=%zz&=").map { "\($0.name)|\($0.value)" },
      ["x|1 2", "y|é", "z|", "w|%zz", "|"])
    XCTAssertEqual(HARURL.parameters("http://a/").count, 0)
  }
}

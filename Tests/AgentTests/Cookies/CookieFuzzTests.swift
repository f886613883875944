import Shared
import XCTest

@testable import Agent

/// `Set-Cookie` headers that nobody has thought of.
final class CookieFuzzTests: XCTestCase {
  private static let pieces = [
    "a", "b", "=", "=", ";", ";", "; ", " ", "\t", "\"", ",", "Path", "Path=/", "Path=/x/",
    "Domain=", "Domain=.h.test", "Domain=www.h.test", ".", "Max-Age=", "Max-Age=5", "-", "0",
    "99999999999999999999", "Expires=", "Expires=Tue, 09 Nov 2099 23:12:40 GMT", "1:2:3", "Secure",
    "\u{0}", "\u{e9}", "\u{7f}", "HttpOnly",
  ]

  func test_jars_keepToTheirBounds_andSendNothingThatEndsAHeader() throws {
    var random = LoadRandom(seed: 3)
    let urls = try ["http://www.h.test/x/y", "https://h.test/", "http://127.0.0.1/x"].map {
      CookieURL(try RequestURL($0))
    }
    let jar = CookieJar()
    var taken = 0
    for round in 0..<20_000 {
      let header = (0..<Int.random(in: 1...9, using: &random))
        .map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
      guard let setting = CookieSetting(header: Array(header.utf8)),
        let url = urls.randomElement(using: &random)
      else { continue }
      taken += 1
      let now = Int64(round)
      jar.take(setting, from: url, nowSecs: now)
      XCTAssertLessThanOrEqual(jar.count, Limits.cookiesPerJarMax)
      // What is kept is looked through now and then: there is a lot of it.
      guard round % 200 == 0 else { continue }
      let kept = jar.cookies(for: url, nowSecs: now)
      XCTAssert(kept.allSatisfy { !$0.isOver(atSecs: now) && $0.isSent(to: url) }, header)
      let sent = RequestCookie.header([], kept)
      XCTAssertFalse(sent.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }, header)
    }
    XCTAssertGreaterThan(taken, 2_000)
    for url in urls { jar.remove(for: url) }
    for url in urls { XCTAssertEqual(jar.cookies(for: url, nowSecs: 0), []) }
  }
}

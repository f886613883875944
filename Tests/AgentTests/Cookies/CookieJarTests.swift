import Shared
import XCTest

@testable import Agent

final class CookieJarTests: XCTestCase {
  private let now: Int64 = 1_000_000_000

  private func url(_ text: String) throws -> CookieURL { try CookieURL(RequestURL(text)) }

  private func take(_ header: String, from text: String, _ jar: CookieJar) throws {
    let setting = try XCTUnwrap(CookieSetting(header: Array(header.utf8)))
    jar.take(setting, from: try url(text), nowSecs: now)
  }

  /// What is sent to `text`, as a header.
  private func sent(_ jar: CookieJar, _ text: String, afterSecs: Int64 = 0) throws -> String {
    let kept = jar.cookies(for: try url(text), nowSecs: now + afterSecs)
    return String(decoding: RequestCookie.header([], kept), as: UTF8.self)
  }

  /// Who gets a cookie that `header` sets in a response of `from`.
  private func check(
    _ header: String, from: String, goesTo: [String], notTo: [String], line: UInt = #line
  ) throws {
    let jar = CookieJar()
    try take(header, from: from, jar)
    for text in goesTo {
      XCTAssertNotEqual(try sent(jar, text), "", "\(header) to \(text)", line: line)
    }
    for text in notTo {
      XCTAssertEqual(try sent(jar, text), "", "\(header) to \(text)", line: line)
    }
  }

  func test_paths() throws {
    let base = "http://h.test"
    try check(
      "a=1; Path=/foo", from: base,
      goesTo: ["\(base)/foo", "\(base)/foo/", "\(base)/foo/bar", "\(base)/foo?x"],
      notTo: ["\(base)/", "\(base)/foobar", "\(base)/fo", "\(base)/Foo", "\(base)/x/foo"])
    try check(
      "a=1; Path=/foo/", from: base, goesTo: ["\(base)/foo/", "\(base)/foo/x"],
      notTo: ["\(base)/foo", "\(base)/foobar/"])
    try check("a=1; Path=/", from: "\(base)/a/b/c", goesTo: [base, "\(base)/x"], notTo: [])
    // Nothing, an empty, a quoted and a relative path all mean the folder of what was asked for.
    for path in [
      "", "; Path=", "; Path", #"; Path="/""#, #"; Path="/x""#, "; Path=x", "; Path=x/y",
    ] {
      try check(
        "a=1\(path)", from: "\(base)/a/b?c/d",
        goesTo: ["\(base)/a", "\(base)/a/", "\(base)/a/b", "\(base)/a/c"],
        notTo: ["\(base)/", "\(base)/ab", "\(base)/x"])
      try check("a=1\(path)", from: "\(base)/a", goesTo: ["\(base)/", "\(base)/x"], notTo: [])
      try check("a=1\(path)", from: base, goesTo: [base, "\(base)/x"], notTo: [])
    }
  }

  func test_domains() throws {
    try check(
      "a=1", from: "http://www.h.test/", goesTo: ["http://WWW.h.test:81/", "https://www.h.test/"],
      notTo: ["http://h.test/", "http://x.www.h.test/", "http://wwww.h.test/"])
    for domain in ["h.test", ".h.test", "H.Test"] {
      try check(
        "a=1; Domain=\(domain)", from: "http://www.h.test/",
        goesTo: ["http://h.test/", "http://www.h.test/", "http://a.b.h.test/", "http://h.test./"],
        notTo: ["http://xh.test/", "http://test/", "http://h.test.x/"])
    }
    // Hosts may not set cookies for others.
    for domain in [
      "x.test", "www.h.test.x", "a.www.h.test", "ww.h.test", ".", "..h.test", "h.test.", "h",
    ] {
      try check(
        "a=1; Domain=\(domain)", from: "http://www.h.test/", goesTo: [],
        notTo: ["http://www.h.test/", "http://h.test/", "http://x.test/", "http://a.www.h.test/"])
    }
    try check(
      "a=1; Domain=127.0.0.1", from: "http://127.0.0.1/", goesTo: ["http://127.0.0.1:1/"],
      notTo: ["http://1.127.0.0.1.test/", "http://127.0.0.2/"])
    for domain in [".127.0.0.1", "0.0.1", ".0.0.1", "1"] {
      try check(
        "a=1; Domain=\(domain)", from: "http://127.0.0.1/", goesTo: [],
        notTo: ["http://127.0.0.1/"])
    }
    try check("a=1", from: "http://[::1]/", goesTo: ["http://[::1]:80/"], notTo: ["http://h/"])
    try check("a=1; Domain=", from: "http://h.test/", goesTo: ["http://h.test/"], notTo: [])
    try check(
      "a=1; Domain=xn--bcher-kva.test", from: "http://b\u{fc}cher.test/",
      goesTo: ["http://x.b\u{fc}cher.test/"], notTo: ["http://test/"])
  }

  func test_secureOnes_goWhereNobodyListens() throws {
    try check(
      "a=1; Secure", from: "https://h.test/", goesTo: ["https://h.test/"],
      notTo: ["http://h.test/"])
    for local in ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "[::1]"] {
      try check("a=1; Secure", from: "http://\(local)/", goesTo: ["http://\(local)/"], notTo: [])
    }
  }

  func test_lifetimes() throws {
    for (attributes, lasts) in [
      ("Max-Age=60", 60), ("Max-Age=60; Expires=Tue, 09 Nov 1999 23:12:40 GMT", 60),
      ("Expires=Sun, 09 Sep 2001 01:48:20 GMT", 100), ("Max-Age=0", 0), ("Max-Age=-5", 0),
      ("Expires=Tue, 09 Nov 1999 23:12:40 GMT", 0), ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ] as [(String, Int64)] {
      let jar = CookieJar()
      try take("a=1; \(attributes)", from: "http://h/", jar)
      if lasts > 0 {
        XCTAssertEqual(try sent(jar, "http://h/", afterSecs: lasts - 1), "a=1", attributes)
      }
      XCTAssertEqual(try sent(jar, "http://h/", afterSecs: lasts), "", attributes)
      XCTAssertEqual(jar.count, lasts > 0 ? 1 : 0)
    }
    for attributes in [
      "Max-Age=soon", "Expires=soon", "Max-Age=1.5", "Max-Age=99999999999999999999",
    ] {
      let jar = CookieJar()
      try take("a=1; \(attributes)", from: "http://h/", jar)
      XCTAssertEqual(try sent(jar, "http://h/", afterSecs: 1 << 40), "a=1", attributes)
    }
  }

  func test_sameNamePathAndDomain_isReplaced_andMayEnd() throws {
    let jar = CookieJar()
    for header in ["a=1", "b=1", "a=2", "a=3; Path=/x", "A=4"] {
      try take(header, from: "http://h/", jar)
    }
    // In the order of their first setting, longer paths before.
    XCTAssertEqual(try sent(jar, "http://h/x"), "a=3; a=2; b=1; A=4")
    XCTAssertEqual(try sent(jar, "http://h/"), "a=2; b=1; A=4")
    try take("a=; Max-Age=0", from: "http://h/", jar)
    try take("a=; Max-Age=0; Path=/y", from: "http://h/", jar)
    XCTAssertEqual(try sent(jar, "http://h/x"), "a=3; b=1; A=4")
  }

  func test_removal() throws {
    let jar = CookieJar()
    for header in ["a=1", "b=1", #"q=1; Path="/x""#, "a=2; Path=/x", "d=1; Domain=h.test"] {
      try take(header, from: "http://h.test/f/g", jar)
    }
    jar.remove(for: try url("http://h.test/f/g"), name: Array("a".utf8))
    XCTAssertEqual(try sent(jar, "http://h.test/f/g"), "b=1; q=1; d=1")
    XCTAssertEqual(try sent(jar, "http://h.test/x"), "a=2")
    jar.remove(for: try url("http://other.test/"))
    XCTAssertEqual(jar.count, 4)
    jar.remove(for: try url("http://h.test/f/g"))
    XCTAssertEqual(jar.count, 1)
  }

  func test_roomOfAJar() throws {
    let jar = CookieJar()
    for number in 0..<200 { try take("c\(number)=\(number)", from: "http://h/", jar) }
    XCTAssertEqual(try sent(jar, "http://h/").split(separator: ";").count, 200)
    for number in 200..<Limits.cookiesPerJarMax {
      try take("c\(number)=x", from: "http://h/", jar)
    }
    try take("last=1", from: "http://i/", jar)
    // The oldest have made room.
    let most = Limits.cookiesPerJarMax / 10 * 9
    XCTAssertEqual(jar.count, most)
    XCTAssertEqual(try sent(jar, "http://i/"), "last=1")
    let first = Limits.cookiesPerJarMax - most + 1
    XCTAssert(try sent(jar, "http://h/").hasPrefix("c\(first)=x; c\(first + 1)=x; "))
    // One that fills the jar is alone in it.
    let large = String(repeating: "x", count: Limits.cookieJarBytesMax - 10)
    try take("large=\(large)", from: "http://h/", jar)
    XCTAssertEqual(jar.count, 1)
  }

  func test_header_ofARequestsOwnCookies() throws {
    let jar = CookieJar()
    for header in ["k=v", "l=w"] { try take(header, from: "http://h/", jar) }
    let kept = jar.cookies(for: try url("http://h/"), nowSecs: now)
    for (texts, wanted) in [
      ([], "k=v; l=w"), (["k", "n", ""], "k=n; k=v; l=w"), (["k", "n", "1"], "k=n; l=w"),
      (["x", "n", "1"], "x=n; k=v; l=w"), (["k", "a", "1", "l", "b", ""], "k=a; l=b; l=w"),
      // As k6 writes what a script has thought of.
      (["k", "a b", "1"], #"k="a b"; l=w"#), (["k", "a,b", "1"], #"k="a,b"; l=w"#),
      (["k", "a\r\nX: \"y\"; z\\\u{e9}", "1"], #"k="aX: y z"; l=w"#),
      (["k\r\n;", "", ""], "k---=; k=v; l=w"), (["a", "b"], "k=v; l=w"),
    ] as [([String], String)] {
      let header = RequestCookie.header(RequestCookie.list(texts), kept)
      XCTAssertEqual(String(decoding: header, as: UTF8.self), wanted)
    }
  }

  func test_scriptsSeeNoQuotes() throws {
    let jar = CookieJar()
    for header in [#"a="x y""#, #"b="x"#, #"c="""#, #"d=""#] {
      try take(header, from: "http://h/", jar)
    }
    XCTAssertEqual(
      jar.cookies(for: try url("http://h/"), nowSecs: now)
        .map { String(decoding: $0.scriptValue, as: UTF8.self) }, ["x y", "\"x", "", "\""])
  }
}

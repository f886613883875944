import XCTest

@testable import Agent

/// What is read of `Set-Cookie`.
final class CookieSettingTests: XCTestCase {
  private func setting(_ header: String) -> CookieSetting? {
    CookieSetting(header: Array(header.utf8))
  }

  func test_namesAndValues() {
    for (header, name, value) in [
      ("a=b", "a", "b"), (" a = b ; Path=/", "a", "b"), ("a=", "a", ""), ("a=b=c", "a", "b=c"),
      (#"a="b c""#, "a", #""b c""#), (#"a={"x":1}"#, "a", #"{"x":1}"#), ("a=b;", "a", "b"),
      ("a=\u{e9}", "a", "\u{e9}"), ("a[b]=c", "a[b]", "c"), ("a=b\tc", "a", "b\tc"),
    ] {
      let found = setting(header)
      XCTAssertEqual(found.map { String(decoding: $0.name, as: UTF8.self) }, name, header)
      XCTAssertEqual(found.map { String(decoding: $0.value, as: UTF8.self) }, value, header)
    }
    for header in ["", "a", "=b", " =b", ";a=b", "; Path=/", "a=b\u{1}", "a=b; Path=/\u{7f}"] {
      XCTAssertNil(setting(header), header)
    }
  }

  func test_attributes() {
    let found = setting("a=b; PATH=/x; domain = .h.test ;Secure; HttpOnly;SameSite=Lax; Max-Age=5")
    XCTAssertEqual(found?.path, Array("/x".utf8))
    XCTAssertEqual(found?.domain, ".h.test")
    XCTAssertEqual(found?.isSecure, true)
    XCTAssertEqual(found?.maxAgeSecs, 5)
    XCTAssertEqual(setting("a=b; secure=no")?.isSecure, true)
    XCTAssertEqual(setting("a=b; path=/x; path=/y")?.path, Array("/y".utf8))
    XCTAssertEqual(
      setting("a=b; expires=Tue, 09 Nov 1999 23:12:40 GMT")?.expiresSecs, 942_189_160)
    XCTAssertEqual(
      setting("a=b; expires=Tue, 09 Nov 1999 23:12:40 GMT; expires=soon")?.expiresSecs,
      942_189_160)
  }

  func test_badAges_areIgnored() {
    for (age, wanted) in [
      ("60", 60), ("0", 0), ("-1", 0), ("-99999999999999999999", 0),
      ("99999999999999999999", .max), ("060", 60),
    ] as [(String, Int64)] {
      XCTAssertEqual(setting("a=b; Max-Age=\(age)")?.maxAgeSecs, wanted, age)
    }
    for age in ["", "soon", "1.5", "1e3", "+5", "60s", "0x10", "-", "--1", "\"60\"", "6 0"] {
      let found = setting("a=b; Max-Age=\(age)")
      XCTAssertNotNil(found, age)
      XCTAssertNil(found?.maxAgeSecs, age)
    }
    // What is bad does not undo what was good.
    XCTAssertEqual(setting("a=b; Max-Age=60; Max-Age=soon")?.maxAgeSecs, 60)
  }
}

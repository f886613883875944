import XCTest

@testable import Agent

/// Where redirects lead to.
final class RedirectTargetTests: XCTestCase {
  private func target(_ location: String, from base: String) -> String {
    do throws(RequestProblem) {
      return try RequestURL(base).redirected(to: location).text
    } catch {
      return "\(error.code)"
    }
  }

  /// The examples of RFC 3986, 5.4, for what a host of HTTP can be asked.
  func test_examplesOfTheStandard() {
    for (location, wanted) in [
      ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
      ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q#s"), ("g#s", "/b/c/g#s"), ("g?y#s", "/b/c/g?y#s"),
      (";x", "/b/c/;x"), ("g;x", "/b/c/g;x"), ("g;x?y#s", "/b/c/g;x?y#s"), ("", "/b/c/d;p?q"),
      (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"), ("../", "/b/"), ("../g", "/b/g"),
      ("../..", "/"), ("../../", "/"), ("../../g", "/g"), ("../../../g", "/g"),
      ("../../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."),
      (".g", "/b/c/.g"), ("g..", "/b/c/g.."), ("..g", "/b/c/..g"), ("./../g", "/b/g"),
      ("./g/.", "/b/c/g/"), ("g/./h", "/b/c/g/h"), ("g/../h", "/b/c/h"),
      ("g;x=1/./y", "/b/c/g;x=1/y"), ("g;x=1/../y", "/b/c/y"), ("g?y/./x", "/b/c/g?y/./x"),
      ("g?y/../x", "/b/c/g?y/../x"), ("g#s/../x", "/b/c/g#s/../x"),
    ] {
      XCTAssertEqual(target(location, from: "http://a/b/c/d;p?q"), "http://a\(wanted)", location)
    }
    XCTAssertEqual(target("//g", from: "http://a/b/c/d;p?q"), "http://g")
    XCTAssertEqual(target("http://g/x", from: "https://a/b/c/d;p?q"), "http://g/x")
  }

  func test_locationsOfServers() {
    for (location, wanted) in [
      ("http://h/a b?c d", "http://h/a%20b?c%20d"), ("/a b", "http://a:1/a%20b"),
      ("/\u{e9}?\u{fc}", "http://a:1/%C3%A9?%C3%BC"), ("/%C3%A9", "http://a:1/%C3%A9"),
      ("/a|b[c]", "http://a:1/a%7Cb%5Bc%5D"), ("x\\y", "http://a:1/d/x%5Cy"),
      ("//h:2/x", "http://h:2/x"), ("///x", "http://a:1///x"), ("HTTPS://H/x", "HTTPS://H/x"),
      ("http://h/a/../b", "http://h/b"), ("http://h/..", "http://h/"), ("http://h?x", "http://h?x"),
      // No scheme, a port behind the colon: a path, whose first part has a colon.
      ("127.0.0.1:8080/x", "http://a:1/d/127.0.0.1:8080/x"), ("h:8080", "http://a:1/d/h:8080"),
      ("localhost:80/x?y", "http://a:1/d/localhost:80/x?y"), ("a_b:c/d", "http://a:1/d/a_b:c/d"),
      ("http://b%C3%BCcher.test/", "http://xn--bcher-kva.test/"),
      ("http://u:p@h/", "http://u:p@h/"), ("/x?u=http://y/z", "http://a:1/x?u=http://y/z"),
    ] {
      XCTAssertEqual(target(location, from: "http://a:1/d/e?f#g"), wanted, location)
    }
    // User and password of the URL go on with what stays at its host.
    XCTAssertEqual(target("/x", from: "http://u:p@a/"), "http://u:p@a/x")
    XCTAssertEqual(target("x", from: "http://u:p@a?q"), "http://u:p@a/x")
    XCTAssertEqual(target("//b/x", from: "http://u:p@a/"), "http://b/x")
  }

  func test_locationsThatCannotBeRequested() {
    for location in ["ftp://h/", "file:///etc/hostname", "mailto:a@b", "http:///x", "http:x"] {
      XCTAssertEqual(target(location, from: "http://a/"), "1000", location)
    }
    for location in ["http://h:x/", "/a\tb", "http://[::1/", "http://a b/", ":x"] {
      XCTAssertEqual(target(location, from: "http://a/"), "1020", location)
    }
  }
}

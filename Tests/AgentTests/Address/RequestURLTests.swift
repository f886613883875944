import XCTest

@testable import Agent

final class RequestURLTests: XCTestCase {
  /// What is sent for a URL of a script, or k6's code of why nothing is.
  private func sent(_ text: String) -> String {
    do throws(RequestProblem) {
      return try RequestURL(text).text
    } catch {
      return "\(error.code)"
    }
  }

  func test_urlsOfAllowedCharacters_areTakenAsTheyAre() {
    for url in [
      "http://h", "http://h/", "http://h?x=1", "HTTP://h/up", "https://h:8443/a/b?c=d&e=f#g",
      "http://h/a;b=c;d?e;f&g", "http://h/a+b?c+d", "http://h/%c3%A9", "http://h//a///b",
      "http://h/a/../b/./c/..", "http://h/a/%2e%2e/b", "http://h/f?", "http://h/f#frag?x",
      "http://us%40er:p%3Aw@h/u", "http://user@h/", "http://[::1]:80/", "http://[::1%25lo]/",
      "http://127.0.0.1:0/", "http://a_b.localhost/", "http://h./", "http://h:/",
      "http://h/-._~!$&'()*+,;=:@", "http://h/?-._~!$&'()*+,;=:@/?", "http://LOCALHOST/",
      "http://h/" + String(repeating: "x", count: 8_000),
    ] {
      XCTAssertEqual(sent(url), url)
    }
  }

  func test_forbiddenCharacters_arePercentEncoded() {
    for (url, wanted) in [
      ("http://h/a b?c d", "http://h/a%20b?c%20d"),
      ("http://h/\u{e9}/\u{65e5}\u{672c}?q=\u{fc}", "http://h/%C3%A9/%E6%97%A5%E6%9C%AC?q=%C3%BC"),
      (
        "http://h/|[]{}^`<>\"?|[]{}^`<>\"",
        "http://h/%7C%5B%5D%7B%7D%5E%60%3C%3E%22?%7C%5B%5D%7B%7D%5E%60%3C%3E%22"
      ),
      ("http://h/a\\b?c\\d", "http://h/a%5Cb?c%5Cd"),
      ("http://h/%zz/%?%4", "http://h/%25zz/%25?%254"), ("http://h/%e4%", "http://h/%e4%25"),
      ("http://h/a%2Fb c", "http://h/a%2Fb%20c"), ("http://h/\u{1f600}", "http://h/%F0%9F%98%80"),
      ("http://h/p#a b\u{e9}", "http://h/p#a%20b%C3%A9"), ("http://h/a ", "http://h/a%20"),
      ("http://h/\u{fffd}", "http://h/%EF%BF%BD"), ("http://h? x", "http://h?%20x"),
      ("http://a@b:c@h/", "http://a%40b:c@h/"),
      ("http://\u{fc}:p w@h/", "http://%C3%BC:p%20w@h/"), ("http://u[:%@h/", "http://u%5B:%25@h/"),
    ] {
      XCTAssertEqual(sent(url), wanted)
    }
  }

  func test_namesInOtherLetters_becomePunycode() {
    for (name, wanted) in [
      ("b\u{fc}cher.localhost", "xn--bcher-kva.localhost"),
      ("\u{65e5}\u{672c}.jp", "xn--wgv71a.jp"),
      ("B\u{dc}CHER.example", "xn--bcher-kva.example"),
      ("bu\u{308}cher.test", "xn--bcher-kva.test"),
      ("stra\u{df}e.de", "xn--strae-oqa.de"), ("b%C3%BCcher.test", "xn--bcher-kva.test"),
      ("127\u{3002}0\u{3002}0\u{3002}1", "127.0.0.1"), ("i\u{2764}.ws", "xn--i-7iq.ws"),
      ("xn--bcher-kva.test", "xn--bcher-kva.test"), ("\u{ff21}.test", "a.test"),
    ] {
      XCTAssertEqual(sent("http://\(name)/x"), "http://\(wanted)/x")
      XCTAssertEqual(sent("http://u:p@\(name):8080?\u{fc}"), "http://u:p@\(wanted):8080?%C3%BC")
    }
  }

  func test_whatIsNoURL_isRefused_withTheCodeOfK6() {
    for url in [
      "http://h/a\tb", "http://h/a\r\nX: y", "http://h/\u{0}", "http://h/\u{7f}", " http://h/",
      ":h", ":80/x", "127.0.0.1:80/ns", "a b:c/d", "http://[::1/", "http://[::1]x/",
      "http://[::g\u{fc}]/", "http://h:abc/", "http://h:1:2/", "http://h:8x/", "http://a b/",
      "http://h<>/", "http://h|/", "http://h%20x/", "http://h%/", "http://h:80\\@evil.test/",
      "http://-\u{fc}.test/", "http://" + String(repeating: "\u{fc}", count: 70) + ".test/",
    ] {
      XCTAssertEqual(sent(url), "1020", url)
    }
    for url in [
      "", "x", "/path", "path?u=http://h/", "//h/x", "www.h.test/x", "localhost:8080/x",
      "ftp://h/", "file:///etc/passwd", "mailto:a@b", "http:", "http:/h/x", "http:h", "http://",
      "http:///h/x", "http://?x", "http://u@/", "http://h:65536/", "http://:80/",
    ] {
      XCTAssertEqual(sent(url), "1000", url)
    }
  }

  func test_problems_sayWhatIsWrong() {
    for (url, wanted) in [
      ("/path", "must begin with http://"), ("ftp://h/", "'ftp' is not supported"),
      ("http:///x", "names no host"), ("http://h:x/", "port is no number"),
      ("http://h/\n", "control character"), ("http://a b/", "'a b' is no host's name"),
    ] {
      XCTAssertThrowsError(try RequestURL(url)) { error in
        let text = (error as? RequestProblem)?.text ?? ""
        XCTAssert(text.contains(wanted), text)
      }
    }
  }

  func test_partsOfAURL() throws {
    for (url, origin, path) in [
      ("HTTPS://Shop.Test/a/b?c#d", "https://shop.test:443", "/a/b"),
      ("http://u:p@h:81?q", "http://h:81", "/"), ("http://[::A]:80", "http://[::a]:80", "/"),
      ("http://h/\u{e9}", "http://h:80", "/%C3%A9"),
    ] {
      let found = try RequestURL(url)
      XCTAssertEqual(found.origin, origin)
      XCTAssertEqual(String(decoding: found.path, as: UTF8.self), path)
    }
    XCTAssert(try RequestURL("http://H/").hasOrigin(of: RequestURL("HTTP://h:80/x?y")))
    for other in ["https://h/", "http://h:81/", "http://i/"] {
      XCTAssertFalse(try RequestURL("http://h/").hasOrigin(of: RequestURL(other)))
    }
  }
}

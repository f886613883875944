import XCTest

@testable import Agent

final class SecretMaskerTests: XCTestCase {
  func test_secrets_areMaskedWhereverTheyStand() {
    let masker = SecretMasker(["s3cret", "s3cret-long", ""])
    XCTAssertEqual(masker.masked("s3cret"), "***")
    XCTAssertEqual(masker.masked("a s3cret-long, s3crets3cret s3cre"), "a ***, ****** s3cre")
    XCTAssertEqual(SecretMasker([""]).masked("text"), "text")
    XCTAssertTrue(SecretMasker([""]).isEmpty)
  }

  func test_secretsOfURLsAndForms_areMasked() {
    let masker = SecretMasker(["a b&c%/ü"])
    XCTAssertEqual(masker.masked("?k=a%20b%26c%25%2F%C3%BC&l=1"), "?k=***&l=1")
    XCTAssertEqual(masker.masked("?k=a+b%26c%25/%c3%bc"), "?k=***")
    XCTAssertEqual(masker.masked("a b&c%/ü"), "***")
    XCTAssertEqual(masker.masked("a%20b%26c%2"), "a%20b%26c%2")
    XCTAssertEqual(SecretMasker(["+1+1"]).masked("n=%2B1+1"), "n=***")
  }

  func test_secretsOfJSON_areMasked() {
    let masker = SecretMasker(["q\"\\/\n€😀"])
    XCTAssertEqual(masker.masked(#"{"p":"q\"\\\/\n€😀"}"#), #"{"p":"***"}"#)
    XCTAssertEqual(masker.masked(#"{"p":"\u0071\"\\/\n\u20AC\ud83d\ude00"}"#), #"{"p":"***"}"#)
    XCTAssertEqual(
      masker.masked(#"{"p":"q\"\\/\n\u20AC\ud83d"}"#), #"{"p":"q\"\\/\n\u20AC\ud83d"}"#)
    XCTAssertEqual(SecretMasker(["ab"]).masked(#"\u00"#), #"\u00"#)
  }

  func test_secretAcrossTheEnd_isMaskedWhole() {
    let masker = SecretMasker(["secret"])
    let text = Array("12345secret678".utf8)
    XCTAssertEqual(masker.masked(text, end: 8), Array("12345***".utf8))
    XCTAssertEqual(masker.masked(text, end: 5), Array("12345".utf8))
    XCTAssertEqual(masker.masked(text, end: 100), Array("12345***678".utf8))
    XCTAssertEqual(SecretMasker().masked(text, end: 3), Array("123".utf8))
    XCTAssertEqual(masker.reach, 36)
  }
}

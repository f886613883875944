import XCTest

@testable import Agent

/// URLs and locations that nobody has thought of.
final class AddressFuzzTests: XCTestCase {
  private static let pieces = [
    "http:", "https:", "HTTP:", "//", "/", "/", ":", "@", "?", "#", "[", "]", "::1", "127.0.0.1",
    "h.test", "80", "65536", "%", "%41", "%zz", "%c3%bc", "..", ".", "a", "b c", "\\", "\u{fc}",
    "\u{65e5}", "\u{3002}", "\u{200d}", "\u{fffd}", "\u{1f600}", "\"", "<|>", "\t", "\u{0}", "xn--",
    "-", "&=+;", String(repeating: "x", count: 70),
  ]

  private func text(_ random: inout LoadRandom) -> String {
    let count = Int.random(in: 0...10, using: &random)
    let start = Int.random(in: 0...2, using: &random) > 0 ? "http://" : ""
    return start
      + (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
  }

  /// What is taken may be sent as it is: of characters of RFC 3986, and taken again as the same.
  private func check(_ url: RequestURL, _ source: String) throws {
    let forbidden = Set(" \"<>\\^`{|}".utf8)
    let bytes = Array(url.text.utf8)
    XCTAssertFalse(
      bytes.contains { $0 <= 0x20 || $0 >= 0x7f || forbidden.contains($0) }, source)
    XCTAssertEqual(try RequestURL(url.text), url, source)
    XCTAssertEqual(url.path.first, UInt8(ascii: "/"), source)
    XCTAssertFalse(url.host.isEmpty, source)
    XCTAssert((0...65_535).contains(url.port), source)
  }

  func test_urls_areRefused_orMayBeSent() throws {
    var random = LoadRandom(seed: 1)
    var taken = 0
    for _ in 0..<20_000 {
      let source = text(&random)
      guard let url = try? RequestURL(source) else { continue }
      taken += 1
      try check(url, source)
    }
    XCTAssertGreaterThan(taken, 2_000)
  }

  func test_locations_areRefused_orLeadToWhatMayBeSent() throws {
    var random = LoadRandom(seed: 2)
    let base = try RequestURL("http://u:p@base.test:81/a/b/c?d#e")
    var taken = 0
    for _ in 0..<20_000 {
      let source = text(&random)
      guard let url = try? base.redirected(to: source) else { continue }
      taken += 1
      try check(url, source)
      let segments = url.path.split(separator: UInt8(ascii: "/"))
      XCTAssertFalse(segments.contains { $0.elementsEqual("..".utf8) }, source)
      XCTAssertEqual(try base.redirected(to: url.text), url, source)
    }
    XCTAssertGreaterThan(taken, 5_000)
  }
}

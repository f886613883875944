import XCTest

@testable import Coordinator

final class SafeNameTests: XCTestCase {
  func test_harmlessNames_stay() {
    for name in ["a.png", "größe 1.txt", "📈 chart.svg", ".profile", "a-2.tar.gz", "no extension"] {
      XCTAssertEqual(SafeName.file(name), name)
    }
  }

  func test_whatSystemsTreatSpecially_isReplaced() {
    XCTAssertEqual(SafeName.file("../../etc/passwd"), ".._.._etc_passwd")
    XCTAssertEqual(SafeName.file("a/b\\c"), "a_b_c")
    XCTAssertEqual(SafeName.file("C:\\x|y?.txt"), "C__x_y_.txt")
    XCTAssertEqual(SafeName.file("a\nb\0\u{1B}\u{2028}c"), "a_b___c")
    XCTAssertEqual(SafeName.file("a\u{202E}gnp.exe"), "a_gnp.exe", "the direction cannot turn")
    XCTAssertEqual(SafeName.file(" a . . "), "a")
    for name in ["", ".", "..", "...", " ", ". ."] {
      XCTAssertEqual(SafeName.file(name), "_", name)
    }
  }

  func test_devicesOfWindows_areNotNamed() {
    for name in ["CON", "nul.txt", "Com1.tar.gz", "LPT\u{B9}", "aux .log", "conin$", " prn"] {
      let safe = SafeName.file(name)
      XCTAssertEqual(safe.first, "_", name)
      XCTAssertEqual(safe.dropFirst(), name.drop { $0 == " " }, name)
    }
    XCTAssertEqual(SafeName.file("console.log"), "console.log")
    XCTAssertEqual(SafeName.file("com10"), "com10")
    XCTAssertEqual(SafeName.words("NUL"), "_NUL")
  }

  func test_longNames_areCutBetweenCharacters_beforeTheirExtension() {
    for name in [
      String(repeating: "a", count: 300) + ".png", String(repeating: "👩‍👩‍👧‍👦", count: 20) + ".png",
      "CON." + String(repeating: "é", count: 200) + ".png",
    ] {
      let safe = SafeName.file(name)
      XCTAssertLessThanOrEqual(safe.utf8.count, SafeName.bytesMax)
      XCTAssertGreaterThan(safe.utf8.count, SafeName.bytesMax - 30)
      XCTAssertTrue(safe.hasSuffix(".png"), safe)
    }
    XCTAssertLessThanOrEqual(
      SafeName.file("a." + String(repeating: "b", count: 300)).utf8.count, SafeName.bytesMax)
  }

  func test_words_areWhatIsLeftOfAResource() {
    XCTAssertEqual(
      SafeName.words("GET http://127.0.0.1:80/a b?c=%20&d"), "GET_http_127.0.0.1_80_a_b_c_20_d")
    XCTAssertEqual(SafeName.words("größe/日本"), "größe_日本")
    XCTAssertEqual(SafeName.words("../.."), "_")
    XCTAssertEqual(SafeName.words("-rf /"), "rf")
    XCTAssertEqual(SafeName.words("💥"), "_")
    XCTAssertEqual(SafeName.words(String(repeating: "é", count: 100), bytesMax: 7), "ééé")
  }

  func test_sameNames_areCounted() {
    var names = UniqueNames()
    XCTAssertEqual(names.path("a.png"), "a.png")
    XCTAssertEqual(names.path("A.PNG"), "A-2.PNG")
    XCTAssertEqual(names.path("a.png", in: "user-0/"), "user-0/a.png", "another folder")
    XCTAssertEqual(names.path("a.png"), "a-3.png")
    XCTAssertEqual(names.path("a-2.png"), "a-2-2.png", "taken by then")
    XCTAssertEqual(names.path("Stra\u{DF}e"), "Stra\u{DF}e")
    XCTAssertEqual(names.path("STRASSE"), "STRASSE-2")
    XCTAssertEqual(names.path("e\u{301}"), "e\u{301}")
    XCTAssertEqual(names.path("\u{E9}"), "\u{E9}-2", "the same accent, written otherwise")
    let long = SafeName.file(String(repeating: "x", count: 300) + ".txt")
    let paths = (0..<50).map { _ in names.path(long) }
    XCTAssertEqual(Set(paths).count, 50)
    XCTAssertEqual(paths.map(\.utf8.count).max(), SafeName.bytesMax)
    XCTAssertTrue(paths.allSatisfy { $0.hasSuffix(".txt") })
  }
}

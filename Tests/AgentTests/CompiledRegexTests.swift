import Dispatch
import Shared
import XCTest

@testable import Agent

final class CompiledRegexTests: XCTestCase {
  private func match(_ pattern: String, _ text: String) throws -> CompiledRegex.Outcome {
    try CompiledRegex(pattern: pattern).firstMatch(in: RegexText(Array(text.utf8)))
  }

  func test_firstGroup_orAllThatMatches() throws {
    let cases: [(pattern: String, text: String, found: String?)] = [
      (#""token":"([^"]*)""#, #"{"token":"abc"}"#, "abc"), ("[0-9]+", "a 12 34", "12"),
      ("(?:x|y)(z?)", "ay", ""), ("(x)?y", "y", nil), ("x", "", nil), ("x?", "", ""),
      ("ü(.)", "grüß 🎈", "ß"), ("(🎈)$", "grüß 🎈", "🎈"), (#"\bd(\w+)"#, "a dé", "é"),
      ("(?<name>b)c", "abc", "b"), ("(?i)HALLO", "hallo", "hallo"),
    ]
    for (pattern, text, found) in cases {
      XCTAssertEqual(
        try match(pattern, text), found.map { .found($0) } ?? .nothing, "\(pattern) \(text)")
    }
  }

  func test_bytesThatAreNoText_becomeAReplacement() throws {
    let regex = try CompiledRegex(pattern: "a(.+)z")
    let outcome = regex.firstMatch(in: RegexText([0x61, 0xFF, 0x00, 0xC3, 0x7A]))
    XCTAssertEqual(outcome, .found("\u{FFFD}\0\u{FFFD}"))
  }

  func test_searchesWithoutEnd_areGivenUp() throws {
    let text = RegexText(Array(repeating: UInt8(ascii: "a"), count: 20_000))
    for pattern in [
      "(a*)*b", "(a|aa)+c", "(?:a+)+b", "a*a*a*a*c", ".*.*=.*", "(.*)(.*)(.*)(.*)(.*)x",
      "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*?)*?b", "(?:a?){30}a{30}c",
    ] {
      let regex = try CompiledRegex(pattern: pattern)
      let began = Clock.monotonicNanos()
      guard case .givenUp(let reason) = regex.firstMatch(in: text) else {
        XCTFail("\(pattern) is through")
        continue
      }
      XCTAssert(reason.contains(pattern) && reason.contains("20000 characters"), reason)
      // About a tenth of a second of CPU time; the machine may be busy.
      XCTAssertLessThan(Clock.monotonicNanos() - began, 10_000_000_000, pattern)
      XCTAssertEqual(
        regex.firstMatch(in: RegexText(Array("zz".utf8))), .nothing, "it is of use again")
    }
  }

  func test_textsThatAreTooLarge_areNotSearched() throws {
    let regex = try CompiledRegex(pattern: "a$")
    let large = RegexText(Array(repeating: UInt8(ascii: "a"), count: Limits.regexTextBytesMax + 1))
    guard case .givenUp(let reason) = regex.firstMatch(in: large) else {
      return XCTFail("it was searched")
    }
    XCTAssert(reason.contains("16 MiB"), reason)
  }

  func test_manyThreads_useOneAtOnce() throws {
    let regex = try CompiledRegex(pattern: "<([0-9]+)>")
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<500 {
        let text = RegexText(Array("..<\(thread * 1_000 + number)>".utf8))
        XCTAssertEqual(regex.firstMatch(in: text), .found("\(thread * 1_000 + number)"))
      }
    }
  }

  func test_patternThatIsNone_isRefused() {
    XCTAssertThrowsError(try CompiledRegex(pattern: "(")) { error in
      XCTAssertEqual("\(error)", "'(' is not a regular expression")
    }
  }
}

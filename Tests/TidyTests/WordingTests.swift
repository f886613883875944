import XCTest

/// Things that must not stay in the repository.
final class WordingTests: XCTestCase {
  // Put together from halves, so that this file does not contain them itself.
  private static let leftovers = ["FIX" + "ME", "TO" + "DO", "XX" + "X", "HA" + "CK"]
  private static let traps = ["try" + "!", "as" + "!", "fatal" + "Error("]
  private static let homes = ["/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", "/op" + "t/"]

  func test_repository_hasNoLeftoverMarks() throws {
    for path in try SourceTree.files(in: ["Sources", "Tests", "deploy", ".ci"]) {
      let text = try SourceTree.text(path)
      for mark in Self.leftovers where contains(text, word: mark) {
        XCTFail("\(path) contains \(mark)")
      }
    }
  }

  func test_repository_hasNoPathsOfOneMachine() throws {
    let files = try SourceTree.files(in: ["Sources", "Tests", "deploy", ".ci"])
    for path in files + ["README.md", "Package.swift"] {
      let text = try SourceTree.text(path)
      for home in Self.homes where text.contains(home) { XCTFail("\(path) contains \(home)") }
    }
  }

  func test_sources_haveNothingThatTrapsOnInput() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources"]) {
      for (index, line) in file.code.enumerated() {
        for trap in Self.traps where line.contains(trap) {
          XCTFail("\(file.path):\(index + 1) contains \(trap)")
        }
      }
    }
  }

  func test_tests_neverSleepToWait() throws {
    for file in try SourceTree.swiftFiles(in: ["Tests"]) {
      for (index, line) in file.code.enumerated() {
        for call in ["sleep(", "Thread.sleep", "Task.sleep"] where contains(line, word: call) {
          XCTFail("\(file.path):\(index + 1) calls \(call)")
        }
      }
    }
  }

  /// XCTest keeps every test case to the end of all: what one does not let go of, processes and
  /// temporary directories among it, stays as long, or for ever.
  func test_testCases_letGoOfWhatTheySetUp() throws {
    for file in try SourceTree.swiftFiles(in: ["Tests"]) {
      for line in file.code where line.hasPrefix("  ") && line.hasSuffix("!") {
        guard let match = line.firstMatch(of: #/^ +(?:private )?var (\w+): \w+!$/#) else {
          continue
        }
        let name = String(match.1)
        XCTAssert(
          file.code.contains { $0.contains("    \(name) = nil") },
          "\(file.path) never sets \(name) to nil")
      }
    }
  }

  func test_unchecked_alwaysHasAReason() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources", "Tests"]) {
      let unchecked = file.code.contains { $0.contains("@unchecked Sendable") }
      guard unchecked else { continue }
      let comments = file.lines.filter { $0.drop { $0 == " " }.hasPrefix("//") }
      XCTAssert(
        comments.contains { $0.contains("@unchecked Sendable") },
        "\(file.path) does not say why @unchecked Sendable is sound")
    }
  }

  /// Whether `word` stands in `text` by itself: not as a part of a name, nor as a member.
  private func contains(_ text: String, word: String) -> Bool {
    var rest = Substring(text)
    while let range = rest.range(of: word) {
      let before = rest[..<range.lowerBound].last ?? " "
      let after = word.last == "(" ? " " : rest[range.upperBound...].first ?? " "
      if !before.isLetter && before != "." && !after.isLetter { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }
}

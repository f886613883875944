import Foundation
import TestSupport

/// The scripts under `Tests/Fixtures/compiler`.
enum CompilerFixtures {
  struct Case {
    var name: String
    var source: String
    /// What follows the line that begins with `---`.
    var expected: String
  }

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/compiler")

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// The cases of a file: `=== name`, the script, `--- what`, and what is expected of it.
  static func cases(in file: String) throws -> [Case] {
    var cases: [Case] = []
    var isExpectation = false
    for line in try text(file).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        cases.append(Case(name: "\(file): \(line.dropFirst(4))", source: "", expected: ""))
        isExpectation = false
      } else if line.hasPrefix("--- ") {
        isExpectation = true
      } else if cases.isEmpty {
        throw TestFailure("\(file) begins with \(line)")
      } else if isExpectation {
        cases[cases.count - 1].expected += line + "\n"
      } else {
        cases[cases.count - 1].source += line + "\n"
      }
    }
    // The last line break of the file ends a line, and begins none.
    if let last = cases.last { cases[cases.count - 1].expected = String(last.expected.dropLast()) }
    return cases
  }

  /// Whole scripts, each with its log beside it.
  static func scripts() throws -> [Case] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "scripts").path)
    return try names.filter { $0.hasSuffix(".js") }.sorted().map { name in
      let log = name.dropLast(3) + ".log"
      return Case(
        name: name, source: try text("scripts/\(name)"), expected: try text("scripts/\(log)"))
    }
  }

  static func runnable() throws -> [Case] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let cases = try files.filter { $0.hasPrefix("run-") }.sorted().flatMap(Self.cases)
    return try cases + scripts()
  }
}

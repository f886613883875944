import Foundation
import TestSupport
import XCTest

/// A PDF as other programs read it.
struct ReportDocument {
  /// Its text, laid out as on the pages.
  let text: String
  /// What `pdfinfo` says.
  let info: [String: String]

  init(_ bytes: [UInt8]) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("report.pdf")
    try Data(bytes).write(to: URL(filePath: path))
    text = try ChildProcess.run("pdftotext", ["-layout", path, "-"])
    var info: [String: String] = [:]
    for line in try ChildProcess.run("pdfinfo", ["-isodates", path]).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      info[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    self.info = info
  }

  var pages: Int { info["Pages"].flatMap { Int($0) } ?? 0 }

  /// Every word: what stands between spaces.
  var words: [String] { text.split { $0.isWhitespace }.map(String.init) }

  /// The words of the first line that has all these.
  func line(with words: String...) -> [String] {
    let lines = text.split(separator: "\n").map { $0.split { $0.isWhitespace }.map(String.init) }
    return lines.first { line in words.allSatisfy { line.contains($0) } } ?? []
  }

  func contains(_ words: String) -> Bool {
    self.words.joined(separator: " ").contains(words)
  }
}

import XCTest

/// Small files, short functions, narrow lines: what fits on a screen is read.
final class SizeTests: XCTestCase {
  private static let widthMax = 100
  private static let functionLinesMax = 70
  private static let fileLinesMax = 400

  func test_swiftSources_areAtMost100ColumnsWide() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources", "Tests"]) {
      for (index, line) in file.lines.enumerated() where line.count > Self.widthMax {
        XCTFail("\(file.path):\(index + 1) has \(line.count) columns")
      }
    }
  }

  func test_swiftSources_areAtMost400Lines() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources", "Tests"])
    where file.lines.count - 1 > Self.fileLinesMax {
      XCTFail("\(file.path) has \(file.lines.count - 1) lines")
    }
  }

  func test_functions_areAtMost70LinesLong() throws {
    var count = 0
    for file in try SourceTree.swiftFiles(in: ["Sources", "Tests"]) {
      for function in FunctionScanner.functions(in: file.code) {
        count += 1
        if function.length > Self.functionLinesMax {
          XCTFail("\(file.path):\(function.line) \(function.name): \(function.length) lines")
        }
      }
    }
    XCTAssertGreaterThan(count, 300, "the scanner no longer finds functions")
  }

  func test_scanner_countsFromDeclarationToBrace() {
    let code = [
      "struct A {",
      "  func requirement()",
      "  func oneLine() { 1 }",
      "  public static func two(",
      "    _ value: Int",
      "  ) throws -> Int {",
      "    value",
      "  }",
      "  init?(text: String) {",
      "  }",
      "}",
    ]
    XCTAssertEqual(
      FunctionScanner.functions(in: code),
      [.init(line: 4, name: "two", length: 5), .init(line: 9, name: "init", length: 2)])
  }

  func test_stripper_removesCommentsAndStringContents() {
    let source = "a // b\n\"c \\\" d\" e /* f\n /* g */ */ h #\"i \" j\"# k"
    XCTAssertEqual(CodeStripper.code(of: source), "a \n\"\" e \n h \"\" k")
  }
}

import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Every fixture is a script in k6's style with the log of what it did as it was written, run by
/// an engine that knows ES modules, with functions that answer at once. Here its compiled form
/// meets functions that answer promises, and must do the same in the same order.
final class ScriptCompilerRunTests: XCTestCase {
  private let compiler = ScriptCompiler()
  private let context = JavaScriptContext(engine: JavaScriptEngine())

  override func setUpWithError() throws {
    try XCTSkipUnless(compiler.hasParser, "node-acorn is not installed")
  }

  private func function(_ name: String) throws -> JavaScriptValue {
    try context.evaluate(CompilerFixtures.text(name), file: name)
  }

  private func helpers() throws -> JavaScriptValue {
    let path = "Sources/Shared/JavaScript/Prelude/async-helpers.js"
    let root = CompilerFixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try context.evaluate(
      String(contentsOf: root.appending(path: path), encoding: .utf8), file: path)
  }

  func test_compiledScripts_doWhatTheScriptsDid() throws {
    let driver = try function("driver.js")
    let harness = try function("harness.js")
    let helpers = try helpers()
    let cases = try CompilerFixtures.runnable()
    XCTAssertGreaterThan(cases.count, 100)
    for item in cases {
      do {
        let script = try compiler.compile(item.source, file: item.name)
        let outcome = try driver.call([harness, helpers, context.string(script.code)])
        XCTAssertEqual(outcome["text"].text, item.expected, "\(item.name)\n\(script.code)")
      } catch {
        XCTFail("\(item.name): \(error)")
      }
    }
  }

  func test_compiledScripts_keepEveryLineAndColumn() throws {
    for item in try CompilerFixtures.scripts() {
      let script = try compiler.compile(item.source, file: item.name)
      let written = item.source.components(separatedBy: "\n")
      let lines = script.code.components(separatedBy: "\n")
      XCTAssertEqual(lines.count, written.count, item.name)
      for (index, line) in lines.enumerated() {
        let units = Array(line.utf16)
        let mark = Array("http.".utf16)
        for start in units.indices where units[start...].starts(with: mark) {
          let column = script.originalColumn(line: index + 1, column: start + 1)
          let original = Array(written[index].utf16).dropFirst(column - 1)
          XCTAssert(original.starts(with: mark), "\(item.name):\(index + 1):\(column) \(line)")
        }
      }
    }
  }
}

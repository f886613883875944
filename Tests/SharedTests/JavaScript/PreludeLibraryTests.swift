import Foundation
import XCTest

@testable import Shared

/// Runs the tests of the script library, which are written in JavaScript themselves.
final class PreludeLibraryTests: XCTestCase {
  private struct Outcome: Decodable {
    var assertions: Int
    var failures: [String]
    var isDone: Bool
  }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/prelude")

  private static let names: Set<String> = [
    "encoding", "httpx", "jslib", "k6-crypto", "k6-encoding", "k6-html", "k6-summary", "k6chaijs",
    "papaparse", "platform", "url",
  ]

  func test_fixtures_allHaveATestHere() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let found = files.filter { $0.hasSuffix(".test.js") }.map { String($0.dropLast(8)) }
    XCTAssertEqual(Set(found), Self.names)
  }

  func test_encoding() throws { try run("encoding") }
  func test_httpx() throws { try run("httpx") }
  func test_jslib() throws { try run("jslib") }
  func test_k6Chai() throws { try run("k6chaijs") }
  func test_k6Crypto() throws { try run("k6-crypto") }
  func test_k6Encoding() throws { try run("k6-encoding") }
  func test_k6HTML() throws { try run("k6-html") }
  func test_k6Summary() throws { try run("k6-summary") }
  func test_papaparse() throws { try run("papaparse") }
  func test_platform() throws { try run("platform") }
  func test_url() throws { try run("url") }

  func test_prelude_definesTheModulesOfTheLibrary() throws {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    let registry = try context.evaluate(
      Prelude.text(PackageResources.registry_js), file: "registry.js")
    let host = try evaluate("harness.js", in: context).call([registry])["host"]
    context.global["realm"] = try Prelude.install(in: context, host: host)
    let modules = [
      "k6/crypto", "k6/encoding", "k6/html", "jslib/formdata", "jslib/httpx", "jslib/k6-summary",
      "jslib/k6-utils", "jslib/k6chaijs", "jslib/papaparse", "jslib/url",
    ]
    for name in modules {
      let known = try context.evaluate("realm.modules.has('\(name)')", file: "modules.js")
      XCTAssert(known.isTrue, name)
    }
    let names = try context.evaluate("realm.seal()", file: "names.js").text
    for name in ["URL", "URLSearchParams", "TextEncoder", "TextDecoder", "atob", "btoa"]
      + ["structuredClone", "crypto", "performance", "DOMException"]
    {
      XCTAssert(names.split(separator: ",").contains(Substring(name)), name)
    }
  }

  /// Runs one fixture in a realm of its own that has the library and nothing else.
  private func run(_ name: String, line: UInt = #line) throws {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    let registry = try context.evaluate(
      Prelude.text(PackageResources.registry_js), file: "registry.js")
    let harness = try evaluate("harness.js", in: context).call([registry])
    for file in Prelude.library {
      let function = try context.evaluate(Prelude.text(file.bytes), file: file.name)
      try function.call(
        [registry["define"], registry["globals"], harness["host"], registry["realm"]])
    }
    try harness["run"].call([evaluate("\(name).test.js", in: context)])
    let text = try harness["outcome"].call().text
    let outcome = try JSONDecoder().decode(Outcome.self, from: Data(text.utf8))
    for failure in outcome.failures { XCTFail(failure, line: line) }
    XCTAssert(outcome.isDone, "a promise of the fixture was never kept", line: line)
    XCTAssertGreaterThan(outcome.assertions, 10, line: line)
  }

  private func evaluate(_ file: String, in context: JavaScriptContext) throws -> JavaScriptValue {
    let source = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    return try context.evaluate(source, file: file)
  }
}

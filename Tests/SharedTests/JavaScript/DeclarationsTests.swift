import Foundation
import TestSupport
import XCTest

@testable import Shared

/// `throng.d.ts` tells editors of everything that scripts see.
final class DeclarationsTests: XCTestCase {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let file = root.appending(
    path: "Sources/Commands/throng/New/Templates/throng.d.ts")

  private func realm() throws -> (context: JavaScriptContext, realm: JavaScriptValue) {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    let registry = try context.evaluate(
      Prelude.text(PackageResources.registry_js), file: "registry.js")
    let harness = try String(
      contentsOf: Self.root.appending(path: "Tests/Fixtures/prelude/harness.js"), encoding: .utf8)
    let host = try context.evaluate(harness, file: "harness.js").call([registry])["host"]
    let realm = try Prelude.install(in: context, host: host)
    context.global["realm"] = realm
    return (context, realm)
  }

  func test_everyGlobal_isDeclared() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    let (_, realm) = try realm()
    try realm["configure"].call([realm.context.string(#"{"params":{}}"#)])
    let names = try realm["seal"].call().text.split(separator: ",")
    XCTAssertGreaterThan(names.count, 40)
    // The language has these; the compiler alone writes the last one.
    let others: Set<Substring> = ["globalThis", "global", "self", "__throng"]
    for name in names where !others.contains(name) {
      let isDeclared = ["const", "var", "function"].contains { kind in
        [":", "(", "<"].contains { text.contains("\ndeclare \(kind) \(name)\($0)") }
      }
      XCTAssert(isDeclared, "throng.d.ts lacks \(name)")
    }
  }

  func test_everyModule_isDeclared() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    let (context, _) = try realm()
    let names = try context.evaluate("[...realm.modules.keys()].join()", file: "modules.js").text
    XCTAssertGreaterThan(names.split(separator: ",").count, 15)
    for name in names.split(separator: ",") {
      let isLibrary = name.hasPrefix("jslib/")
      let module = isLibrary ? "https://jslib.k6.io/\(name.dropFirst(6))/*" : String(name)
      XCTAssert(text.contains("declare module '\(module)'"), "throng.d.ts lacks \(module)")
    }
  }

  /// The scripts that people see first have no mistakes underlined in their editors.
  func test_scripts_haveTheTypesThatAreDeclared() throws {
    guard (try? ChildProcess.find("tsc")) != nil else {
      throw XCTSkip("there is no TypeScript compiler (Debian: node-typescript)")
    }
    let folder = try TemporaryDirectory()
    try folder.write("throng.d.ts", String(contentsOf: Self.file, encoding: .utf8))
    var files = [folder.file("throng.d.ts")]
    for (path, names) in [
      ("Sources/Commands/throng/New/Templates", ["starter", "starter-k6"]),
      ("Tests/Fixtures/scripts", try scripts("Tests/Fixtures/scripts")),
      ("Tests/Fixtures/k6", try scripts("Tests/Fixtures/k6")),
    ] {
      for name in names {
        let text = try String(
          contentsOf: Self.root.appending(path: "\(path)/\(name).js"), encoding: .utf8)
        // A script that neither imports nor exports would share its names with the others.
        let isModule = text.contains("\nimport ") || text.contains("\nexport ")
        files.append(
          try folder.write("\(name).js", isModule ? text : "{\n" + text + "}\n"))
      }
    }
    XCTAssertGreaterThan(files.count, 20)
    for libraries in ["esnext", "esnext,dom"] {
      let compiler = try ChildProcess(
        executable: ChildProcess.find("tsc"),
        ["--noEmit", "--allowJs", "--checkJs", "--target", "esnext", "--lib", libraries]
          + ["--moduleResolution", "node"] + files)
      XCTAssertEqual(try compiler.waitForExit(seconds: 120), 0, compiler.output)
    }
  }

  private func scripts(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: folder).path)
      .filter { $0.hasSuffix(".js") }.map { String($0.dropLast(3)) }.sorted()
  }
}

import Foundation
import Shared
import TestSupport
import XCTest

/// `throng new`: scripts to begin with.
final class NewCommandTests: XCTestCase {
  private func new(_ arguments: [String], in directory: TemporaryDirectory) throws -> ChildProcess {
    let process = try ChildProcess(
      product: "throng", ["new"] + arguments, directory: directory.path)
    try process.waitForExit()
    return process
  }

  func test_new_writesAScriptAndDeclarations() throws {
    for (arguments, words) in [
      (["load.js"], ["module.exports = async", "throng run load.js"]),
      (["--k6", "load.js"], ["from 'k6/http'", "export const options", "throng run load.js"]),
    ] {
      let directory = try TemporaryDirectory()
      let process = try new(arguments, in: directory)
      XCTAssertEqual(try process.waitForExit(), 0, process.errors)
      XCTAssertEqual(process.output, "wrote load.js\nwrote throng.d.ts\n")
      let script = try directory.read("load.js")
      for word in words { XCTAssert(script.contains(word), "\(word) is missing in \(script)") }
      let declarations = try directory.read("throng.d.ts")
      XCTAssert(declarations.contains("declare module 'k6/http'"), declarations)
      XCTAssert(declarations.hasPrefix("// Written by `throng new`"), declarations)
    }
  }

  func test_existingScript_isNotOverwritten() throws {
    let directory = try TemporaryDirectory()
    try directory.write("load.js", "mine")
    let process = try new(["load.js"], in: directory)
    XCTAssertEqual(try process.waitForExit(), 104)
    XCTAssert(process.errors.contains("load.js is there already"), process.errors)
    XCTAssertEqual(try directory.read("load.js"), "mine")
  }

  func test_declarations_areReplacedOnlyIfTheyAreOurOlderOnes() throws {
    let directory = try TemporaryDirectory()
    XCTAssertEqual(try new(["a.js"], in: directory).waitForExit(), 0)
    let text = try directory.read("throng.d.ts")
    let version = "Version \(throngVersion)"
    XCTAssert(text.contains(version), text)

    let again = try new(["b.js"], in: directory)
    XCTAssertEqual(again.output, "wrote b.js\n")

    try directory.write("throng.d.ts", text.replacing(version, with: "Version 0.0.9") + "//\n")
    let older = try new(["c.js"], in: directory)
    XCTAssertEqual(older.output, "wrote c.js\nwrote throng.d.ts\n")
    XCTAssertEqual(try directory.read("throng.d.ts"), text)

    for (name, kept, reason) in [
      ("d.js", text.replacing(version, with: "Version 99.0.0"), "newer version"),
      ("e.js", "declare const mine: string;\n", "not from throng new"),
    ] {
      try directory.write("throng.d.ts", kept)
      let process = try new([name], in: directory)
      XCTAssertEqual(try process.waitForExit(), 0, process.errors)
      XCTAssert(process.output.contains(reason), process.output)
      XCTAssertEqual(try directory.read("throng.d.ts"), kept)
    }
  }

  func test_badNames_areRefusedNamingThem() throws {
    let directory = try TemporaryDirectory()
    for (arguments, code, words) in [
      ([], 104, "throng new script.js"), (["load.json"], 104, "load.json"),
      ([".js"], 104, "\".js\""), (["--colour", "a.js"], 104, "--colour"),
      (["nowhere/load.js"], 1, "nowhere/load.js"),
    ] as [([String], Int32, String)] {
      let process = try new(arguments, in: directory)
      XCTAssertEqual(try process.waitForExit(), code, "\(arguments): \(process.errors)")
      XCTAssert(process.errors.contains(words), "\(arguments): \(process.errors)")
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: directory.path), [])
  }

  func test_help_tellsOfNew() throws {
    let directory = try TemporaryDirectory()
    let help = try new(["--help"], in: directory)
    XCTAssertEqual(try help.waitForExit(), 0)
    XCTAssert(help.output.contains("--k6"), help.output)
    let whole = try ChildProcess(product: "throng", ["--help"])
    XCTAssertEqual(try whole.waitForExit(), 0)
    XCTAssert(whole.output.contains("throng new script.js"), whole.output)
  }
}

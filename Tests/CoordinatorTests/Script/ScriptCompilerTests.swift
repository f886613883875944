import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class ScriptCompilerTests: XCTestCase {
  private let compiler = ScriptCompiler()

  private func needParser() throws {
    try XCTSkipUnless(compiler.hasParser, "node-acorn is not installed")
  }

  private func failure(
    of source: String, _ compiler: ScriptCompiler? = nil, line: UInt = #line
  ) -> ScriptError {
    do {
      let script = try (compiler ?? self.compiler).compile(source, file: "s.js")
      XCTFail("compiled to \(script.code)", line: line)
      return ScriptError(file: "", problems: [])
    } catch {
      return error
    }
  }

  func test_refusals_nameEverythingWithItsPlace() throws {
    try needParser()
    let cases = try CompilerFixtures.cases(in: "refusals.txt")
    XCTAssertGreaterThan(cases.count, 18)
    for item in cases {
      let found = failure(of: item.source).problems.map { problem in
        "\(problem.line ?? 0):\(problem.column ?? 0) \(problem.message)\n"
      }
      XCTAssertEqual(found.joined(), item.expected, item.name)
    }
  }

  func test_moduleSyntax_becomesTheBodyOfAFunction() throws {
    try needParser()
    let script = try compiler.compile(
      """
      import http, { post as send } from 'k6/http';
      import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';
      export const options = { vus: 1 };
      const users = open('./users.json');
      export default function () { send(http.get('/')); }
      """, file: "s.js")
    XCTAssertEqual(
      script.code,
      """
      __throng.exports(exports, { options: () => options }); \
      const http = __throng.default(require("k6/http")), { post: send } = require("k6/http");
      const { textSummary } = require("jslib/k6-summary");
      const options = { vus: 1 };
      const users = open('./users.json');
      exports.default = async function () { await send(await http.get('/')); };
      """)
    XCTAssertEqual(script.kind, .module)
    XCTAssert(script.isRewritten)
    XCTAssertEqual(script.imports, ["k6/http", "jslib/k6-summary"])
    XCTAssertEqual(script.opens, ["./users.json"])
    XCTAssertEqual(script.exports, ["options", "default"])
  }

  func test_plainCommonJS_staysAsItIs() throws {
    try needParser()
    let source =
      "const { http } = require('throng');\nmodule.exports = async () => http.get('/');\n"
    let script = try compiler.compile(source, file: "s.js")
    XCTAssertEqual(script.code, source)
    XCTAssertEqual(script.kind, .commonJS)
    XCTAssertFalse(script.isRewritten)
    XCTAssertEqual(script.insertions, [])
    XCTAssertEqual(script.exports, ["default"])
  }

  func test_marksAtTheBeginningOfAFile_areTaken() throws {
    try needParser()
    let script = try compiler.compile(
      "\u{FEFF}#!/usr/bin/env k6\r\nimport { sleep } from 'k6';\r\n"
        + "export default () => sleep(1);\r\n",
      file: "s.js")
    XCTAssertEqual(
      script.code,
      "///usr/bin/env k6\r\nconst { sleep } = require(\"k6\");\r\n"
        + "exports.default = async () => await sleep(1);\r\n")
  }

  func test_places_countLinesOfAllKindsAndUTF16() throws {
    try needParser()
    let error = failure(of: "const a = 1;\r\n\r\tconst größe = '😀', b = ;\r\n")
    XCTAssertEqual(error.message, "Unexpected token")
    XCTAssertEqual(error.line, 3)
    XCTAssertEqual(error.column, 26)
    XCTAssertEqual(
      error.excerpt, "\tconst größe = '😀', b = ;\n\t" + String(repeating: " ", count: 23) + "^")
    XCTAssertEqual(error.description, "s.js:3:26: Unexpected token\n" + error.excerpt)
  }

  func test_excerpt_ofALongLine_isCut() {
    let line = String(repeating: "a", count: 100) + "!" + String(repeating: "b", count: 100)
    let text = SourceExcerpt.text(of: "x\n\(line)\ny", line: 2, column: 101)
    let lines = text.components(separatedBy: "\n")
    XCTAssertEqual(lines[0].count, 122)
    XCTAssertEqual(Array(lines[0])[lines[1].count - 1], "!")
    XCTAssertEqual(SourceExcerpt.text(of: "x", line: 2, column: 1), "")
  }

  func test_tooLargeScript_isRefusedUnread() {
    let error = failure(of: String(repeating: "x", count: Limits.scriptSourceBytesMax + 1))
    XCTAssertNil(error.line)
    XCTAssert(error.message.contains("at most \(Limits.scriptSourceBytesMax)"), error.message)
  }

  func test_deepNesting_isRefused() throws {
    try needParser()
    let error = failure(of: String(repeating: "[", count: 200_000))
    XCTAssertEqual(error.message, "is nested too deeply to be compiled")
  }

  func test_slowCompilation_isEnded() throws {
    try needParser()
    let hasty = ScriptCompiler(timeoutMs: 20)
    let source =
      String(repeating: "import { sleep } from 'k6'; ", count: 1)
      + String(
        repeating: "(function () { var f = [x => sleep(x)]; f.map(g => g(f)); })();\n", count: 9_000
      )
    XCTAssertEqual(failure(of: source, hasty).message, "takes more than 20 ms to compile")
  }

  func test_withoutParser_asyncCommonJSIsTakenAndTheRestNamesThePackage() throws {
    let bare = ScriptCompiler(parserFile: "/nonexistent/acorn.js")
    XCTAssertFalse(bare.hasParser)
    let source =
      "#!/x\nconst http = require('k6/http');\nmodule.exports = async () => http.get('/');"
    XCTAssertEqual(
      try bare.compile(source, file: "s.js").code, "//" + source.dropFirst(2))
    let package = "needs the Debian package node-acorn"
    for refused in [
      "export default async function () {}",
      "const http = require('k6/http');\nmodule.exports = () => http.get('/');",
    ] {
      let error = failure(of: refused, bare)
      XCTAssert(error.message.contains(package), error.message)
    }
    XCTAssertEqual(failure(of: "let a = 1;\nlet b = ;", bare).line, 2)
  }
}

import XCTest

@testable import Shared

final class JavaScriptEngineTests: XCTestCase {
  private func context(turnMs: Int = 5_000, growthBytes: Int64 = 256 << 20) -> JavaScriptContext {
    JavaScriptContext(
      engine: JavaScriptEngine(allowance: .init(turnMs: turnMs, growthBytes: growthBytes)))
  }

  private func failure(
    of source: String, in context: JavaScriptContext, line: UInt = #line
  ) -> JavaScriptError {
    do {
      let value = try context.evaluate(source, file: "test.js")
      XCTFail("no error but \(value.text)", line: line)
      return JavaScriptError(name: "", message: "")
    } catch {
      return error
    }
  }

  func test_evaluate_returnsTheLastValue() throws {
    let context = context()
    XCTAssertEqual(try context.evaluate("'a\\u0000é€😀' + 1", file: "a.js").text, "a\0é€😀1")
    XCTAssertEqual(try context.evaluate("({a: [1, 'x']})", file: "a.js").json, #"{"a":[1,"x"]}"#)
    XCTAssertEqual(context.json(#"{"n": 5}"#)?["n"].number, 5)
    XCTAssertNil(context.json("{"))
  }

  func test_errors_knowTheirPlace() throws {
    let context = context()
    let thrown = failure(of: "let a = 1\n\n  null.x", in: context)
    XCTAssertEqual(thrown.name, "TypeError")
    XCTAssertEqual(thrown.file, "test.js")
    XCTAssertEqual(thrown.line, 3)
    let syntax = failure(of: "let b = 1\nlet c = ;", in: context)
    XCTAssertEqual(syntax.name, "SyntaxError")
    XCTAssertEqual(syntax.line, 2)
    XCTAssertEqual(failure(of: "throw 'text'", in: context).message, "text")
    XCTAssertThrowsError(try context.checkSyntax("a b", file: "x.js"))
    XCTAssertNoThrow(try context.checkSyntax("a(b)", file: "x.js"))
  }

  /// The library keeps the callback for unhandled rejections as a root of its own.
  func test_realmsThatGo_giveTheirMemoryBack() throws {
    let engine = JavaScriptEngine()
    let before = ProcessMemory.residentBytes()
    for _ in 0..<200 {
      let context = JavaScriptContext(engine: engine)
      let callback = try context.evaluate(
        "var kept = new Array(131072).fill(1.5); (() => kept)", file: "kept.js")
      try context.setUnhandledRejectionCallback(callback)
    }
    // 200 MiB were kept; garbage waits for its collection.
    XCTAssertLessThan(ProcessMemory.residentBytes() - before, 100 << 20)
  }

  func test_endlessLoop_endsAndTheRealmGoesOn() throws {
    let context = context(turnMs: 100)
    let error = failure(of: "try { while (true) {} } catch { 1 } finally { 2 }", in: context)
    XCTAssert(error.message.contains("100 ms"), error.message)
    XCTAssertEqual(context.engine.stop, .time)
    XCTAssertEqual(try context.evaluate("1 + 1", file: "b.js").number, 2)
    XCTAssertNil(context.engine.stop)
    XCTAssert(failure(of: "for (;;) ;", in: context).message.contains("100 ms"))
  }

  func test_endlessPromiseChain_ends() throws {
    let context = context(turnMs: 100)
    try context.evaluate("const f = () => Promise.resolve().then(f); f()", file: "c.js")
    XCTAssertEqual(context.engine.stop, .time)
    try context.evaluate("(async () => { for (;;) await Promise.resolve() })()", file: "d.js")
    XCTAssertEqual(context.engine.stop, .time)
    try context.evaluate("(async () => { for (;;) await null })()", file: "d.js")
    XCTAssertEqual(context.engine.stop, .time)
    try context.evaluate("Promise.resolve().then(() => { globalThis.done = 1 })", file: "e.js")
    XCTAssertEqual(context.global["done"].number, 1)
  }

  func test_greedyAllocation_ends() throws {
    let context = context(growthBytes: 128 << 20)
    let error = failure(
      of: "const a = []; for (;;) a.push(new Array(100000).fill(1.5))", in: context)
    XCTAssert(error.message.contains("128 MiB"), error.message)
    XCTAssertEqual(context.engine.stop, .memory)
  }

  func test_deepRecursion_isARangeError() {
    XCTAssertEqual(failure(of: "(function f() { f() })()", in: context()).name, "RangeError")
  }

  func test_functions_areCalledWithThisAndArguments() throws {
    let context = context()
    let function = try context.evaluate("(function (a, b) { return this.k + a + b })", file: "f")
    let this = context.object()
    this["k"] = context.string("k")
    XCTAssertEqual(
      try function.call([context.number(1), context.bool(true)], this: this).text, "k1true")
    XCTAssertThrowsError(try context.number(1).call())
  }
}

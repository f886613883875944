import Foundation
import Shared

/// Compiles Code scripts, once, when they are uploaded; agents need no parser.
///
/// Every script is compiled in an engine and on a thread of its own: what one script does to the
/// parser's realm meets no other, and its memory goes with it. One compiles at a time.
///
/// `@unchecked Sendable`: all is constant but the lock.
public final class ScriptCompiler: @unchecked Sendable {
  /// For all who have no wishes.
  public static let shared = ScriptCompiler()

  /// What the messages call the package that has the parser.
  static let parserPackage = "needs the Debian package node-acorn"
  private static let parserPath = "/usr/share/nodejs/acorn/dist/acorn.js"

  /// Later files use what earlier ones define; the last one is the compiler.
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("edits.js", PackageResources.edits_js),
    ("syntax.js", PackageResources.syntax_js),
    ("scopes.js", PackageResources.scopes_js),
    ("known-modules.js", PackageResources.known_modules_js),
    ("modules.js", PackageResources.modules_js),
    ("flow.js", PackageResources.flow_js),
    ("graph.js", PackageResources.graph_js),
    ("expressions.js", PackageResources.expressions_js),
    ("calls.js", PackageResources.calls_js),
    ("natives.js", PackageResources.natives_js),
    ("suspension.js", PackageResources.suspension_js),
    ("awaiting.js", PackageResources.awaiting_js),
  ]

  private let parser: String?
  private let timeoutMs: Int
  private let turn = NSLock()

  /// - Parameters:
  ///   - parserFile: where acorn is; by default what `THRONG_ACORN` says, or where Debian has it.
  ///   - timeoutMs: milliseconds for one script.
  public init(parserFile: String? = nil, timeoutMs: Int = Limits.scriptCompileMsMax) {
    let path =
      parserFile ?? ProcessInfo.processInfo.environment["THRONG_ACORN"] ?? Self.parserPath
    parser = try? String(contentsOfFile: path, encoding: .utf8)
    self.timeoutMs = timeoutMs
  }

  /// Whether k6 scripts and ES modules can be compiled.
  public var hasParser: Bool { parser != nil }

  /// Compiles a script, and blocks the caller meanwhile: some 100 ms, 5 s at most.
  ///
  /// - Parameter file: what errors call the script.
  /// - Throws: `ScriptError` with all that is wrong with the script.
  public func compile(_ source: String, file: String) throws(ScriptError) -> CompiledScript {
    let size = source.utf8.count
    guard size <= Limits.scriptSourceBytesMax else {
      let message = "has \(size) bytes; at most \(Limits.scriptSourceBytesMax) are allowed"
      throw ScriptError(file: file, problems: [.init(message)])
    }
    let result = turn.withLock {
      LargeStack.run(bytes: Limits.scriptCompileStackBytes) { [self] in
        let engine = JavaScriptEngine(allowance: .init(turnMs: timeoutMs))
        return compile(source, file, in: JavaScriptContext(engine: engine))
      }
    }
    return try result.get()
  }

  private func compile(
    _ source: String, _ file: String, in context: JavaScriptContext
  ) -> Result<CompiledScript, ScriptError> {
    guard let parser else { return ParserlessCheck.compile(source, file, in: context) }
    do {
      try context.evaluate(parser, file: "throng:acorn.js")
      let parts = context.object()
      for file in Self.files {
        try Self.function(file.name, file.bytes, in: context).call([parts])
      }
      let compiler = try Self.function("compiler.js", PackageResources.compiler_js, in: context)
        .call([context.global["acorn"], parts])
      let answer = try compiler["compile"].call([context.string(source), context.string(file)])
      return read(answer.json, source, file)
    } catch {
      let reason = reason(error, context.engine.stop)
      return .failure(ScriptError(file: file, problems: [.init(reason)]))
    }
  }

  private static func function(
    _ name: String, _ bytes: [UInt8], in context: JavaScriptContext
  ) throws(JavaScriptError) -> JavaScriptValue {
    try context.evaluate(String(decoding: bytes, as: UTF8.self), file: "throng:\(name)")
  }

  /// Why the compiler itself gave up, in words for the script's author.
  private func reason(_ error: JavaScriptError, _ stop: JavaScriptEngine.Stop?) -> String {
    switch stop {
    case .time: "takes more than \(timeoutMs) ms to compile"
    case .memory: "takes too much memory to compile"
    case nil where error.name == "RangeError": "is nested too deeply to be compiled"
    case nil: "cannot be compiled: \(error)"
    }
  }

  /// Reads what the compiler answers.
  private func read(
    _ json: String?, _ source: String, _ file: String
  ) -> Result<CompiledScript, ScriptError> {
    let failure = { (problems: [ScriptError.Problem]) in
      Result<CompiledScript, ScriptError>.failure(ScriptError(file: file, problems: problems))
    }
    guard let json, let value = try? JSONValue.parse(text: json), let answer = value.objectValue
    else { return failure([.init("cannot be compiled: the compiler gave no answer")]) }
    if let error = answer["syntaxError"]?.objectValue {
      return failure([Self.problem(error, source)])
    }
    let problems = (answer["problems"]?.arrayValue ?? []).prefix(Limits.scriptProblemsMax)
    guard problems.isEmpty else {
      return failure(problems.compactMap(\.objectValue).map { Self.problem($0, source) })
    }
    guard let script = CompiledScript(answer) else {
      return failure([.init("cannot be compiled: the compiler's answer is incomplete")])
    }
    return .success(script)
  }

  private static func problem(_ object: JSONObject, _ source: String) -> ScriptError.Problem {
    ScriptError.Problem(
      object["message"]?.stringValue ?? "", line: object["line"]?.number.map { Int($0) },
      column: object["column"]?.number.map { Int($0) }, source: source)
  }
}

import Shared

/// What can be said of a script without a parser: CommonJS scripts whose functions are `async` run
/// as they are, others need the parser.
enum ParserlessCheck {
  /// Around the script, on its own lines, so that places are right.
  private static let opening = "(function (module, exports, require) { 'use strict'; "

  static func compile(
    _ source: String, _ file: String, in context: JavaScriptContext
  ) -> Result<CompiledScript, ScriptError> {
    let code = Self.code(of: source)
    do {
      try context.checkSyntax("\(opening)\(code)\n})", file: file)
    } catch {
      let message =
        "\(error.message) (a script in ES-module syntax \(ScriptCompiler.parserPackage))"
      return .failure(
        ScriptError(
          file: file,
          problems: [.init(message, line: error.line, column: nil, source: source)]))
    }
    // A mention is enough: the worst that comes of it is a message about a package.
    let isForK6 = ["'k6", "\"k6", "`k6", "jslib.k6.io"].contains { code.contains($0) }
    if isForK6, !code.contains("async") {
      let message = "a script for k6 \(ScriptCompiler.parserPackage)"
      return .failure(ScriptError(file: file, problems: [.init(message)]))
    }
    return .success(
      CompiledScript(
        code: code, kind: .commonJS, isRewritten: false, imports: [], opens: [], exports: [],
        insertions: []))
  }

  /// The script without what a function's body cannot begin with.
  private static func code(of source: String) -> String {
    let text =
      source.unicodeScalars.first == "\u{FEFF}"
      ? source.unicodeScalars.dropFirst()
      : source.unicodeScalars[...]
    return text.starts(with: "#!".unicodeScalars)
      ? "//" + String(String.UnicodeScalarView(text.dropFirst(2)))
      : String(String.UnicodeScalarView(text))
  }
}

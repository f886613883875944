import Foundation
import Shared

/// Loads a compiled script in a realm without a world, to see what it exports, and to call what
/// of it needs no world. Every script gets an engine of its own.
enum ScriptEvaluation {
  /// What a script exports.
  struct Description {
    /// Names of its exported functions, `default` among them.
    var exports: [String]
    var options: JSONObject
    /// The metrics of k6 that it has made, by their names.
    var metrics: [String: ThresholdExpression.MetricKind]
  }

  /// - Parameters:
  ///   - params: what the script finds in `params`, `env` and `__ENV`.
  ///   - environment: what it finds in `__ENV` beside them.
  /// - Throws: `ScriptError` with the place at which loading it failed.
  static func describe(
    _ code: CodePayload, params: JSONObject, environment: [String: String] = [:]
  ) throws(ScriptError) -> Description {
    try run(code, params, environment) { (realm, exports) throws(JavaScriptError) in
      let text = try realm["describe"].call([exports]).text
      let answer = (try? JSONValue.parse(text: text))?.objectValue ?? JSONObject()
      return Description(
        exports: answer["exports"]?.arrayValue?.compactMap(\.stringValue) ?? [],
        options: answer["options"]?.objectValue ?? JSONObject(),
        metrics: kinds(answer["metrics"]?.objectValue))
    }
  }

  private static func kinds(
    _ metrics: JSONObject?
  ) -> [String: ThresholdExpression.MetricKind] {
    var kinds: [String: ThresholdExpression.MetricKind] = [:]
    for (name, kind) in metrics?.members ?? [] {
      kinds[name] = kind.stringValue.flatMap(ThresholdExpression.MetricKind.init)
    }
    return kinds
  }

  /// Calls `handleSummary`.
  ///
  /// - Parameter data: what k6 hands to it, see `SummaryData`.
  /// - Returns: texts by name: `stdout`, `stderr` or a file's.
  static func summarise(
    _ code: CodePayload, params: JSONObject, environment: [String: String] = [:],
    data: JSONValue
  ) throws(ScriptError) -> [String: String] {
    let text = data.text
    let outcome = try run(code, params, environment) {
      (evaluation, exports) throws(JavaScriptError) in
      try evaluation["summarise"].call([exports, evaluation.context.string(text)])
      return evaluation["outcome"].text
    }
    let answer = (try? JSONValue.parse(text: outcome))?.objectValue
    if let texts = answer?["texts"]?.objectValue {
      return Dictionary(
        texts.members.compactMap { name, value in value.stringValue.map { (name, $0) } },
        uniquingKeysWith: { $1 })
    }
    let reason = answer?["error"]?.stringValue ?? "it waits for something that never comes"
    throw ScriptError(file: code.fileName, problems: [.init("handleSummary: \(reason)")])
  }

  private static func run<Value: Sendable>(
    _ code: CodePayload, _ params: JSONObject, _ environment: [String: String],
    _ body:
      @escaping @Sendable (JavaScriptValue, JavaScriptValue) throws(JavaScriptError) -> Value
  ) throws(ScriptError) -> Value {
    let result = LargeStack.run(bytes: Limits.scriptCompileStackBytes) {
      load(code, params, environment, body)
    }
    return try result.get()
  }

  private static func load<Value>(
    _ code: CodePayload, _ params: JSONObject, _ environment: [String: String],
    _ body: (JavaScriptValue, JavaScriptValue) throws(JavaScriptError) -> Value
  ) -> Result<Value, ScriptError> {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    var position = ScriptPosition(code)
    do throws(JavaScriptError) {
      let evaluation = try context.evaluate(
        String(decoding: PackageResources.evaluation_js, as: UTF8.self),
        file: "throng:evaluation.js")
      let realm = try Prelude.install(in: context, host: evaluation["host"])
      try evaluation["give"].call([files(of: code, in: context), realm["api"]])
      try realm["configure"].call([context.string(runText(params, environment))])
      let wrapper = ScriptWrapper(names: try realm["seal"].call().text, source: code.source)
      position.firstLineOffset = wrapper.firstLineOffset
      let function = try context.evaluate(wrapper.text, file: code.fileName)
      let exports = try realm["load"].call([context.number(0), context.number(0), function])
      return .success(try body(evaluation, exports))
    } catch {
      let place = position.place(of: error)
      let title = error.name.isEmpty ? error.message : "\(error.name): \(error.message)"
      return .failure(
        ScriptError(
          file: code.fileName,
          problems: [
            .init(
              title, line: place?.line, column: place?.column,
              source: code.original ?? code.source)
          ], isException: true))
    }
  }

  private static func files(
    of code: CodePayload, in context: JavaScriptContext
  ) -> JavaScriptValue {
    let object = context.object()
    for (name, bytes) in code.files {
      object[name] = context.string(Data(bytes).base64EncodedString())
    }
    return object
  }

  private static func runText(
    _ params: JSONObject, _ environment: [String: String]
  ) -> String {
    var run = JSONObject()
    run["region"] = .string("")
    run["agent"] = .string("")
    run["execution"] = .int(0)
    run["chunk"] = .int(0)
    run["clients"] = .int(1)
    run["regionalOffset"] = .int(0)
    run["startMs"] = .int(0)
    run["params"] = .object(params)
    run["environment"] = .object(JSONObject(environment))
    return JSONValue.object(run).text
  }
}

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
    let text = try perform(ScriptJob(code, params: params, environment: environment))
    let answer = (try? JSONValue.parse(text: text))?.objectValue ?? JSONObject()
    return Description(
      exports: answer["exports"]?.arrayValue?.compactMap(\.stringValue) ?? [],
      options: answer["options"]?.objectValue ?? JSONObject(),
      metrics: kinds(answer["metrics"]?.objectValue))
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
    let outcome = try perform(
      ScriptJob(code, params: params, environment: environment, summaryData: data.text))
    let answer = (try? JSONValue.parse(text: outcome))?.objectValue
    if let texts = answer?["texts"]?.objectValue {
      return Dictionary(
        texts.members.compactMap { name, value in value.stringValue.map { (name, $0) } },
        uniquingKeysWith: { $1 })
    }
    let reason = answer?["error"]?.stringValue ?? "it waits for something that never comes"
    throw ScriptError(file: code.fileName, problems: [.init("handleSummary: \(reason)")])
  }

  /// - Returns: a JSON text.
  private static func perform(_ job: ScriptJob) throws(ScriptError) -> String {
    switch ScriptSandbox.current?.run(job) ?? runHere(job) {
    case .text(let text): return text
    case .failed(let error): throw error
    }
  }

  /// Does a job in this process.
  ///
  /// - Parameter begins: called when all is ready for the script.
  static func runHere(
    _ job: ScriptJob, begins: @escaping @Sendable () -> Void = {}
  ) -> ScriptOutcome {
    LargeStack.run(bytes: Limits.scriptCompileStackBytes) { load(job, begins) }
  }

  private static func load(_ job: ScriptJob, _ begins: () -> Void) -> ScriptOutcome {
    let context = JavaScriptContext(engine: JavaScriptEngine())
    let code = job.payload
    var position = ScriptPosition(code)
    do throws(JavaScriptError) {
      let evaluation = try context.evaluate(
        String(decoding: PackageResources.evaluation_js, as: UTF8.self),
        file: "throng:evaluation.js")
      let realm = try Prelude.install(in: context, host: evaluation["host"])
      try evaluation["give"].call([files(of: code, in: context), realm["api"]])
      try realm["configure"].call([context.string(runText(job))])
      let wrapper = ScriptWrapper(names: try realm["seal"].call().text, source: code.source)
      position.firstLineOffset = wrapper.firstLineOffset
      begins()
      let function = try context.evaluate(wrapper.text, file: code.fileName)
      let exports = try realm["load"].call([context.number(0), context.number(0), function])
      guard let data = job.summaryData else {
        let text = try evaluation["describe"].call([exports]).text
        guard text.utf8.count <= Limits.scriptSourceBytesMax else {
          throw JavaScriptError(
            name: "", message: "exports options of more than \(Limits.scriptSourceBytesMax) bytes")
        }
        return .text(text)
      }
      try evaluation["summarise"].call([
        exports, context.string(data), context.number(Double(Limits.ownSummaryBytesMax)),
      ])
      return .text(evaluation["outcome"].text)
    } catch {
      let place = position.place(of: error)
      let title = error.name.isEmpty ? error.message : "\(error.name): \(error.message)"
      return .failed(
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

  private static func runText(_ job: ScriptJob) -> String {
    var run = JSONObject()
    run["region"] = .string("")
    run["agent"] = .string("")
    run["execution"] = .int(0)
    run["chunk"] = .int(0)
    run["clients"] = .int(1)
    run["regionalOffset"] = .int(0)
    run["startMs"] = .int(0)
    run["params"] = (try? JSONValue.parse(text: job.params)) ?? .object(JSONObject())
    run["environment"] = .object(JSONObject(job.environment))
    return JSONValue.object(run).text
  }
}

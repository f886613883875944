import Shared

/// A `Code` script ready for a test: compiled, and looked at.
public struct PreparedCode: Sendable {
  public var payload: CodePayload
  /// What its `options` come to.
  public var configuration: K6Configuration
  /// What its thresholds come to.
  public var limits: [TestLimit]
  /// What the metrics are that it has made while it was loaded, by their names; nil when it may
  /// record others.
  public private(set) var metrics: [String: ThresholdExpression.MetricKind]?

  /// Compiles a script, loads it without a world, and reads its options. Blocks for some 100 ms.
  ///
  /// - Parameters:
  ///   - file: what errors call it.
  ///   - files: what it can open, by name.
  ///   - params: what it finds in `params`, `env` and `__ENV`.
  ///   - environment: what it finds in `__ENV` beside them.
  /// - Throws: `ScriptError` for what is wrong with the script, `ValidationError` for what is
  ///   wrong with its options.
  public init(
    source: String, file: String, files: [String: [UInt8]] = [:], params: JSONObject,
    environment: [String: String] = [:], compiler: ScriptCompiler = .shared
  ) throws {
    let compiled = try compiler.compile(source, file: file)
    let missing = compiled.opens.filter { files[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      throw ScriptError(
        file: file, problems: [.init("opens \(names), which was not uploaded with it")])
    }
    var payload = CodePayload(
      fileName: file, source: compiled.code,
      original: compiled.insertions.isEmpty ? nil : source,
      insertions: compiled.insertions.map { [$0.line, $0.column, $0.length] }, files: files)
    let description = try ScriptEvaluation.describe(
      payload, params: params, environment: environment)
    configuration = try K6Options.configuration(from: description.options)
    metrics = Self.mayRecordOthers(source, compiled) ? nil : description.metrics
    let thresholds = try Thresholds(.object(configuration.thresholds), metrics: metrics)
    limits = thresholds.limits
    payload.exports = description.exports
    let isK6 = compiled.imports.contains { $0.hasPrefix("k6") || $0.hasPrefix("jslib/") }
    payload.isK6 = isK6 && !configuration.keepsCookies
    payload.settings = Self.settings(
      configuration, description.options, thresholds.submetrics)
    self.payload = payload
    try checkExports(file)
  }

  /// Whether a script has other ways to record than the metrics of k6, which it makes while it is
  /// loaded: those of Throng take any name at any time.
  private static func mayRecordOthers(_ source: String, _ compiled: CompiledScript) -> Bool {
    guard compiled.imports.contains(where: { $0.hasPrefix("k6") || $0.hasPrefix("jslib/") }),
      !compiled.imports.contains("throng"), !compiled.imports.contains("testable-utils")
    else { return true }
    return source.contains("results(") || source.contains("results.")
  }

  private func checkExports(_ file: String) throws(ScriptError) {
    guard !payload.exports.contains(configuration.scenario.exec) else { return }
    let wanted =
      configuration.scenario.exec == "default"
      ? "no function to run: module.exports = async () => { … }, or export default"
      : "no function '\(configuration.scenario.exec)', which its scenario runs"
    throw ScriptError(file: file, problems: [.init("exports \(wanted)")])
  }

  /// What scripts can know of their settings, see `CodePayload.settings`.
  private static func settings(
    _ configuration: K6Configuration, _ options: JSONObject,
    _ submetrics: [Thresholds.Submetric]
  ) -> String {
    var settings = JSONObject()
    settings["options"] = .object(K6Options.resolved(options, configuration))
    settings["scenario"] = .string(configuration.scenario.name)
    settings["executor"] = .string(configuration.goal.executor)
    settings["env"] = .object(configuration.scenario.env)
    var tags = configuration.tags
    for (name, value) in configuration.scenario.tags.members { tags[name] = value }
    settings["tags"] = .object(tags)
    settings["batch"] = .int(Int64(configuration.batch))
    settings["batchPerHost"] = .int(Int64(configuration.batchPerHost))
    settings["submetrics"] = .array(
      submetrics.map { part in
        var tags = JSONObject()
        for (name, value) in part.tags { tags[name] = .string(value) }
        return .object(
          ["name": .string(part.name), "metric": .string(part.metric), "tags": .object(tags)])
      })
    return JSONValue.object(settings).text
  }
}

extension LoadGoal {
  /// k6's name for a load like this.
  var executor: String {
    switch model {
    case .closed: iterations == nil ? "constant-vus" : "per-vu-iterations"
    case .sharedIterations: "shared-iterations"
    case .rampingClients: "ramping-vus"
    case .arrivalRate: "ramping-arrival-rate"
    }
  }
}

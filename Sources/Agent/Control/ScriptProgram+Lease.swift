import Shared

extension ScriptProgram {
  /// The script of a lease, ready for the engines.
  ///
  /// - Parameter environment: what `__ENV` has beside parameters.
  /// - Throws: an error whose text says why it cannot be run here.
  init(_ lease: Lease, agent: String, environment: [String: String] = [:]) throws {
    let params = try JSONValue.parse(text: lease.params)
    switch lease.script.kind {
    case .steps:
      let script = try StepsScript.parse(text: lease.script.content)
      self = .steps(try StepsProgram(script: script, params: params))
    case .code:
      guard let code = lease.script.code else {
        throw UsageError("the lease has a Code script that is not compiled")
      }
      var program = CodeProgram(
        code: code,
        runText: try Self.runText(lease, code, params, agent: agent, environment),
        dataText: lease.script.data, export: lease.script.export, life: lease.script.life)
      if let milliseconds = lease.http.scriptTimeoutMs { program.allowance.turnMs = milliseconds }
      self = .code(program)
    }
  }

  /// What scripts can know of their run, as JSON.
  private static func runText(
    _ lease: Lease, _ code: CodePayload, _ params: JSONValue, agent: String,
    _ environment: [String: String]
  ) throws -> String {
    let settings = try JSONValue.parse(text: code.settings)
    var run = settings.objectValue ?? JSONObject()
    run["region"] = .string(lease.region)
    run["agent"] = .string(agent)
    run["execution"] = .int(lease.execution.rawValue)
    run["chunk"] = .int(lease.chunk.rawValue)
    run["clients"] = .int(Int64(lease.clients.regionalTotal))
    run["regionalOffset"] = .int(Int64(lease.clients.first - lease.clients.regionalFirst))
    // Scripts hold it against `Date.now()`.
    run["startMs"] = .int(Clock.systemMicros() / 1_000)
    run["startClockMs"] = .int(Clock.monotonicNanos() / 1_000_000)
    run["params"] = params
    run["userAgent"] = .string(lease.http.userAgent ?? "throng/\(throngVersion)")
    run["environment"] = .object(JSONObject(environment))
    return JSONValue.object(run).text
  }
}

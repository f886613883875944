import Shared

/// What the `options` of a `Code` script settle for a test configuration that leaves it open: what
/// the configuration says itself stands.
enum CodeDefaults {
  /// k6's time limit of a request.
  private static let requestTimeoutMs: Int64 = 60_000

  /// - Parameter object: the configuration as a client sent it.
  static func merged(_ code: PreparedCode, into object: JSONObject) -> JSONObject {
    var merged = object
    let options = code.configuration
    if !["iterations", "durationSecs", "load"].contains(where: { object[$0] != nil }) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.goal(options.goal, clients: options.clients)
      writer.endObject()
      let goal = (try? JSONValue.parse(writer.bytes))?.objectValue ?? JSONObject()
      for (name, value) in goal.members { merged[name] = value }
    }
    let hasNamesOnly = object["regions"]?.arrayValue?.allSatisfy { $0.stringValue != nil } ?? true
    if object["concurrentClients"] == nil, hasNamesOnly {
      merged["concurrentClients"] = .int(Int64(options.clients))
    }
    if object["limits"] == nil, !code.limits.isEmpty {
      merged["limits"] = .array(code.limits.map { .object($0.json) })
    }
    if object["manualStart"] == nil, options.manualStart { merged["manualStart"] = .bool(true) }
    if object["requestTimeoutMs"] == nil, code.payload.isK6 {
      merged["requestTimeoutMs"] = .int(Self.requestTimeoutMs)
    }
    merged["http"] = http(options, object["http"])
    return merged
  }

  private static func http(_ options: K6Configuration, _ given: JSONValue?) -> JSONValue? {
    guard given == nil || given?.objectValue != nil else { return given }
    var http = given?.objectValue ?? JSONObject()
    if http["verifyTls"] == nil, !options.verifyTLS { http["verifyTls"] = .bool(false) }
    if http["redirectsMax"] == nil, options.redirectsMax != HTTPSettings().redirectsMax {
      http["redirectsMax"] = .int(Int64(options.redirectsMax))
    }
    if http["reuseConnections"] == nil, options.closesConnections {
      http["reuseConnections"] = .bool(false)
    }
    if http["userAgent"] == nil, let userAgent = options.userAgent {
      http["userAgent"] = .string(userAgent)
    }
    return http.members.isEmpty ? given : .object(http)
  }
}

extension API {
  /// The body of a configuration, with what its script settles.
  ///
  /// - Throws: `Problem` of status 422 when the script cannot be loaded, or its options are bad.
  func configurationBody(
    _ context: RouteContext, standardName: String? = nil
  ) throws -> TestConfigurationBody {
    var object = try context.body()
    if let code = try preparedCode(for: object) {
      object = CodeDefaults.merged(code, into: object)
    }
    return TestConfigurationBody(object, standardName: standardName)
  }

  /// The `Code` script that a configuration names or brings along; nil when it is none, or when
  /// reading the configuration will tell what is wrong with it.
  private func preparedCode(for object: JSONObject) throws -> PreparedCode? {
    let params = object["scriptParams"]?.objectValue ?? JSONObject()
    if let inline = object["script"]?.objectValue {
      guard inline["scriptType"]?.stringValue == ScriptPayload.Kind.code.rawValue,
        let source = inline["content"]?.stringValue
      else { return nil }
      var reader = FieldReader(inline)
      let name = inline["name"]?.stringValue ?? object["name"]?.stringValue ?? ""
      return try prepare(
        source, ScriptRecord.fileName(of: name), ScriptFiles.read(&reader) ?? [:], params,
        field: "script.content")
    }
    guard case .int(let id)? = object["scriptId"],
      let script = try store.read({ try ScriptStore.find(ScriptID(id), in: $0) }),
      script.kind == .code
    else { return nil }
    return try prepare(
      script.content, script.fileName, script.openableFiles, params, field: "scriptId")
  }

  private func prepare(
    _ source: String, _ file: String, _ files: [String: [UInt8]], _ params: JSONObject,
    field: String
  ) throws -> PreparedCode {
    do {
      return try PreparedCode(
        source: source, file: file, files: files, params: params, environment: environment)
    } catch let error as ScriptError {
      throw Problem.invalid(error.fieldErrors(at: field))
    }
  }
}

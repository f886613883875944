import Shared

/// A test configuration as a client sends it.
struct TestConfigurationBody {
  enum Script {
    case stored(ScriptID)
    case inline(ScriptBody)
  }

  private var name = ""
  private var script: Script?
  private var regions: [RegionShare] = []
  /// Where each region's name stands, for errors.
  private var regionFields: [String] = []
  private var goal = LoadGoal()
  private var iterationSleepSecs = 0.0
  private var rampupSecs = 0.0
  private var manualStart = false
  private var scriptParams = "{}"
  private var http = HTTPSettings()
  private var limits: [TestLimit] = []
  private var tracing = TraceSettings()
  /// What is wrong so far. Thrown by `record`, which finds the unknown names too.
  private var errors: [FieldError] = []

  /// - Parameter standardName: taken when there is no name; nil demands one.
  init(_ object: JSONObject, standardName: String? = nil) {
    var reader = FieldReader(object)
    // What GET answers may be sent back with changes.
    for name in ["id", "createdAt", "updatedAt", "unreadable"] { _ = reader.value(name) }
    let name = reader.string("name", required: standardName == nil, maxLength: 200)
    self.name = name ?? standardName ?? ""
    script = Self.readScript(&reader, name: self.name)
    let load = LoadBody(reading: &reader)
    goal = load.goal
    readRegions(&reader, standardTotal: load.clients)
    iterationSleepSecs =
      reader.double("iterationSleepSecs", range: 0...Double(Limits.stepsSleepMsMax / 1_000)) ?? 0
    rampupSecs = reader.double("rampupSecs", range: 0...Limits.durationSecsMax) ?? 0
    manualStart = reader.bool("manualStart") ?? false
    scriptParams = Self.readParams(&reader) ?? "{}"
    http = HTTPSettings(reading: &reader)
    limits = LimitsBody.read(&reader, regions: regions.map(\.name))
    load.check(
      clients: regions.reduce(0) { $0 + $1.concurrentClients }, rampupSecs: rampupSecs,
      iterationSleepSecs: iterationSleepSecs, &reader)
    tracing = TraceSettings(reading: &reader, params: scriptParams)
    reader.finish()
    errors = reader.errors
  }

  /// Whether the script comes along, to be stored with it.
  var hasOwnScript: Bool { if case .inline = script { true } else { false } }

  /// The record to store, with an inline script stored already.
  ///
  /// - Parameter previous: the record that it replaces, if any.
  /// - Throws: `ValidationError` with all that is wrong, unknown names of scripts and regions
  ///   included.
  func record(
    id: TestConfigurationID, createdAtMs: Int64, updatedAtMs: Int64,
    replacing previous: TestConfigurationRecord? = nil, in db: Database
  ) throws -> TestConfigurationRecord {
    var errors = errors
    for (region, field) in zip(regions, regionFields) {
      if try RegionStore.find(name: region.name, in: db) == nil {
        errors.append(FieldError(field: field, message: "there is no region '\(region.name)'"))
      }
    }
    if case .stored(let id) = script, try ScriptStore.find(id, in: db) == nil {
      errors.append(FieldError(field: "scriptId", message: "there is no script \(id)"))
    }
    guard errors.isEmpty, let script else { throw ValidationError(errors: errors) }
    var record = TestConfigurationRecord(
      id: id, createdAtMs: createdAtMs, updatedAtMs: updatedAtMs, name: name,
      script: try scriptID(script, updatedAtMs, in: db), regions: regions, goal: goal,
      iterationSleepSecs: iterationSleepSecs, rampupSecs: rampupSecs, manualStart: manualStart,
      scriptParams: scriptParams, http: http)
    record.limits = limits
    record.tracing = tracing
    if let previous {
      record.scriptParams = tracing.unmasked(
        params: scriptParams, previous: previous.scriptParams)
    }
    return record
  }

  private func scriptID(_ script: Script, _ atMs: Int64, in db: Database) throws -> ScriptID {
    switch script {
    case .stored(let id): id
    case .inline(let body):
      try ScriptStore.insert(
        body.record(id: ScriptID(0), createdAtMs: atMs, updatedAtMs: atMs), in: db
      ).id
    }
  }
}

extension TestConfigurationBody {
  private static func readScript(_ reader: inout FieldReader, name: String) -> Script? {
    let id = reader.int("scriptId", range: 1...Int.max)
    let inline = reader.object("script")
    if reader.has("scriptId"), reader.has("script") {
      reader.fail("script", "cannot be given together with scriptId")
      return nil
    }
    if let id { return .stored(ScriptID(Int64(id))) }
    if let inline {
      var inner = FieldReader(inline, path: reader.path(of: "script"))
      let body = ScriptBody.read(&inner, standardName: name)
      inner.finish()
      reader.absorb(inner.errors)
      return body.map { .inline($0) }
    }
    if !reader.has("scriptId"), !reader.has("script") {
      reader.fail("scriptId", "either scriptId or script is required")
    }
    return nil
  }

  /// The text of an object, which may come as such a text, too: so it is answered.
  private static func readParams(_ reader: inout FieldReader) -> String? {
    guard let value = reader.value("scriptParams") else { return nil }
    switch value {
    case .object: return value.text
    case .string(let text):
      if let parsed = try? JSONValue.parse(untrusted: Array(text.utf8)), case .object = parsed {
        return parsed.text
      }
    default: break
    }
    reader.fail("scriptParams", "must be an object")
    return nil
  }

  private mutating func readRegions(_ reader: inout FieldReader, standardTotal: Int?) {
    let shares = RegionShares(reading: &reader, standardTotal: standardTotal)
    regions = shares.shares
    regionFields = shares.fields
  }
}

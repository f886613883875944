import Shared

/// Reads the `options` that a k6 script exports. Pure.
///
/// Names, defaults and combinations are those of k6 1.x (`lib/options.go`, `lib/executor`).
/// Options that change what a test does and are not carried out here are refused by name; those
/// that only concern k6's own output are accepted.
public enum K6Options {
  /// - Parameter options: the exported object, evaluated; null stands for what is not set.
  /// - Throws: `ValidationError` that names all bad options as `options.NAME`.
  public static func configuration(
    from options: JSONObject
  ) throws(ValidationError) -> K6Configuration {
    var reader = FieldReader(numbers(in: options.withoutNulls), path: "options")
    var warnings: [String] = []
    let load = K6Load(reading: &reader, &warnings)
    var configuration = K6Configuration(
      goal: load.goal, clients: load.clients, scenario: load.scenario)
    readLife(&reader, &configuration)
    readRequests(&reader, &configuration)
    readMeasures(&reader, &configuration)
    refuse(&reader)
    for name in cosmetic { _ = reader.value(name) }
    configuration.warnings = warnings + unknown(reader)
    try reader.check()
    return configuration
  }

  private static let numeric: Set<String> = [
    "vus", "iterations", "maxRedirects", "batch", "batchPerHost", "startVUs", "preAllocatedVUs",
    "maxVUs", "rate", "startRate", "target",
  ]

  /// k6 takes a number in a string for the number.
  private static func numbers(in object: JSONObject) -> JSONObject {
    JSONObject(
      object.members.map { name, value in
        switch value {
        case .string(let text) where numeric.contains(name):
          (name, Int64(text).map { .int($0) } ?? Double(text).map { .double($0) } ?? value)
        case .array(let elements) where name == "stages":
          (name, .array(elements.map { $0.objectValue.map { .object(numbers(in: $0)) } ?? $0 }))
        case .object(let inner) where name == "scenarios":
          (
            name,
            .object(
              JSONObject(
                inner.members.map { name, scenario in
                  (name, scenario.objectValue.map { .object(numbers(in: $0)) } ?? scenario)
                }))
          )
        default: (name, value)
        }
      })
  }

  private static func readLife(
    _ reader: inout FieldReader, _ configuration: inout K6Configuration
  ) {
    configuration.manualStart = reader.bool("paused") ?? false
    configuration.runsSetup = !(reader.bool("noSetup") ?? false)
    configuration.runsTeardown = !(reader.bool("noTeardown") ?? false)
    if let seconds = reader.k6PositiveDuration("setupTimeout") {
      configuration.setupTimeoutSecs = seconds
    }
    if let seconds = reader.k6PositiveDuration("teardownTimeout") {
      configuration.teardownTimeoutSecs = seconds
    }
    configuration.keepsCookies = reader.bool("noCookiesReset") ?? false
    configuration.throwsOnFailure = reader.bool("throw") ?? false
    configuration.discardsBodies = reader.bool("discardResponseBodies") ?? false
  }

  private static func readRequests(
    _ reader: inout FieldReader, _ configuration: inout K6Configuration
  ) {
    configuration.verifyTLS = !(reader.bool("insecureSkipTLSVerify") ?? false)
    let redirects = reader.int("maxRedirects", range: 0...100)
    configuration.redirectsMax = redirects ?? configuration.redirectsMax
    configuration.closesConnections = reader.bool("noConnectionReuse") ?? false
    configuration.userAgent = reader.string("userAgent")
    let batch = reader.int("batch", range: 1...10_000)
    configuration.batch = batch ?? configuration.batch
    // 0 is k6's way to say that hosts have no bound of their own.
    let perHost = reader.int("batchPerHost", range: 0...10_000)
    configuration.batchPerHost = perHost ?? configuration.batchPerHost
    if perHost == 0 { configuration.batchPerHost = configuration.batch }
  }

  private static func readMeasures(
    _ reader: inout FieldReader, _ configuration: inout K6Configuration
  ) {
    configuration.tags = tags(&reader)
    configuration.thresholds = reader.object("thresholds") ?? JSONObject()
    guard let statistics = reader.array("summaryTrendStats") else { return }
    let names = statistics.compactMap(\.stringValue)
    if names.count == statistics.count {
      configuration.summaryTrendStats = names
    } else {
      reader.fail("summaryTrendStats", "must be names of statistics")
    }
  }

  /// `tags` or `env`: an object whose values are text.
  static func tags(_ reader: inout FieldReader, _ name: String = "tags") -> JSONObject {
    guard let object = reader.object(name) else { return JSONObject() }
    for (key, value) in object.members where value.stringValue == nil {
      reader.absorb([
        FieldError(field: "\(reader.path(of: name)).\(key)", message: "must be a string")
      ])
    }
    return object
  }

  // MARK: what is not carried out

  private static let cosmetic = [
    "summaryTimeUnit", "ext", "cloud", "systemTags", "metricSamplesBufferSize", "noUsageReport",
  ]

  private static let refused = [
    ("httpDebug", "is not supported: traces show whole exchanges"),
    ("rps", "is not supported: use an arrival-rate executor"),
    ("minIterationDuration", "is not supported: use sleep in the script"),
    ("noVUConnectionReuse", "is not supported: only noConnectionReuse is"),
    ("hosts", "is not supported: let the agents' /etc/hosts name them"),
    ("dns", "is not supported: agents resolve as their system does"),
    ("localIPs", "is not supported"),
    ("blacklistIPs", "is not supported"),
    ("blockHostnames", "is not supported"),
    ("tlsVersion", "is not supported"),
    ("tlsCipherSuites", "is not supported"),
    ("tlsAuth", "is not supported"),
    ("executionSegment", "is not supported: agents share the load by themselves"),
    ("executionSegmentSequence", "is not supported: agents share the load by themselves"),
  ]

  /// Values that ask for nothing are fine.
  private static func refuse(_ reader: inout FieldReader) {
    for (name, message) in refused {
      guard let value = reader.value(name) else { continue }
      switch value {
      case .bool(false), .int(0), .string(""), .array([]): continue
      case .object(let object) where object.members.isEmpty: continue
      default: reader.fail(name, message)
      }
    }
  }

  /// k6 warns of options that it does not know, and so do we.
  private static func unknown(_ reader: FieldReader) -> [String] {
    var probe = reader
    let known = probe.errors.count
    probe.finish()
    let found = probe.errors.dropFirst(known).map { "\($0.field): unknown option, ignored" }
    return Array(found)
  }
}

extension JSONObject {
  /// The members that are set.
  var withoutNulls: JSONObject { JSONObject(members.filter { $0.value != .null }) }
}

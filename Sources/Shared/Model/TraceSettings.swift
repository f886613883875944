/// Which requests of a test leave a trace: everything that was sent and received for them.
public enum TraceSampling: Codable, Sendable, Equatable {
  case off
  /// All of them, as far as the execution has room.
  case all
  /// At least so many per resource, outcome and minute, and the slowest and the first failures of
  /// each interval; what exactly is said where the agent decides it, in `TraceSampler`.
  case sampled(perMinute: Int)
}

/// What traces of a test hold, and what they must not show.
public struct TraceSettings: Codable, Sendable, Equatable {
  /// What stands in place of a secret wherever somebody could read it.
  public static let mask = "***"

  public var sampling: TraceSampling
  /// Names of members of `scriptParams` whose values are shown nowhere.
  public var secrets: [String]

  public init(sampling: TraceSampling = .sampled(perMinute: 1), secrets: [String] = []) {
    self.sampling = sampling
    self.secrets = secrets
  }

  /// The values of the secrets: texts, and numbers as JSON has them.
  ///
  /// - Parameter params: the configuration's `scriptParams`, the text of a JSON object.
  public func secretValues(in params: String) -> [String] {
    guard !secrets.isEmpty, let object = Self.object(params) else { return [] }
    return secrets.compactMap { object[$0].flatMap(Self.text) }
  }

  /// The same parameters with masks for the values of secrets.
  public func masked(params: String) -> String {
    guard !secrets.isEmpty, var object = Self.object(params) else { return params }
    for name in secrets where object[name] != nil { object[name] = .string(Self.mask) }
    return JSONValue.object(object).text
  }

  /// The parameters with the secrets that they had before, wherever there is only the mask: who
  /// sends back what was shown has not seen them.
  public func unmasked(params: String, previous: String) -> String {
    guard !secrets.isEmpty, var object = Self.object(params), let old = Self.object(previous)
    else { return params }
    for name in secrets where object[name] == .string(Self.mask) {
      if let value = old[name] { object[name] = value }
    }
    return JSONValue.object(object).text
  }

  /// A value that can be a secret as the text that it has in requests; nil when it cannot be one.
  public static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .int, .double: value.text
    case .null, .bool, .array, .object: nil
    }
  }

  private static func object(_ text: String) -> JSONObject? {
    (try? JSONValue.parse(text: text))?.objectValue
  }
}

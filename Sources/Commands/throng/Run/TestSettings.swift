import Coordinator
import Foundation
import Shared

/// What flags say of a test beside its script, its users and its load.
enum TestSettings {
  static let options = [
    Option("ramp-up", value: "TIME", "time over which users start (default 0s)"),
    Option("sleep", value: "TIME", "pause of a user between iterations (default 0s)"),
    Option("param", value: "NAME=VALUE", repeats: true, "a script parameter, ${params.NAME}"),
    Option(
      "env", short: "e", value: "NAME=VALUE", repeats: true,
      "the same as a text, __ENV.NAME in JavaScript"),
    Option(
      "threshold", value: "METRIC:EXPR", repeats: true,
      "what must hold instead of the script's thresholds, e.g. 'http_req_duration:p(95)<500'"),
    Option("stop-on-breach", "end the run as soon as a threshold does not hold"),
    Option("timeout", value: "TIME", "time limit of a request (default 30s)"),
    Option("http-version", value: "VERSION", "auto, 1.1 or 2 (default auto)"),
    Option("ca", value: "FILE", "PEM certificates to trust instead of the system's"),
    Option("insecure", short: "k", "do not verify certificates"),
  ]

  /// Members of the configuration, as far as flags say anything. Without flags for limits, a
  /// script's own thresholds hold.
  ///
  /// - Throws: `UsageError` naming the flag that is wrong.
  static func members(
    _ options: ParsedOptions, code: PreparedCode?
  ) throws(UsageError) -> JSONObject {
    try members(options, isCode: code != nil, metrics: code?.metrics)
  }

  /// - Parameters:
  ///   - isCode: whether the script is JavaScript, or may be.
  ///   - metrics: its own, by their names; nil when they are not known.
  static func members(
    _ options: ParsedOptions, isCode: Bool,
    metrics: [String: ThresholdExpression.MetricKind]? = nil
  ) throws(UsageError) -> JSONObject {
    var members = JSONObject()
    if let seconds = try options.duration("ramp-up") { members["rampupSecs"] = .double(seconds) }
    if let seconds = try options.duration("sleep") {
      members["iterationSleepSecs"] = .double(seconds)
    }
    if let seconds = try options.duration("timeout") {
      members["requestTimeoutMs"] = .int(Int64(seconds * 1_000))
    }
    let http = try http(options)
    if !http.members.isEmpty { members["http"] = .object(http) }
    let limits = try limits(options, isCode: isCode, metrics)
    if !limits.isEmpty { members["limits"] = .array(limits) }
    return members
  }

  /// Script parameters.
  static func parameters(_ options: ParsedOptions) throws(UsageError) -> JSONObject {
    var object = JSONObject()
    for text in options.strings("param") {
      let (name, value) = try pair(text, flag: "param", form: "NAME=VALUE")
      // `--param n=3` means the number; whatever is no JSON is a string.
      object[name] = (try? JSONValue.parse(Array(value.utf8))) ?? .string(value)
    }
    for text in options.strings("env") {
      let (name, value) = try pair(text, flag: "env", form: "NAME=VALUE")
      object[name] = .string(value)
    }
    return object
  }

  /// A flag's value in two halves.
  static func pair(
    _ text: String, flag: String, form: String
  ) throws(UsageError) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--\(flag): \"\(text)\" is not \(form)")
    }
    return (String(parts[0]), String(parts[1]))
  }

  /// Thresholds as limits. A metric may have colons in its selector, an expression has none.
  private static func limits(
    _ options: ParsedOptions, isCode: Bool,
    _ metrics: [String: ThresholdExpression.MetricKind]?
  ) throws(UsageError) -> [JSONValue] {
    var thresholds = JSONObject()
    for text in options.strings("threshold") {
      guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else {
        throw UsageError("--threshold: \"\(text)\" is not METRIC:EXPR")
      }
      let metric = String(text[..<colon])
      let condition = text[text.index(after: colon)...].drop(while: \.isWhitespace)
      let expression = JSONValue.object([
        "threshold": .string(String(condition)),
        "abortOnFail": .bool(options.has("stop-on-breach")),
      ])
      thresholds[metric] = .array((thresholds[metric]?.arrayValue ?? []) + [expression])
    }
    let read: Thresholds
    do {
      read = try Thresholds(.object(thresholds), path: "--threshold", metrics: metrics)
    } catch {
      throw UsageError("\(error)")
    }
    if let part = read.submetrics.first, !isCode {
      throw UsageError("--threshold: only JavaScript scripts record \(part.name)")
    }
    return read.limits.map { .object($0.json) }
  }

  private static func http(_ options: ParsedOptions) throws(UsageError) -> JSONObject {
    var object = JSONObject()
    if let version = options.string("http-version") {
      guard HTTPVersion(rawValue: version) != nil else {
        throw UsageError("--http-version: \"\(version)\" is not auto, 1.1 or 2")
      }
      object["version"] = .string(version)
    }
    if options.has("insecure") { object["verifyTls"] = .bool(false) }
    if let path = options.string("ca") {
      guard let data = FileManager.default.contents(atPath: path),
        let text = String(data: data, encoding: .utf8)
      else { throw UsageError("--ca: cannot read \(path)") }
      object["caPem"] = .string(text)
    }
    return object
  }
}

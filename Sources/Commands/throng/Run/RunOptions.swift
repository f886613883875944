import Coordinator
import Foundation
import Shared

/// What `throng run` was asked to do.
struct RunOptions {
  /// The body of `POST /start`.
  var body: [UInt8]
  /// Clients per region, in the order given.
  var regions: [(name: String, users: Int)]
  /// Planned length, seconds; nil for a number of iterations.
  var durationSecs: Double?
  /// Iterations of all clients together; nil for a duration.
  var iterations: Int64?
  var title: String
  var script: RunScript
  var dataDirectory: String?
  var jsonFile: String?
  var csvFile: String?
  var quiet: Bool

  var users: Int { regions.reduce(0) { $0 + $1.users } }

  static let parser = OptionParser(
    [
      Option("users", short: "u", value: "N", "virtual users (default 10, or what the script says)")
    ] + RunLoad.options + [
      Option("ramp-up", value: "TIME", "time over which users start (default 0s)"),
      Option("sleep", value: "TIME", "pause of a user between iterations (default 0s)"),
      Option(
        "region", value: "NAME=USERS", repeats: true,
        "a region and its users, instead of --users; may be repeated"),
      Option("param", value: "NAME=VALUE", repeats: true, "a script parameter, ${params.NAME}"),
      Option(
        "env", short: "e", value: "NAME=VALUE", repeats: true,
        "the same as a text, __ENV.NAME in JavaScript"),
      Option(
        "threshold", value: "METRIC:EXPR", repeats: true,
        "what must hold, as k6 writes it, e.g. 'http_req_duration:p(95)<500'"),
      Option("stop-on-breach", "end the run as soon as a threshold does not hold"),
      Option("timeout", value: "TIME", "time limit of a request (default 30s)"),
      Option("http-version", value: "VERSION", "auto, 1.1 or 2 (default auto)"),
      Option("ca", value: "FILE", "PEM certificates to trust instead of the system's"),
      Option("insecure", short: "k", "do not verify certificates"),
      Option("data-dir", value: "DIR", "keep the store there (default: a temporary directory)"),
      Option("json", value: "FILE", "write the execution and its summary as JSON"),
      Option("csv", value: "FILE", "write every result as CSV"),
      Option("quiet", short: "q", "no progress, only the summary"),
    ] + OptionParser.common, argumentsMax: 1)

  static var help: String {
    """
    throng run: run a test with a coordinator, agents and store in this one process

    usage: throng run URL | script.js | script.json [flags]

    \(parser.helpText())
    Ctrl-C ends the test gracefully and still prints the summary; a second one exits at once.

    exit codes:
      0    the test ran to its end
      1    failure: the test could not be carried out, or not one request got a response
      99   a limit of the test was breached
      104  bad flags, script or configuration
      105  stopped by the user

    examples:
      throng run http://127.0.0.1:8081/ -u 50 -d 30s
      throng run script.js -e BASE_URL=http://127.0.0.1:8081
      throng run script.json --region eu-west=20 --region us-east=20 -i 100 --ramp-up 5s
      throng run script.json --stage 30s:50 --stage 5m:50 --stage 30s:0
      throng run script.json --rate 100/s -d 1m --users 500

    """
  }

  /// - Throws: `UsageError` naming what is wrong.
  init(_ options: ParsedOptions) throws(UsageError) {
    guard let target = options.arguments.first else {
      throw UsageError("a URL or a script file is missing")
    }
    title = target
    quiet = options.has("quiet")
    dataDirectory = options.string("data-dir")
    jsonFile = options.string("json")
    csvFile = options.string("csv")
    let params = try Self.parameters(options)
    let script = try RunScript(target, params: params)
    self.script = script
    let load = try RunLoad(options, code: script.code)
    regions = try Self.regions(options, standard: load.usersStandard)
    durationSecs = load.durationSecs
    let users = regions.reduce(0) { $0 + $1.users }
    iterations =
      load.shared.map { Int64($0) } ?? load.perUser.map { Int64($0) * Int64(users) }

    var body = load.members
    body["name"] = .string(title)
    body["script"] = .object(script.object)
    body["regions"] = .array(
      regions.map { region in
        var share = JSONObject()
        share["name"] = .string(region.name)
        share["concurrentClients"] = .int(Int64(region.users))
        return .object(share)
      })
    if let seconds = try options.duration("ramp-up") { body["rampupSecs"] = .double(seconds) }
    if let seconds = try options.duration("sleep") { body["iterationSleepSecs"] = .double(seconds) }
    if let seconds = try options.duration("timeout") {
      body["requestTimeoutMs"] = .int(Int64(seconds * 1_000))
    }
    body["scriptParams"] = .object(params)
    body["http"] = .object(try Self.http(options))
    let limits = try Self.limits(options, of: target)
    // Without flags, a script's own thresholds hold.
    if !limits.isEmpty { body["limits"] = .array(limits) }
    self.body = JSONValue.object(body).encoded()
  }

  private static func regions(
    _ options: ParsedOptions, standard: Int
  ) throws(UsageError) -> [(name: String, users: Int)] {
    let users = try options.int("users", in: 1...Limits.clientsPerExecutionMax)
    let texts = options.strings("region")
    guard !texts.isEmpty else { return [("local", users ?? standard)] }
    guard users == nil else { throw UsageError("--users and --region exclude each other") }
    var regions: [(name: String, users: Int)] = []
    for text in texts {
      let (name, value) = try pair(text, flag: "region", form: "NAME=USERS")
      guard let count = Int(value), (1...Limits.clientsPerExecutionMax).contains(count) else {
        throw UsageError("--region: \"\(value)\" is not a number of users, at least 1")
      }
      guard !regions.contains(where: { $0.name == name }) else {
        throw UsageError("--region: \(name) is given twice")
      }
      regions.append((name, count))
    }
    return regions
  }

  private static func pair(
    _ text: String, flag: String, form: String
  ) throws(UsageError) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--\(flag): \"\(text)\" is not \(form)")
    }
    return (String(parts[0]), String(parts[1]))
  }

  private static func parameters(_ options: ParsedOptions) throws(UsageError) -> JSONObject {
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

  /// Thresholds as limits. A metric may have colons in its selector, an expression has none.
  private static func limits(
    _ options: ParsedOptions, of target: String
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
      read = try Thresholds(.object(thresholds), path: "--threshold")
    } catch {
      throw UsageError("\(error)")
    }
    if let part = read.submetrics.first, !target.hasSuffix(".js") {
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

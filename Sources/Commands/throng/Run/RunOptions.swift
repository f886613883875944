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
  /// What the script finds in `__ENV` beside parameters.
  var environment: [String: String]

  var users: Int { regions.reduce(0) { $0 + $1.users } }

  static let parser = OptionParser(
    [
      Option("users", short: "u", value: "N", "virtual users (default 10, or what the script says)")
    ] + RunLoad.options + [
      Option(
        "region", value: "NAME=USERS", repeats: true,
        "a region and its users, instead of --users; may be repeated")
    ] + TestSettings.options + [
      Option(
        "include-system-env-vars", value: "BOOL",
        "whether scripts see the environment in __ENV; -e beats it (default true)"),
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
      100  the script's setup took too long
      101  the script's teardown took too long
      104  bad flags, script or configuration
      105  stopped by the user
      107  the script threw while it was loaded, or in setup or teardown
      108  the script ended the test

    examples:
      throng run http://127.0.0.1:8081/ -u 50 -d 30s
      throng run script.js -e BASE_URL=http://127.0.0.1:8081
      throng run script.json --region eu-west=20 --region us-east=20 -i 100 --ramp-up 5s
      throng run script.json --stage 30s:50 --stage 5m:50 --stage 30s:0
      throng run script.json --rate 100/s -d 1m --users 500

    """
  }

  /// - Parameter environment: of this process.
  /// - Throws: `UsageError` naming what is wrong.
  init(_ options: ParsedOptions, environment: [String: String] = [:]) throws(UsageError) {
    guard let target = options.arguments.first else {
      throw UsageError("a URL or a script file is missing")
    }
    title = target
    quiet = options.has("quiet")
    dataDirectory = options.string("data-dir")
    jsonFile = options.string("json")
    csvFile = options.string("csv")
    let params = try TestSettings.parameters(options)
    self.environment = try Self.includesEnvironment(options) ? environment : [:]
    let script = try RunScript(target, params: params, environment: self.environment)
    self.script = script
    let load = try RunLoad(options, code: script.code)
    regions = try Self.regions(options, standard: load.usersStandard)
    durationSecs = load.durationSecs
    let users = regions.reduce(0) { $0 + $1.users }
    iterations =
      load.shared.map { Int64($0) } ?? load.perUser.map { Int64($0) * Int64(users) }

    var body = load.members
    body["name"] = .string(RunScript.fileName(title))
    body["script"] = .object(script.object)
    body["regions"] = .array(
      regions.map { region in
        var share = JSONObject()
        share["name"] = .string(region.name)
        share["concurrentClients"] = .int(Int64(region.users))
        return .object(share)
      })
    for (name, value) in try TestSettings.members(options, code: script.code).members {
      body[name] = value
    }
    body["scriptParams"] = .object(params)
    self.body = JSONValue.object(body).encoded()
  }

  private static func includesEnvironment(_ options: ParsedOptions) throws(UsageError) -> Bool {
    switch options.string("include-system-env-vars") {
    case nil, "true": return true
    case "false": return false
    case let text?:
      throw UsageError("--include-system-env-vars: \"\(text)\" is neither true nor false")
    }
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
      let (name, value) = try TestSettings.pair(text, flag: "region", form: "NAME=USERS")
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
}

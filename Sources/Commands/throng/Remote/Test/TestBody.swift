import Coordinator
import Shared

/// A test configuration made from a file and flags.
///
/// The file is a script, in JavaScript or as Steps, or a configuration as the API takes it. Flags
/// come before what the file says.
struct TestBody {
  private(set) var object = JSONObject()
  /// Whether it is still to be said where the test runs.
  private(set) var lacksRegions = false

  static let options =
    [
      Option("name", value: "NAME", "what the test is called (default: as the file)"),
      Option(
        "users", short: "u", value: "N", "virtual users (default 10, or what the script says)"),
      Option(
        "regions", value: "LIST", repeats: true,
        "where, e.g. eu-west,us-east or eu-west=20,us-east=30 (default: the only region)"),
    ] + RunLoad.options + [
      Option("manual-start", "wait for throng manual-start before it begins")
    ] + TestSettings.options + [
      Option(
        "limit", value: "LIMIT", repeats: true,
        "the same by the API's metrics, e.g. 'p95(firstReceivedMs)<500'; may be repeated")
    ]

  private static let loadNames = ["duration", "iterations", "shared-iterations", "stage", "rate"]
  private static let usersStandard = 10

  /// - Parameter target: a path, `-` for standard input, or a URL to get.
  /// - Throws: `UsageError` naming what is wrong.
  init(_ target: String, _ options: ParsedOptions) throws(UsageError) {
    let params = try TestSettings.parameters(options)
    switch try TestFile(target, params: params) {
    case .script(let script): try take(script, options, params)
    case .configuration(let configuration): try take(configuration, options, params)
    }
    if let name = options.string("name") { object["name"] = .string(name) }
    if options.has("manual-start") { object["manualStart"] = .bool(true) }
    lacksRegions = object["regions"] == nil
  }

  /// Lets it run in the only region that there is.
  mutating func setRegion(_ name: String) {
    object["regions"] = .array([.string(name)])
    lacksRegions = false
  }

  // MARK: parts

  private mutating func take(
    _ script: RunScript, _ options: ParsedOptions, _ params: JSONObject
  ) throws(UsageError) {
    let load = try RunLoad(options, code: script.code)
    object["name"] = .string(script.fileName)
    object["script"] = .object(script.object)
    object.merge(load.members)
    try takeRegions(options, standard: load.usersStandard)
    try takeSettings(options, isCode: script.code != nil)
    object["scriptParams"] = .object(params)
  }

  private mutating func take(
    _ configuration: JSONObject, _ options: ParsedOptions, _ params: JSONObject
  ) throws(UsageError) {
    object = configuration
    if Self.loadNames.contains(where: options.has) {
      for name in ["iterations", "durationSecs", "load"] { object[name] = nil }
      object.merge(try RunLoad(options).members)
    }
    if options.has("users") || options.has("regions") {
      try takeRegions(options, standard: total ?? Self.usersStandard)
    }
    // What kind of script it has, the coordinator knows.
    try takeSettings(options, isCode: true)
    guard !params.members.isEmpty else { return }
    var all = object["scriptParams"]?.objectValue ?? JSONObject()
    all.merge(params)
    object["scriptParams"] = .object(all)
  }

  private mutating func takeRegions(_ options: ParsedOptions, standard: Int) throws(UsageError) {
    let users = try options.int("users", in: 1...Limits.clientsPerExecutionMax)
    var texts = options.strings("regions")
    if texts.isEmpty {
      texts = (object["regions"]?.arrayValue ?? []).map { $0.at("name")?.plain ?? $0.plain }
    }
    guard !texts.isEmpty else {
      object["concurrentClients"] = .int(Int64(users ?? standard))
      return
    }
    object["concurrentClients"] = nil
    object.merge(try RegionText.members(texts, users: users, standard: standard))
  }

  private mutating func takeSettings(
    _ options: ParsedOptions, isCode: Bool
  ) throws(UsageError) {
    var members = try TestSettings.members(options, isCode: isCode)
    var limits = members["limits"]?.arrayValue ?? []
    for text in options.strings("limit") {
      limits.append(try LimitText.parse(text, stops: options.has("stop-on-breach")))
    }
    if !limits.isEmpty { members["limits"] = .array(limits) }
    object.merge(members)
  }

  /// Clients of the configuration's regions together.
  private var total: Int? {
    if let total = object["concurrentClients"]?.int64 { return Int(total) }
    let shares = (object["regions"]?.arrayValue ?? []).compactMap {
      $0.at("concurrentClients")?.int64
    }
    return shares.isEmpty ? nil : Int(shares.reduce(0, +))
  }
}

extension JSONObject {
  /// Takes over all members of `other`, which come before those that are there.
  fileprivate mutating func merge(_ other: JSONObject) {
    for (name, value) in other.members { self[name] = value }
  }
}

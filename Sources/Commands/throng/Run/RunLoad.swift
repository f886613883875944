import Coordinator
import Shared

/// The load that the flags of `throng run` ask for.
struct RunLoad {
  /// `iterations`, `durationSecs` and `load` of the configuration.
  private(set) var members = JSONObject()
  /// Planned length, seconds; nil for a number of iterations.
  private(set) var durationSecs: Double?
  /// Iterations of each user.
  private(set) var perUser: Int?
  /// Iterations of all users together.
  private(set) var shared: Int?
  /// Users where no flag says how many.
  private(set) var usersStandard = 10

  static let options = [
    Option("duration", short: "d", value: "TIME", "how long, e.g. 30s or 1m30s (default 10s)"),
    Option(
      "iterations", short: "i", value: "N", "iterations of each user, instead of a duration"),
    Option("shared-iterations", value: "N", "iterations of all users together, likewise"),
    Option(
      "stage", value: "TIME:USERS", repeats: true,
      "go to so many users over so long, from 0; may be repeated"),
    Option(
      "rate", value: "N/UNIT",
      "begin so many iterations per s, m or h, on at most --users users (default: N per s)"),
  ]

  /// - Parameter code: a JavaScript script, whose options hold where no flag says otherwise.
  /// - Throws: `UsageError` naming what is wrong.
  init(_ options: ParsedOptions, code: PreparedCode? = nil) throws(UsageError) {
    perUser = try options.int("iterations", in: 1...Limits.iterationsMax)
    shared = try options.int("shared-iterations", in: 1...Limits.iterationsMax)
    durationSecs = try options.duration("duration")
    if durationSecs == 0 { throw UsageError("--duration: must be longer than 0s") }
    let kinds = ["duration", "iterations", "shared-iterations", "stage"].filter { options.has($0) }
    if kinds.count > 1 { throw UsageError("--\(kinds[0]) and --\(kinds[1]) exclude each other") }
    if let text = options.string("rate") {
      if let kind = kinds.first, kind != "duration" {
        throw UsageError("--rate and --\(kind) exclude each other")
      }
      takeRate(try Self.rate(text))
    } else if options.has("stage") {
      try takeStages(options.strings("stage"))
    } else if let perUser {
      members["iterations"] = .int(Int64(perUser))
    } else if let shared {
      members["load"] = .object([
        "model": .string("sharedIterations"), "iterations": .int(Int64(shared)),
      ])
    } else if let code, durationSecs == nil {
      take(code.configuration)
    } else {
      let seconds = durationSecs ?? 10
      durationSecs = seconds
      members["durationSecs"] = .double(seconds)
    }
    // Stages and rates of flags know best how many they need.
    if let code, !options.has("stage"), !options.has("rate") {
      usersStandard = code.configuration.clients
    }
  }

  /// The load that a script's options ask for, which the configuration takes from there.
  private mutating func take(_ configuration: K6Configuration) {
    let goal = configuration.goal
    switch goal.model {
    case .closed:
      perUser = goal.iterations
      durationSecs = goal.iterations == nil ? goal.durationSecs : nil
    case .sharedIterations(let total): shared = total
    case .rampingClients(let curve, _), .arrivalRate(let curve):
      durationSecs = goal.startDelaySecs + curve.stages.reduce(0) { $0 + $1.durationSecs }
    }
  }

  private mutating func takeRate(_ perSecond: Double) {
    let seconds = durationSecs ?? 10
    durationSecs = seconds
    // Enough for iterations of a second.
    usersStandard = min(10_000, max(10, Int(perSecond.rounded(.up))))
    let stage: JSONObject = [
      "durationSecs": .double(seconds), "iterationsPerSec": .double(perSecond),
    ]
    members["load"] = .object([
      "model": .string("arrivalRate"), "stages": .array([.object(stage)]),
    ])
  }

  private static func rate(_ text: String) throws(UsageError) -> Double {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
    guard let number = parts.first.flatMap({ Double($0) }), number > 0, number.isFinite,
      parts.count <= 2, let unit = units[parts.count == 2 ? parts[1] : "s"],
      number / unit <= Limits.arrivalsPerSecMax
    else { throw UsageError("--rate: \"\(text)\" is not a rate such as 100/s or 30/m") }
    return number / unit
  }

  private mutating func takeStages(_ texts: [String]) throws(UsageError) {
    var stages: [JSONValue] = []
    var total = 0.0
    usersStandard = 1
    for text in texts {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let seconds = DurationText.seconds(String(parts[0])),
        let users = Int(parts[1]), (0...Limits.clientsPerExecutionMax).contains(users)
      else { throw UsageError("--stage: \"\(text)\" is not TIME:USERS, such as 30s:50") }
      stages.append(
        .object(["durationSecs": .double(seconds), "clients": .int(Int64(users))]))
      total += seconds
      usersStandard = max(usersStandard, users)
    }
    durationSecs = total
    members["load"] = .object(["model": .string("rampingClients"), "stages": .array(stages)])
  }
}

import Shared

/// An execution as people read it.
struct ExecutionView {
  let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  var id: String { json.at("id")?.text ?? Figures.none }

  var isCompleted: Bool { json.at("completed")?.isTrue ?? false }

  /// Where it is in its life, or how it ended.
  var state: String {
    if isCompleted {
      if json.at("failure") != nil { return "failed" }
      if json.at("cancelledByUser")?.isTrue == true { return "stopped" }
      return json.at("limitBreached")?.isTrue == true ? "breached" : "completed"
    }
    if json.at("finishedAt") != nil {
      return json.at("cancelledByUser")?.isTrue == true ? "stopping" : "finishing"
    }
    guard json.at("allocated")?.isTrue == true else { return "waiting" }
    return isWaitingForStart ? "ready" : "running"
  }

  /// Whether it is to be started by hand, as far as its regions tell.
  private var isWaitingForStart: Bool {
    guard json.at("manualStart")?.isTrue == true, let regions = json.at("regions")?.arrayValue
    else {
      return false
    }
    return regions.allSatisfy { $0.at("startedAt") == nil }
  }

  var stateCell: TextTable.Cell {
    let tone: TextStyle.Tone? =
      switch state {
      case "failed", "breached": .bad
      case "stopped", "stopping", "waiting", "ready": .warning
      case "completed": .good
      default: nil
      }
    return TextTable.Cell(state, tone)
  }

  /// The test's name, when the answer includes it.
  var name: String {
    json.at("testConf")?.at("name")?.plain ?? json.at("script")?.at("name")?.plain ?? Figures.none
  }

  var clients: String { json.at("concurrentClients")?.text ?? Figures.none }

  /// Since the load began, seconds.
  var elapsedSecs: Double? {
    Figures.seconds(from: began ?? json.at("startedAt"), to: json.at("finishedAt"))
  }

  /// When its first region began: allocating to agents came before it.
  private var began: JSONValue? {
    (json.at("regions")?.arrayValue ?? []).compactMap { $0.at("startedAt") }
      .min { (Figures.millis($0) ?? 0) < (Figures.millis($1) ?? 0) }
  }

  /// What was asked for, e.g. `30s` or `20 iterations`.
  var goal: String {
    if let load = json.at("load"), let model = load.at("model")?.stringValue {
      switch model {
      case "sharedIterations":
        return "\(load.at("iterations")?.text ?? Figures.none) shared iterations"
      case "rampingClients": return "ramping clients" + Self.length(load)
      case "arrivalRate": return "arrival rate" + Self.length(load)
      default: break
      }
    }
    if let count = json.at("iterations")?.int64 {
      return ShowCommand.counted(Int(count), "iteration")
    }
    return Figures.seconds(json.at("durationSecs")?.number)
  }

  /// How long the stages of a load take together: ` over 1m30s`.
  private static func length(_ load: JSONValue) -> String {
    let stages = load.at("stages")?.arrayValue ?? []
    guard !stages.isEmpty else { return "" }
    let seconds = stages.reduce(0) { $0 + ($1.at("durationSecs")?.number ?? 0) }
    return " over \(Figures.seconds(seconds))"
  }

  /// Who does it, and for how long: `3 clients, 30s, ramp-up 5s`.
  var load: String {
    let count = json.at("concurrentClients")?.int64
    var parts = [count.map { ShowCommand.counted(Int($0), "client") } ?? "\(clients) clients"]
    parts.append(goal)
    for (name, field) in [("ramp-up", "rampupSecs"), ("sleep", "iterationSleepSecs")] {
      if let seconds = json.at(field)?.number, seconds > 0 {
        parts.append("\(name) \(Figures.seconds(seconds))")
      }
    }
    return parts.joined(separator: ", ")
  }

  var figures: SummaryFigures { SummaryFigures(json.at("summary") ?? .null) }

  /// What `throng run` ends with after such a run, and `watch` as well.
  var exitCode: Int32 {
    if json.at("failure") != nil { return ExitCode.failure }
    if json.at("cancelledByUser")?.isTrue == true { return ExitCode.stoppedByUser }
    if json.at("limitBreached")?.isTrue == true { return ExitCode.limitBreached }
    let figures = figures
    return figures.count > 0 && !figures.hasResponses ? ExitCode.failure : ExitCode.success
  }
}

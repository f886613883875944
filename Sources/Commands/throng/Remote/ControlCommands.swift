import Shared

/// What changes an execution.
extension Command {
  static let stop = Command(
    path: ["stop"], summary: "stop an execution gracefully", arguments: [.execution],
    options: [Option("wait", "return only when everything of it has ended")],
    examples: ["stop 12 --wait"],
    work: .remote { call in
      let id = try call.execution()
      let path = RemotePath("executions", id)
      let waits = call.options.has("wait")
      if call.wantsJSON, !waits {
        try call.passJSON(path.appending("stop"), method: "PATCH")
        return ExitCode.success
      }
      try call.server.json(path.appending("stop"), method: "PATCH")
      if waits { try ControlCommands.waitForEnd(path, call) }
      if call.wantsJSON { return try call.answer(path) { _ in } }
      try call.screen.line("execution \(id) \(waits ? "has stopped" : "is stopping")")
      return ExitCode.success
    })

  static let manualStart = Command(
    path: ["manual-start"], summary: "begin an execution that waits for its manual start",
    arguments: [.execution], examples: ["manual-start 12"],
    work: .remote { call in
      let id = try call.execution()
      let path = RemotePath("executions", id, "manual-start")
      return try call.answer(path, method: "PATCH") { _ in
        try call.screen.line("execution \(id) begins")
      }
    })

  static let extend = Command(
    path: ["extend"], summary: "let a running execution go on longer, or shorter",
    arguments: [.execution],
    options: [
      Option("iterations", short: "i", value: "N", "iterations of each client in all"),
      Option("duration", short: "d", value: "TIME", "how long in all, e.g. 10m"),
    ],
    notes: "A test of iterations takes new iterations, a test of a duration a new duration.",
    examples: ["extend 12 --duration 10m", "extend 12 --iterations 500"],
    work: .remote { call in
      var body = JSONObject()
      if let count = try call.options.int("iterations", in: 1...Int.max) {
        body["newIterations"] = .int(Int64(count))
      }
      if let seconds = try call.options.duration("duration") {
        body["newDuration"] = .double(seconds)
      }
      guard body.members.count == 1 else {
        throw UsageError(
          body.members.isEmpty
            ? "either --iterations or --duration is needed"
            : "--iterations and --duration exclude each other")
      }
      let id = try call.execution()
      let path = RemotePath("executions", id, "live-extension")
      return try call.answer(path, method: "POST", body: .object(body)) { json in
        let isCurve = json.at("load") != nil
        let goal = ExecutionView(json).goal
        try call.screen.line(
          isCurve
            ? "execution \(id) now goes for \(goal)" : "execution \(id) now ends after \(goal)")
      }
    })

  static let event = Command(
    path: ["event"], summary: "send an event to the virtual users of an execution",
    arguments: [
      .execution, Argument(name: "NAME", kind: .text),
      Argument(name: "CONTENTS", kind: .text, required: false),
    ],
    notes: """
      Scripts receive it with events.on(NAME, …). Contents that are JSON are sent as such, any
      others as a text; - reads them from standard input.
      """,
    examples: ["event 12 sale '{\"discount\": 0.2}'"],
    work: .remote { call in
      var body = JSONObject()
      body["name"] = .string(call.argument(1) ?? "")
      if let text = call.argument(2) { body["contents"] = try ControlCommands.contents(text) }
      let path = RemotePath("executions", try call.execution(), "send-event")
      return try call.answer(path, method: "POST", body: .object(body)) { json in
        try call.screen.line("sent as event \(json.at("eventId")?.text ?? Figures.none)")
      }
    })

  static let delete = Command(
    path: ["delete"], summary: "delete an execution with everything of it",
    arguments: [.execution], notes: "It must be over.", examples: ["delete 12"],
    work: .remote { call in
      let id = try call.execution()
      return try call.answer(RemotePath("executions", id), method: "DELETE") { _ in
        try call.screen.line("deleted execution \(id)")
      }
    })
}

enum ControlCommands {
  static func contents(_ text: String) throws -> JSONValue {
    let text = text == "-" ? try InputFile.read("-") : text
    return (try? JSONValue.parse(text: text)) ?? .string(text)
  }

  static func waitForEnd(_ path: RemotePath, _ call: RemoteCall) throws {
    let interrupts = try Interrupts()
    call.server.interrupts = interrupts
    let short = path.with([
      ("down", "false"), ("includeScript", "false"), ("includeSummary", "false"),
    ])
    while try call.server.json(short).at("completed")?.isTrue != true {
      interrupts.wait(milliseconds: 500)
      if interrupts.isRaised() { throw RemoteError.interrupted }
    }
  }
}

import Shared

extension Command {
  static let logs = Command(
    path: ["logs"], summary: "print an execution's log", arguments: [.execution],
    options: [
      Option("follow", short: "f", "go on until the execution is over"),
      Option("system", "only what the system says, nothing of scripts"),
      Option("limit", short: "n", value: "N", "only the last N entries"),
    ],
    notes: "With --follow --json every entry is a line.",
    examples: ["logs 12", "logs latest -f"],
    work: .remote { call in
      let limit = try call.options.int("limit", in: 0...Int.max)
      if call.options.has("follow") {
        if limit != nil { throw UsageError("--follow and --limit exclude each other") }
        return try LogsCommand.follow(call)
      }
      return try LogsCommand.print(call, last: limit)
    })
}

enum LogsCommand {
  static func print(_ call: RemoteCall, last: Int?) throws -> Int32 {
    let execution = RemotePath("executions", try call.execution())
    let systemOnly = call.options.has("system") ? "true" : nil
    let path = execution.appending("logs").with([
      ("systemOnly", systemOnly), ("limit", last.map(String.init)),
      ("asc", last == nil ? nil : "false"),
    ])
    // Of the last entries the newest come first, in programs' answers as the API has it.
    if call.wantsJSON { return try call.answer(path) { _ in } }
    if last != nil {
      let entries = try call.server.json(path).at("logs")?.arrayValue ?? []
      try call.screen.lines(entries.reversed().map { line(LogView(json: $0), call.screen) })
      return ExitCode.success
    }
    try stream(execution.appending("logs.txt").with([("systemOnly", systemOnly)]), call)
    return ExitCode.success
  }

  /// All of it, however long it is.
  private static func stream(_ path: RemotePath, _ call: RemoteCall) throws {
    var request = RemoteRequest(path)
    request.contentType = "text/plain"
    guard call.screen.isTerminal else {
      try call.server.stream(request) { try call.screen.write($0) }
      return
    }
    var rest: [UInt8] = []
    try call.server.stream(request) { piece in
      rest.append(contentsOf: piece)
      guard let end = rest.lastIndex(of: 10) else { return }
      try call.screen.lines(
        rest[..<end].split(separator: 10).map {
          TextWidth.harmless(String(decoding: $0, as: UTF8.self))
        })
      rest.removeSubrange(...end)
    }
  }

  static func follow(_ call: RemoteCall) throws -> Int32 {
    let execution = try call.execution()
    let follower = try ExecutionFollower(execution, kinds: [.log, .state], on: call.server)
    let systemOnly = call.options.has("system")
    let ending = try follower.follow { event in
      let log = LogView(json: event.data)
      guard event.kind == .log, log.isSystem || !systemOnly else { return }
      try call.screen.line(
        call.wantsJSON ? TerminalText.escapedJSON(event.data.text) : line(log, call.screen))
    }
    return ending == .over ? ExitCode.success : ExitCode.interrupted
  }

  private static func line(_ log: LogView, _ screen: Screen) -> String {
    guard screen.isTerminal else { return log.line }
    return screen.style.apply(log.tone, to: log.line)
  }
}

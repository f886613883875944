import Shared

extension Command {
  static let watch = Command(
    path: ["watch"], summary: "follow an execution live, to its end", arguments: [.execution],
    notes: """
      On a terminal a block is painted again as things change, elsewhere a line is printed for
      each interval of 10 seconds. A connection that is cut is made again. Ctrl-C leaves the
      watch; the test goes on. With --json every event is a line, {"event": …, "data": …}.
      """,
    exitCodes: [
      ExitCode.limitBreached: "a limit of the test was breached",
      ExitCode.stoppedByUser: "the test was stopped by a user",
    ],
    examples: ["watch 12", "watch latest"],
    work: .remote { call in
      try WatchCommand.watch(try call.execution(), call)
    })
}

/// Follows an execution, and ends as `throng run` would have.
enum WatchCommand {
  static func watch(_ execution: String, _ call: RemoteCall) throws -> Int32 {
    let follower = try ExecutionFollower(execution, on: call.server)
    let watch = WatchScreen(call.screen)
    let ending: ExecutionFollower.Ending
    if call.wantsJSON {
      ending = try follower.follow { event in
        let line = JSONValue.object([
          "event": .string(event.kind.rawValue), "data": event.data,
        ])
        try call.screen.line(TerminalText.escapedJSON(line.text))
      }
    } else {
      call.server.onTick = { try watch.tick() }
      follower.notice = { watch.notice($0) }
      ending = try follower.follow { try watch.take($0) }
      try watch.finish()
    }
    if ending == .interrupted {
      ThrongCommand.complain(
        "left; execution \(execution) goes on: throng stop \(execution) stops it")
      return ExitCode.interrupted
    }
    call.server.onTick = nil
    let view = ExecutionView(try call.server.json(RemotePath("executions", execution)))
    if !call.wantsJSON {
      try call.screen.line("")
      try call.screen.lines(ShowCommand.lines(view, call.screen))
    }
    return view.exitCode
  }
}

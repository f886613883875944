import Shared

extension Command {
  static let start = Command(
    path: ["start"], summary: "start a test, by its id or from a file",
    arguments: [Argument(name: "TEST|FILE", kind: .test(orFile: true))],
    options: [Option("watch", short: "w", "follow it to its end, as throng watch does")]
      + TestBody.options,
    choices: TestCommands.choices,
    notes: """
      TEST is the id of a test that was created before. A file, or a URL to get, makes a test of
      its own, with the flags of throng test create. Prints the execution's id.
      """,
    exitCodes: [
      ExitCode.limitBreached: "with --watch: a limit of the test was breached",
      ExitCode.stoppedByUser: "with --watch: the test was stopped by a user",
    ],
    examples: ["start 3", "start checkout.js -u 50 -d 5m --watch"],
    work: .remote { call in
      let (path, body) = try StartCommand.request(call)
      if call.wantsJSON, !call.options.has("watch") {
        try call.passJSON(path, method: "POST", body: body)
        return ExitCode.success
      }
      let id = try call.server.json(path, method: "POST", body: body).at("id")?.text ?? ""
      guard call.options.has("watch") else {
        try call.screen.line(id)
        return ExitCode.success
      }
      if !call.wantsJSON { try call.screen.line("execution \(id)") }
      return try WatchCommand.watch(id, call)
    })
}

enum StartCommand {
  static func request(_ call: RemoteCall) throws -> (RemotePath, JSONValue?) {
    let target = call.argument(0) ?? ""
    guard RemoteCall.isID(target) else {
      return (RemotePath("start"), try TestCommands.body(call))
    }
    if let flag = TestBody.options.first(where: { call.options.has($0.name) }) {
      throw UsageError("--\(flag.name) is for files: test \(target) says that itself")
    }
    return (RemotePath("test-confs", target, "executions"), nil)
  }
}

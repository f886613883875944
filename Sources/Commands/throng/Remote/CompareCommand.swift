import Shared

extension Command {
  static let compare = Command(
    path: ["compare"], summary: "compare executions with the first, by resource",
    arguments: [.execution, .execution], argumentsMore: 8,
    options: [
      Option("min-change", value: "PERCENT", "smaller changes count as none (default 5)"),
      Option("confidence", value: "SHARE", "of what is called a change (default 0.95)"),
      Option("check", "end with 99 when something got worse, for CI"),
    ],
    notes: """
      What changed is listed by resource, the worst first, with the confidence interval of the
      change; of resources that stayed the same only the 95th percentile is.
      """,
    exitCodes: [
      ExitCode.limitBreached: "with --check: something got worse"
    ],
    examples: ["compare 11 12", "compare 11 latest --check"],
    work: .remote { call in
      let ids = try call.options.arguments.indices.map { try call.execution($0) }
      let path = RemotePath("executions", "compare").with([
        ("ids", ids.joined(separator: ",")),
        ("minChangePercent", call.options.string("min-change")),
        ("confidence", call.options.string("confidence")),
      ])
      let bytes = try call.server.bytes(path)
      let json = try call.server.parse(bytes, path)
      if call.wantsJSON {
        try call.screen.line(String(decoding: bytes, as: UTF8.self))
      } else {
        try call.screen.lines(Comparison(json: json).lines(call.screen))
      }
      let isWorse = json.at("verdict")?.stringValue == "regression"
      return isWorse && call.options.has("check") ? ExitCode.limitBreached : ExitCode.success
    })
}

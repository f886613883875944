import Shared

extension Command {
  static let list = Command(
    path: ["list"], summary: "list executions, newest first",
    options: [
      Option("test", value: "ID", "only those of one test"),
      Option("period", value: "PERIOD", "recent, 7d, 1m or 3m (default recent)"),
      Option("limit", short: "n", value: "N", "at most so many, -1 for all (default 15)"),
      Option("offset", value: "N", "leave out the first N"),
    ],
    choices: ["period": ["recent", "7d", "1m", "3m"]],
    examples: ["list", "list --test 3 --period 7d"],
    work: .remote { call in
      let test = call.options.string("test")
      if let test, !RemoteCall.isID(test) { throw UsageError("--test: \"\(test)\" is no id") }
      let base =
        test.map { RemotePath("test-confs", $0, "executions") } ?? RemotePath("executions")
      let path = base.with([
        ("period", call.options.string("period")),
        ("limit", try call.options.int("limit", in: -1...Int.max).map(String.init)),
        ("offset", try call.options.int("offset", in: 0...Int.max).map(String.init)),
      ])
      // Programs get what the route answers by itself; the table needs names, and no scripts.
      let short = path.with([("up", "true"), ("includeScript", "false")])
      return try call.answer(call.wantsJSON ? path : short) { json in
        try call.screen.lines(ListCommand.lines(json, call.screen))
      }
    })
}

enum ListCommand {
  static func lines(_ json: JSONValue, _ screen: Screen) -> [String] {
    var table = TextTable([
      .number("ID"), .text("STATE"), .long("TEST"), .text("STARTED"), .number("TIME"),
      .number("CLIENTS"), .number("REQUESTS"), .number("ERRORS"), .number("P95", optional: true),
    ])
    for element in json.arrayValue ?? [] {
      let view = ExecutionView(element)
      let figures = view.figures
      table.add([
        .init(view.id), view.stateCell, .init(view.name),
        .init(Figures.time(element.at("startedAt"))),
        .init(Figures.seconds(view.elapsedSecs)), .init(view.clients), "\(figures.count)",
        .init("\(figures.failures)", figures.failures > 0 ? .bad : nil),
        .init(Figures.ms(figures.duration("p95"))),
      ])
    }
    return table.lines(width: screen.columns, style: screen.style)
  }
}

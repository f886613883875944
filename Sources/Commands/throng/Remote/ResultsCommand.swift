import Shared

extension Command {
  static let results = Command(
    path: ["results"], summary: "show what came out, by resource", arguments: [.execution],
    options: [
      Option("checks", "the checks and tests of the script instead of its requests"),
      Option("csv", value: "FILE", "write every single result as CSV, - for standard output"),
      Option("region", value: "NAME", "only those of one region"),
      Option("resource", value: "NAME", "only those of one resource, by its name or id"),
      Option("limit", short: "n", value: "N", "at most so many rows"),
      Option("offset", value: "N", "leave out the first N rows"),
    ],
    notes: """
      Without --csv it is a table of the resources: requests, errors, requests per second and
      percentiles of the whole request's time. With --json it is that of the API's resources.
      With --checks it is a table of the checks, by group, and of the tests (describe and it);
      --csv then writes every single one of their results, and --json the API's summaries.
      """,
    examples: [
      "results latest", "results latest --checks", "results 12 --csv results.csv --region eu-west",
    ],
    work: .remote { call in try ResultsCommand.run(call) })
}

enum ResultsCommand {
  static func run(_ call: RemoteCall) throws -> Int32 {
    let id = try call.execution()
    let execution = try call.server.json(
      RemotePath("executions", id).with([
        ("up", "false"), ("includeScript", "false"), ("includeSummary", "false"),
      ]))
    var scope = RemotePath("executions", id)
    if let region = call.options.string("region") {
      scope = scope.appending("regions", try Self.region(region, of: execution))
    }
    let page = try TestCommands.page(call)
    if call.options.has("checks") { return try showChecks(scope, page, call) }
    guard let file = call.options.string("csv") else {
      return try showTable(scope, page, ExecutionView(execution), call)
    }
    if let resource = call.options.string("resource") {
      scope = scope.appending("resources", try Self.resource(resource, scope, call))
    }
    return try download(scope.appending("results.csv").with(page), to: file, call)
  }

  private static func download(
    _ path: RemotePath, to file: String, _ call: RemoteCall
  ) throws -> Int32 {
    if call.wantsJSON { throw UsageError("--csv and --json exclude each other") }
    call.server.interrupts = try Interrupts()
    var request = RemoteRequest(path)
    request.contentType = "text/csv"
    var download = Download(to: file)
    try download.fetch(request, from: call.server, call.screen)
    if file != "-" { try call.screen.line(download.message) }
    return ExitCode.success
  }

  private static func showTable(
    _ scope: RemotePath, _ page: [(name: String, value: String?)], _ execution: ExecutionView,
    _ call: RemoteCall
  ) throws -> Int32 {
    if let name = call.options.string("resource") {
      let path = scope.appending("resources", try resource(name, scope, call))
      return try call.answer(path.with([("intervals", "false")])) { json in
        try call.screen.lines(lines([json], execution, call.screen))
      }
    }
    return try call.answer(scope.appending("resources").with(page)) { json in
      try call.screen.lines(lines(json.arrayValue ?? [], execution, call.screen))
    }
  }

  private static func showChecks(
    _ scope: RemotePath, _ page: [(name: String, value: String?)], _ call: RemoteCall
  ) throws -> Int32 {
    if call.options.string("resource") != nil {
      throw UsageError("--checks and --resource exclude each other: checks belong to no resource")
    }
    if let file = call.options.string("csv") {
      return try download(scope.appending("suite-results.csv").with(page), to: file, call)
    }
    guard page.allSatisfy({ $0.value == nil }) else {
      throw UsageError("--limit and --offset of checks need --csv")
    }
    return try call.answer(scope.appending("suite-summaries")) { json in
      try call.screen.lines(checkLines(json.arrayValue ?? [], call.screen))
    }
  }

  private static func checkLines(_ summaries: [JSONValue], _ screen: Screen) -> [String] {
    var table = TextTable([
      .long("SUITE"), .long("CHECK"), .number("EXECUTED"), .number("PASSED"), .number("FAILED"),
      .number("MEAN", optional: true),
    ])
    for summary in summaries {
      func count(_ name: String) -> Int64 { summary.at(name)?.int64 ?? 0 }
      let failed = count("failed")
      table.add([
        .init(summary.at("suite")?.plain ?? Figures.none),
        .init(summary.at("test")?.plain ?? Figures.none), "\(count("executed"))",
        "\(count("passed"))", .init("\(failed)", failed > 0 ? .bad : nil),
        .init(Figures.ms(summary.at("durationMs")?.at("mean")?.number)),
      ])
    }
    return table.lines(width: screen.columns, style: screen.style)
  }

  private static func lines(
    _ resources: [JSONValue], _ execution: ExecutionView, _ screen: Screen
  ) -> [String] {
    var table = TextTable([
      .long("RESOURCE"), .number("REQUESTS"), .number("ERRORS"), .number("REQ/S"),
      .number("MEAN", optional: true), .number("P50"), .number("P95"), .number("P99"),
      .number("MAX", optional: true),
    ])
    for resource in resources {
      let figures = SummaryFigures(resource.at("summary") ?? .null)
      let rate = execution.elapsedSecs.flatMap { $0 > 0 ? Double(figures.count) / $0 : nil }
      let durations = ["mean", "p50", "p95", "p99", "max"].map { name in
        TextTable.Cell(Figures.ms(figures.duration(name)))
      }
      table.add(
        [
          .init(resource.at("resource")?.at("resource")?.plain ?? Figures.none), "\(figures.count)",
          .init("\(figures.failures)", figures.failures > 0 ? .bad : nil),
          .init(Figures.rate(rate)),
        ] + durations)
    }
    return table.lines(width: screen.columns, style: screen.style)
  }

  /// The id of a region of the execution, given by its name.
  private static func region(_ name: String, of execution: JSONValue) throws -> String {
    let regions = execution.at("regions")?.arrayValue ?? []
    let found = regions.first { $0.at("region")?.at("name")?.stringValue == name }
    guard let id = found?.at("id")?.text else {
      let names = regions.compactMap { $0.at("region")?.at("name")?.stringValue }
      throw UsageError("--region: the execution runs in \(names.joined(separator: ", "))")
    }
    return id
  }

  /// The id of a resource, given by its name or as such.
  private static func resource(
    _ name: String, _ scope: RemotePath, _ call: RemoteCall
  ) throws -> String {
    if RemoteCall.isID(name) { return name }
    let all = try call.server.json(scope.appending("resources")).arrayValue ?? []
    let found = all.first { $0.at("resource")?.at("resource")?.stringValue == name }
    guard let id = found?.at("resource")?.at("id")?.text else {
      throw RemoteError.failed(
        "the execution has no resource \"\(TextWidth.harmless(name))\": throng results lists them")
    }
    return id
  }
}

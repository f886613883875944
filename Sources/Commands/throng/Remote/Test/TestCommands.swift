import Shared

/// Test configurations.
extension Command {
  static let testCreate = Command(
    path: ["test", "create"], summary: "keep a test: a script and how to run it",
    arguments: [Argument(name: "FILE", kind: .file)], options: TestBody.options,
    choices: TestCommands.choices,
    notes: """
      FILE is a script (.js, or Steps as .json), a configuration as the API takes it (a JSON object
      with script or scriptId, and regions), a URL to get, or - for standard input. Flags come
      before what the file says. Prints the test's id.
      """,
    examples: [
      "test create checkout.js --users 50 --duration 5m --regions eu-west,us-east",
      "test create steps.json -u 10 -i 100 --limit 'p95(firstReceivedMs)<500'",
      "test create test.json --name 'nightly run'",
    ],
    work: .remote { call in
      let body = try TestCommands.body(call)
      return try call.answer(RemotePath("test-confs"), method: "POST", body: body) { json in
        try call.screen.line(json.at("id")?.text ?? "")
      }
    })

  static let testList = Command(
    path: ["test", "list"], summary: "list the tests", options: TestCommands.pageOptions,
    examples: ["test list"],
    work: .remote { call in
      try call.answer(RemotePath("test-confs").with(try TestCommands.page(call))) { json in
        var table = TextTable([
          .number("ID"), .long("NAME"), .number("SCRIPT"), .number("CLIENTS"), .text("LOAD"),
          .long("REGIONS"), .text("CREATED"),
        ])
        for test in json.arrayValue ?? [] {
          table.add([
            .init(test.at("id")?.text ?? ""), .init(test.at("name")?.plain ?? ""),
            .init(test.at("scriptId")?.text ?? ""), .init(test.at("concurrentClients")?.text ?? ""),
            .init(ExecutionView(test).goal), .init(TestCommands.regions(test)),
            .init(Figures.time(test.at("createdAt"))),
          ])
        }
        try call.screen.lines(table.lines(width: call.screen.columns, style: call.screen.style))
      }
    })

  static let testShow = Command(
    path: ["test", "show"], summary: "show a test", arguments: [.test], examples: ["test show 3"],
    work: .remote { call in
      try call.answer(RemotePath("test-confs", try call.id())) { json in
        try call.screen.lines(TestCommands.facts(json, call.screen))
      }
    })

  static let testDelete = Command(
    path: ["test", "delete"], summary: "delete a test that has no executions", arguments: [.test],
    examples: ["test delete 3"],
    work: .remote { call in
      let id = try call.id()
      return try call.answer(RemotePath("test-confs", id), method: "DELETE") { _ in
        try call.screen.line("deleted test \(id)")
      }
    })
}

enum TestCommands {
  static let choices = ["http-version": ["auto", "1.1", "2"]]

  static let pageOptions = [
    Option("limit", short: "n", value: "N", "at most so many"),
    Option("offset", value: "N", "leave out the first N"),
  ]

  static func page(_ call: RemoteCall) throws -> [(name: String, value: String?)] {
    [
      ("limit", try call.options.int("limit", in: -1...Int.max).map(String.init)),
      ("offset", try call.options.int("offset", in: 0...Int.max).map(String.init)),
    ]
  }

  /// The configuration that file and flags make. Where it runs can be left out when the
  /// coordinator has one region only.
  static func body(_ call: RemoteCall) throws -> JSONValue {
    var body = try TestBody(call.argument(0) ?? "", call.options)
    if body.lacksRegions {
      let regions = try call.server.json(RemotePath("regions")).arrayValue ?? []
      let names = regions.compactMap { $0.at("name")?.stringValue }
      guard names.count == 1 else {
        throw UsageError(
          names.isEmpty
            ? "--regions is missing, and the coordinator has no region: start an agent first"
            : "--regions is missing: the coordinator has \(names.joined(separator: ", "))")
      }
      body.setRegion(names[0])
    }
    return .object(body.object)
  }

  static func regions(_ test: JSONValue) -> String {
    (test.at("regions")?.arrayValue ?? []).map { region in
      "\(region.at("name")?.plain ?? "")=\(region.at("concurrentClients")?.text ?? "")"
    }.joined(separator: ",")
  }

  static func facts(_ test: JSONValue, _ screen: Screen) -> [String] {
    var facts = FactList(screen)
    facts.add("test", test.at("id")?.text ?? Figures.none)
    facts.add("name", test.at("name")?.plain ?? Figures.none)
    facts.add("script", test.at("scriptId")?.text ?? Figures.none)
    facts.add("load", ExecutionView(test).load)
    facts.add("regions", regions(test))
    if test.at("manualStart")?.isTrue == true { facts.add("start", "manual") }
    facts.add("parameters", test.at("scriptParams")?.plain ?? "{}")
    for (index, limit) in (test.at("limits")?.arrayValue ?? []).enumerated() {
      facts.add(index == 0 ? "limits" : "", LimitView(limit).text)
    }
    facts.add("created", Figures.time(test.at("createdAt")))
    return facts.lines
  }
}

import Shared

/// Scripts that a coordinator keeps.
extension Command {
  static let scriptCreate = Command(
    path: ["script", "create"], summary: "keep a script, and the files that it opens",
    arguments: [Argument(name: "FILE", kind: .file)],
    options: [Option("name", value: "NAME", "what it is called (default: as the file)")],
    notes: "FILE is JavaScript (.js), Steps (.json), or - for standard input. Prints its id.",
    examples: ["script create checkout.js"],
    work: .remote { call in
      let target = call.argument(0) ?? ""
      guard case .script(let script) = try TestFile(target, params: JSONObject()) else {
        throw UsageError("\(target) is a configuration: throng test create takes it")
      }
      var body = script.object
      if let name = call.options.string("name") { body["name"] = .string(name) }
      return try call.answer(
        RemotePath("scripts"), method: "POST", body: .object(body)
      ) { json in
        try call.screen.line(json.at("id")?.text ?? "")
      }
    })

  static let scriptList = Command(
    path: ["script", "list"], summary: "list the scripts", options: TestCommands.pageOptions,
    examples: ["script list"],
    work: .remote { call in
      try call.answer(RemotePath("scripts").with(try TestCommands.page(call))) { json in
        var table = TextTable([
          .number("ID"), .long("NAME"), .text("TYPE"), .number("LENGTH"), .text("CREATED"),
        ])
        for script in json.arrayValue ?? [] {
          table.add([
            .init(script.at("id")?.text ?? ""), .init(script.at("name")?.plain ?? ""),
            .init(script.at("scriptType")?.plain ?? ""), .init(script.at("length")?.text ?? ""),
            .init(Figures.time(script.at("createdAt"))),
          ])
        }
        try call.screen.lines(table.lines(width: call.screen.columns, style: call.screen.style))
      }
    })

  static let scriptShow = Command(
    path: ["script", "show"], summary: "print a script's text", arguments: [.script],
    examples: ["script show 3 > checkout.js"],
    work: .remote { call in
      try call.answer(RemotePath("scripts", try call.id())) { json in
        let text = json.at("content")?.plain ?? ""
        let whole = text.hasSuffix("\n") ? text : text + "\n"
        // To a file it goes as it is.
        try call.screen.write(call.screen.isTerminal ? TerminalText.escapedLines(whole) : whole)
      }
    })

  static let scriptDelete = Command(
    path: ["script", "delete"], summary: "delete a script that no test uses", arguments: [.script],
    examples: ["script delete 3"],
    work: .remote { call in
      let id = try call.id()
      return try call.answer(RemotePath("scripts", id), method: "DELETE") { _ in
        try call.screen.line("deleted script \(id)")
      }
    })
}

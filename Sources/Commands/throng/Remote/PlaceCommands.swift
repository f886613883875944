import Shared

/// Where tests run.
extension Command {
  static let agents = Command(
    path: ["agents"], summary: "list the agents", examples: ["agents"],
    work: .remote { call in
      try call.answer(RemotePath("agents")) { json in
        var table = TextTable([
          .number("ID"), .long("NAME"), .text("REGION"), .text("STATE"), .number("CLIENTS"),
          .number("CAPACITY"), .text("VERSION"), .number("CPU", optional: true),
          .number("MEMORY", optional: true), .text("HEARD"),
        ])
        for agent in json.arrayValue ?? [] {
          let state = agent.at("state")?.plain ?? Figures.none
          table.add([
            .init(agent.at("id")?.text ?? ""), .init(agent.at("name")?.plain ?? ""),
            .init(agent.at("region")?.plain ?? ""),
            .init(state, state == "connected" ? .good : .bad),
            .init(agent.at("clients")?.text ?? "0"), .init(agent.at("capacity")?.text ?? "0"),
            .init(agent.at("version")?.plain ?? ""),
            .init(agent.at("health")?.at("cpu")?.number.map(PlaceCommands.cores) ?? Figures.none),
            .init(Figures.bytes(agent.at("health")?.at("rss")?.int64)),
            .init(Figures.time(agent.at("lastHeartbeat"))),
          ])
        }
        try call.screen.lines(table.lines(width: call.screen.columns, style: call.screen.style))
      }
    })

  static let regions = Command(
    path: ["regions"], summary: "list the regions", examples: ["regions"],
    work: .remote { call in
      try call.answer(RemotePath("regions")) { json in
        // Who could run something there.
        let agents = try call.server.json(RemotePath("agents")).arrayValue ?? []
        var table = TextTable([
          .number("ID"), .text("NAME"), .number("AGENTS"), .number("CAPACITY"),
          .long("DESCRIPTION"),
        ])
        for region in json.arrayValue ?? [] {
          let name = region.at("name")?.plain ?? ""
          let here = agents.filter {
            $0.at("region")?.stringValue == name && $0.at("state")?.stringValue == "connected"
          }
          let capacity = here.reduce(0) { $0 + ($1.at("capacity")?.int64 ?? 0) }
          table.add([
            .init(region.at("id")?.text ?? ""), .init(name), "\(here.count)", "\(capacity)",
            .init(region.at("description")?.plain ?? ""),
          ])
        }
        try call.screen.lines(table.lines(width: call.screen.columns, style: call.screen.style))
      }
    })
}

enum PlaceCommands {
  /// A share of one core as a percentage.
  static func cores(_ share: Double) -> String {
    SummaryReport.decimal(share * 100, 0) + "%"
  }
}

import Shared

extension Command {
  static let show = Command(
    path: ["show"], summary: "show an execution and its figures", arguments: [.execution],
    examples: ["show 12", "show latest --json"],
    work: .remote { call in
      try call.answer(RemotePath("executions", try call.execution())) { json in
        try call.screen.lines(ShowCommand.lines(ExecutionView(json), call.screen))
      }
    })
}

enum ShowCommand {
  /// An execution as a list of facts.
  static func lines(_ view: ExecutionView, _ screen: Screen) -> [String] {
    let json = view.json
    var facts = FactList(screen)
    facts.add("execution", view.id)
    facts.add("state", view.state, view.stateCell.tone)
    if let failure = json.at("failure")?.plain { facts.add("failure", failure) }
    let test = json.at("testConf")?.at("id").map { " (test \($0.text))" } ?? ""
    facts.add("test", view.name + test)
    facts.add("load", view.load)
    facts.add("created", Figures.time(json.at("createdAt")))
    if json.at("startedAt") != nil { facts.add("started", Figures.time(json.at("startedAt"))) }
    if json.at("finishedAt") != nil { facts.add("finished", Figures.time(json.at("finishedAt"))) }
    facts.add("duration", Figures.seconds(view.elapsedSecs))
    addFigures(view, to: &facts)
    for (index, region) in (json.at("regions")?.arrayValue ?? []).enumerated() {
      facts.add(index == 0 ? "regions" : "", line(region))
    }
    for (index, limit) in (json.at("limits")?.arrayValue ?? []).enumerated() {
      facts.addStyled(
        index == 0 ? "limits" : "", LimitView(limit).line(screen.style, isOver: view.isCompleted))
    }
    for (index, check) in (json.at("summary")?.at("checks")?.arrayValue ?? []).enumerated() {
      facts.addStyled(index == 0 ? "checks" : "", line(check: check, screen.style))
    }
    return facts.lines
  }

  private static func addFigures(_ view: ExecutionView, to facts: inout FactList) {
    guard view.json.at("summary") != nil else { return }
    let figures = view.figures
    let rate = view.elapsedSecs.flatMap { $0 > 0 ? Double(figures.count) / $0 : nil }
    facts.add("requests", "\(figures.count)  \(Figures.rate(rate))/s")
    facts.add(
      "errors", "\(figures.failures)  \(Figures.percent(figures.failures, of: figures.count))")
    let dropped = figures.droppedIterations > 0 ? ", \(figures.droppedIterations) dropped" : ""
    facts.add("iterations", "\(figures.iterations)\(dropped)")
    let names = ["mean", "min", "p50", "p90", "p95", "p99", "max"]
    facts.add(
      "durations",
      names.map { "\($0) \(Figures.ms(figures.duration($0)))" }.joined(separator: "  "))
    facts.add(
      "data",
      "sent \(Figures.bytes(figures.bytesSent)), received \(Figures.bytes(figures.bytesReceived))")
  }

  private static func line(_ region: JSONValue) -> String {
    let name = region.at("region")?.at("name")?.plain ?? Figures.none
    let agents = (region.at("chunks")?.arrayValue ?? []).compactMap { $0.at("agent")?.stringValue }
    let chunks = region.at("chunks")?.arrayValue?.count ?? 0
    let clients = Int(region.at("concurrentClients")?.int64 ?? 0)
    var text = "\(name)  \(counted(clients, "client"))"
    text += ", \(counted(chunks, "chunk")) on \(counted(Set(agents).count, "agent"))"
    if let count = region.at("summary")?.at("count")?.int64 {
      text += ", \(counted(Int(count), "request"))"
    }
    return text
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func line(check: JSONValue, _ style: TextStyle) -> String {
    let fails = check.at("fails")?.int64 ?? 0
    let mark = fails > 0 ? style.apply(.bad, to: "✗") : style.apply(.good, to: "✓")
    // The root of all groups has no name.
    let path = check.at("name")?.plain ?? ""
    let name = TextWidth.harmless(path.hasPrefix("::") ? String(path.dropFirst(2)) : path)
    return "\(mark) \(name)  \(check.at("passes")?.text ?? "0") passed, \(fails) failed"
  }
}

/// Names and what they stand for, aligned.
struct FactList {
  private(set) var lines: [String] = []
  private let screen: Screen
  private static let nameWidth = 12

  init(_ screen: Screen) { self.screen = screen }

  mutating func add(_ name: String, _ value: String, _ tone: TextStyle.Tone? = nil) {
    addStyled(name, screen.style.apply(tone, to: TextWidth.harmless(value)))
  }

  /// - Parameter value: carries colours of ours, and must be harmless already.
  mutating func addStyled(_ name: String, _ value: String) {
    lines.append(screen.style.apply(.dim, to: pad(name, Self.nameWidth)) + value)
  }
}

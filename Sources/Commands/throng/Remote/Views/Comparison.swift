import Shared

/// How executions differ from the first of them, as a table.
struct Comparison {
  let json: JSONValue

  /// What is always told of all resources together.
  private static let overall = ["errorRate", "mean", "p50", "p95", "p99"]
  /// Of the two times that are compared, the one that everything else here shows.
  private static let duration = "connectionCloseMs"

  func lines(_ screen: Screen) -> [String] {
    var table = TextTable([
      .long("RESOURCE"), .number("ID"), .text("STATISTIC"), .number("BASELINE"),
      .number("VALUE"), .number("CHANGE"), .number("INTERVAL", optional: true), .text("VERDICT"),
    ])
    if let overall = json.at("overall") { add(overall, "all", to: &table) }
    for resource in json.at("resources")?.arrayValue ?? [] {
      add(resource, resource.at("resource")?.at("resource")?.plain ?? "", to: &table)
    }
    for (name, verdict) in [("missing", "missing"), ("new", "new")] {
      for odd in json.at(name)?.arrayValue ?? [] {
        let resource = odd.at("resource")?.at("resource")?.plain ?? ""
        let id = odd.at("executionId")?.text ?? ""
        table.add([.init(resource), .init(id), "", "", "", "", "", .init(verdict, .warning)])
      }
    }
    let verdict = json.at("verdict")?.plain ?? Figures.none
    let head =
      "baseline \(json.at("baseline")?.text ?? ""): "
      + screen.style.apply(Self.tone(verdict), to: TextWidth.harmless(verdict))
    return [head, ""] + table.lines(width: screen.columns, style: screen.style)
  }

  private func add(_ scope: JSONValue, _ name: String, to table: inout TextTable) {
    for difference in scope.at("differences")?.arrayValue ?? [] {
      let all = difference.at("statistics")?.arrayValue ?? []
      var shown = all.filter { statistic in
        let isChange = ["regression", "improvement"].contains(statistic.at("verdict")?.plain)
        return isChange || name == "all" && Self.isOverall(statistic)
      }
      if shown.isEmpty {
        shown = all.filter { Self.isOverall($0) && $0.at("statistic")?.plain == "p95" }
      }
      for statistic in shown {
        let id = difference.at("executionId")?.text ?? ""
        table.add([.init(name), .init(id)] + Self.cells(statistic))
      }
    }
  }

  private static func isOverall(_ statistic: JSONValue) -> Bool {
    let name = statistic.at("statistic")?.plain ?? ""
    return name == "errorRate"
      || overall.contains(name) && statistic.at("metric")?.plain == duration
  }

  private static func cells(_ statistic: JSONValue) -> [TextTable.Cell] {
    let name = statistic.at("statistic")?.plain ?? ""
    let metric = statistic.at("metric")?.plain ?? ""
    let isShare = name == "errorRate"
    func amount(_ value: JSONValue?) -> String {
      guard let number = value?.number else { return Figures.none }
      if isShare { return SummaryReport.decimal(number * 100, 2) + "%" }
      let text = Figures.ms(number.magnitude)
      return number < 0 ? "-\(text)" : text
    }
    let percent = statistic.at("changePercent")?.number
    let change =
      percent.map { "\($0 < 0 ? "" : "+")\(SummaryReport.decimal($0, 1))%" }
      ?? amount(statistic.at("change"))
    let interval = statistic.at("interval").map {
      "\(amount($0.at("low"))) … \(amount($0.at("high")))"
    }
    let verdict = statistic.at("verdict")?.plain ?? ""
    return [
      .init(isShare ? "errors" : "\(name)(\(metric))"), .init(amount(statistic.at("baseline"))),
      .init(amount(statistic.at("value"))), .init(change), .init(interval ?? Figures.none),
      .init(verdict, tone(verdict)),
    ]
  }

  private static func tone(_ verdict: String) -> TextStyle.Tone? {
    switch verdict {
    case "regression": .bad
    case "improvement": .good
    case "inconclusive": .warning
    default: nil
    }
  }
}

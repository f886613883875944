import Shared

/// A limit of an execution, and how it stands.
struct LimitView: Equatable {
  /// E.g. `p95(firstReceivedMs) < 500 [GET http://host/]`.
  var text: String
  var measured: Double?
  var isBreached: Bool

  init(_ json: JSONValue) {
    let metric = json.at("metric")?.plain ?? "?"
    let space = json.at("namespace")?.stringValue ?? "Testable"
    let name = space == "Testable" ? metric : "\(space):\(metric)"
    text = "\(json.at("statistic")?.plain ?? "?")(\(name)) \(json.at("op")?.plain ?? "?")"
    text += " " + (json.at("value")?.number.map { SummaryReport.decimal($0, 3) } ?? "?")
    if let threshold = json.at("threshold") {
      let expression = threshold.at("expression")?.plain ?? "?"
      text = "\(threshold.at("metric")?.plain ?? "?"): \(expression)"
    }
    let parts = [json.at("resource")?.stringValue, json.at("region")?.stringValue].compactMap { $0 }
    if !parts.isEmpty { text += " [\(parts.joined(separator: ", "))]" }
    measured = json.at("measured")?.number
    isBreached = json.at("breached")?.isTrue ?? false
  }

  /// - Parameter isOver: whether the execution is. Before, nobody can say of what is not measured
  ///   that it holds; in the end it does.
  func line(_ style: TextStyle, isOver: Bool) -> String {
    let tone = tone(isOver: isOver)
    let mark = style.apply(tone, to: isBreached ? "✗" : tone == .good ? "✓" : "·")
    let value =
      measured.map { "measured \(SummaryReport.decimal($0, 3))" }
      ?? (isOver ? "not measured" : "not measured yet")
    return "\(mark) \(TextWidth.harmless(text))  \(style.apply(.dim, to: value))"
  }

  func tone(isOver: Bool) -> TextStyle.Tone {
    if isBreached { return .bad }
    return measured != nil || isOver ? .good : .dim
  }
}

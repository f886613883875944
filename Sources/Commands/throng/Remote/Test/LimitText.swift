import Shared

/// A limit as it is written on a command line: `p95(firstReceivedMs)<500`, with the resource it is
/// for behind it: `rate(failure) < 0.01 [GET http://host/]`. Pure.
enum LimitText {
  /// Two characters before one: `<=` begins with `<`.
  private static let operators = ["<=", ">=", "==", "!=", "<", ">"]

  /// - Returns: an element of a configuration's `limits`.
  /// - Throws: `UsageError` when the text has another form. Whether there is such a metric, the
  ///   coordinator knows.
  static func parse(_ text: String, stops: Bool) throws(UsageError) -> JSONValue {
    let bad = UsageError(
      "--limit: \"\(text)\" is not STATISTIC(METRIC)<VALUE, such as 'p95(firstReceivedMs)<500'")
    var rest = trimmed(text[...])
    var limit = JSONObject()
    if rest.hasSuffix("]") {
      guard let open = rest.firstIndex(of: "[") else { throw bad }
      limit["resource"] = .string(String(rest[rest.index(after: open)...].dropLast()))
      rest = trimmed(rest[..<open])
    }
    guard let open = rest.firstIndex(of: "("), let close = rest.firstIndex(of: ")"), open < close
    else { throw bad }
    let statistic = trimmed(rest[..<open])
    let metric = trimmed(rest[rest.index(after: open)..<close])
    let condition = trimmed(rest[rest.index(after: close)...])
    guard let op = operators.first(where: { condition.hasPrefix($0) }),
      let value = Double(trimmed(condition.dropFirst(op.count))), value.isFinite,
      !statistic.isEmpty, !metric.isEmpty
    else { throw bad }
    // `User:checkout` is a metric of a script.
    let parts = metric.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { limit["namespace"] = .string(String(parts[0])) }
    limit["metric"] = .string(String(parts[parts.count - 1]))
    limit["statistic"] = .string(String(statistic))
    limit["op"] = .string(op)
    limit["value"] = .double(value)
    if stops { limit["stop"] = .bool(true) }
    return .object(limit)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

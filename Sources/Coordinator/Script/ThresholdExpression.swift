import Shared

/// One expression of a k6 threshold: `method operator number`, e.g. `p(95)<500`. The grammar is
/// that of k6's `metrics/thresholds_parser.go`; white space may stand around each part.
public struct ThresholdExpression: Equatable {
  /// k6's types of metrics, by which it decides what may be asked of one.
  public enum MetricKind: String, Sendable { case counter, gauge, rate, trend }

  enum Method: Equatable {
    case avg, min, max, med, count, rate, value
    /// From 0 to 100.
    case percentile(Double)

    /// The same as a statistic of a limit.
    var statistic: LimitStatistic {
      switch self {
      case .avg: .mean
      case .min: .min
      case .max: .max
      case .med: .percentile(50)
      case .count: .count
      case .rate: .rate
      case .value: .value
      case .percentile(let number): .percentile(number)
      }
    }

    func isOf(_ kind: MetricKind) -> Bool {
      switch (kind, self) {
      case (.counter, .count), (.counter, .rate), (.gauge, .value), (.rate, .rate): true
      case (.trend, .count), (.trend, .rate), (.trend, .value): false
      case (.trend, _): true
      default: false
      }
    }
  }

  var method: Method
  var op: LimitOperator
  var value: Double

  /// - Throws: what is wrong, as a text.
  init(_ text: String) throws(Malformed) {
    guard let start = text.firstIndex(where: { "<>=!".contains($0) }) else {
      throw Malformed("has no operator: it must be like p(95)<500")
    }
    let end = text[start...].firstIndex { !"<>=!".contains($0) } ?? text.endIndex
    guard let op = Self.op(String(text[start..<end])) else {
      throw Malformed("'\(text[start..<end])' is none of < <= > >= == === !=")
    }
    self.op = op
    method = try Self.method(Self.trimmed(text[..<start]))
    value = try Self.number(Self.trimmed(text[end...]))
  }

  struct Malformed: Error, Equatable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func op(_ text: String) -> LimitOperator? {
    // Numbers have no type that === could look at.
    text == "===" ? .equal : LimitOperator(rawValue: text)
  }

  /// Reads a method, as `summaryTrendStats` lists them, too.
  static func method(_ text: String) throws(Malformed) -> Method {
    switch text {
    case "avg": return .avg
    case "min": return .min
    case "max": return .max
    case "med": return .med
    case "count": return .count
    case "rate": return .rate
    case "value": return .value
    default: break
    }
    guard text.hasPrefix("p("), text.hasSuffix(")") else {
      throw Malformed(
        "'\(text.prefix(50))' is none of avg, min, max, med, p(N), count, rate, value")
    }
    let inner = trimmed(text.dropFirst(2).dropLast())
    guard let number = Double(inner), (0...100).contains(number) else {
      throw Malformed("'\(text.prefix(50))' is no percentile from p(0) to p(100)")
    }
    return .percentile(number)
  }

  private static func number(_ text: String) throws(Malformed) -> Double {
    guard let number = Double(text), number.isFinite else {
      for word in ["&&", "||", "<", ">", " and ", " or "] where text.contains(word) {
        throw Malformed("compares more than once: write several elements, one for each")
      }
      throw Malformed("'\(text.prefix(50))' is no number")
    }
    return number
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}

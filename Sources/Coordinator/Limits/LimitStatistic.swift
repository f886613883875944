/// What of a metric a limit looks at. Its raw value is how the API names it.
public enum LimitStatistic: Hashable, Sendable {
  /// How many values there are; of a counter, its total.
  case count
  case mean
  case min
  case max
  /// The standard deviation of the population.
  case standardDeviation
  /// Per second for a counter, the share of yes for everything that is yes or no.
  case rate
  /// Total of a counter, present level of a metered metric.
  case value
  /// Per cent of the values that lie below, from 0 to 100.
  case percentile(Double)
}

extension LimitStatistic: RawRepresentable, Codable {
  /// Reads `mean`, `p95`, `p99.9` and the like. Digits beyond two are a fraction where they would
  /// exceed 100 otherwise, as in the keys of a Timing: `p999` is the 99.9th percentile.
  public init?(rawValue: String) {
    switch rawValue {
    case "count": self = .count
    case "mean": self = .mean
    case "min": self = .min
    case "max": self = .max
    case "sd": self = .standardDeviation
    case "rate": self = .rate
    case "value": self = .value
    default:
      guard let percent = Self.percent(rawValue) else { return nil }
      self = .percentile(percent)
    }
  }

  private static func percent(_ name: String) -> Double? {
    guard name.first == "p" else { return nil }
    let text = name.dropFirst()
    guard !text.isEmpty, text.utf8.count <= 12,
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
      var number = Double(text)
    else { return nil }
    if number > 100, !text.contains(".") {
      guard let shifted = Double("\(text.prefix(2)).\(text.dropFirst(2))") else { return nil }
      number = shifted
    }
    return number <= 100 ? number : nil
  }

  public var rawValue: String {
    switch self {
    case .count: "count"
    case .mean: "mean"
    case .min: "min"
    case .max: "max"
    case .standardDeviation: "sd"
    case .rate: "rate"
    case .value: "value"
    case .percentile(99.9): "p999"
    case .percentile(let number): "p\(LimitNumber.text(number))"
    }
  }
}

/// How a measured value is compared with that of a limit.
public enum LimitOperator: String, Codable, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="

  public func holds(_ measured: Double, _ bound: Double) -> Bool {
    switch self {
    case .less: measured < bound
    case .lessOrEqual: measured <= bound
    case .greater: measured > bound
    case .greaterOrEqual: measured >= bound
    case .equal: measured == bound
    case .notEqual: measured != bound
    }
  }
}

/// Numbers within messages.
enum LimitNumber {
  /// At most `places` decimals, trailing zeros cut; without exponent where decimals are.
  static func text(_ value: Double, places: Int = 6) -> String {
    guard value.isFinite else { return "\(value)" }
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let scaled = (value * factor).rounded()
    // Beyond 2⁵³ there is no fraction to cut.
    let cut = scaled.magnitude < 9e15 ? scaled / factor : value
    if let integer = Int64(exactly: cut) { return String(integer) }
    // Swift writes what is smaller with an exponent, which XML Schema has in no decimal.
    guard cut.magnitude < 1e-4 else { return cut.description }
    var digits = String(Int64(scaled.magnitude))
    digits = String(repeating: "0", count: places - digits.utf8.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return "\(cut < 0 ? "-" : "")0.\(digits)"
  }
}

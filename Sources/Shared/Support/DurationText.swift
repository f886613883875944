/// Durations as people write them.
public enum DurationText {
  /// Seconds of `30s`, `1m30s`, `500ms`, `2h`, `1d` or `12.5`; nil when it is none of these,
  /// negative, or longer than `Limits.durationSecsMax`.
  public static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return bounded(plain) }
    var total = 0.0
    var rest = Substring(text)
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let factor = factors[String(unit)] else { return nil }
      total += value * factor
    }
    return bounded(total)
  }

  /// Seconds as `1h02m05s`, `12s` or `0.5s`.
  public static func text(seconds: Double) -> String {
    if seconds < 10, seconds != seconds.rounded() {
      return "\((seconds * 10).rounded() / 10)s"
    }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole >= 3_600 { return "\(whole / 3_600)h\(two(whole / 60 % 60))m\(two(whole % 60))s" }
    return whole >= 60 ? "\(whole / 60)m\(two(whole % 60))s" : "\(whole)s"
  }

  private static let factors = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]

  private static func bounded(_ value: Double) -> Double? {
    value.isFinite && value >= 0 && value <= Limits.durationSecsMax ? value : nil
  }
}

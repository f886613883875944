import Shared

/// Durations as k6 options write them: Go's `time.ParseDuration` with days, and plain numbers
/// as milliseconds.
enum K6Duration {
  /// Seconds of `"1m30s"`, `"500ms"`, `"1d"`, `"250"` or `250`; nil when it is none of these,
  /// negative, or longer than `Limits.durationSecsMax`.
  static func seconds(_ value: JSONValue) -> Double? {
    switch value {
    case .int(let millis): bounded(Double(millis) / 1_000)
    case .double(let millis): bounded(millis / 1_000)
    case .string(let text): seconds(text)
    default: nil
    }
  }

  static func seconds(_ text: String) -> Double? {
    if !text.isEmpty, text.allSatisfy({ isDigit($0) }) {
      return Double(text).flatMap { bounded($0 / 1_000) }
    }
    var total = 0.0
    var rest = Substring(text)
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { isDigit($0) }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !isDigit($0) }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let factor = factors[String(unit)] else { return nil }
      total += value * factor
    }
    return bounded(total)
  }

  private static let factors = [
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3_600,
    "d": 86_400,
  ]

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && (character.isNumber || character == ".")
  }

  private static func bounded(_ value: Double) -> Double? {
    value.isFinite && value >= 0 && value <= Limits.durationSecsMax ? value : nil
  }
}

extension FieldReader {
  /// A duration as k6 writes it, in seconds. Nil when it is absent or bad.
  mutating func k6Duration(_ name: String, required: Bool = false) -> Double? {
    guard let value = value(name, required: required) else { return nil }
    guard let seconds = K6Duration.seconds(value) else {
      fail(name, "must be a duration such as \"1m30s\" or \"500ms\", or a number of milliseconds")
      return nil
    }
    return seconds
  }

  /// The same, above 0.
  mutating func k6PositiveDuration(_ name: String, required: Bool = false) -> Double? {
    guard let seconds = k6Duration(name, required: required) else { return nil }
    guard seconds > 0 else {
      fail(name, "must be more than 0")
      return nil
    }
    return seconds
  }
}

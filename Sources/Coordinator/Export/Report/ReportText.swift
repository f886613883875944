import Shared

/// Numbers as a report shows them.
enum ReportText {
  /// As the API writes it: the shortest text of the same number.
  static func exact(_ value: Double) -> String {
    var json = JSONWriter()
    json.double(value)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// A value as the API gives it, or rounded where it is too long for a column.
  static func figure(_ value: Double) -> String {
    let text = exact(value)
    guard text.utf8.count > figureBytesMax else { return text }
    return number(value, places: value.magnitude >= 1_000 ? 0 : 3)
  }

  private static let figureBytesMax = 9

  /// At most `places` decimals, without trailing zeros.
  static func number(_ value: Double, places: Int = 3) -> String {
    LimitNumber.text(value, places: places)
  }

  /// Three digits that count: `0.18`, `5.25`, `48.3`, `812`, `12345`.
  static func short(_ value: Double) -> String {
    let size = value.magnitude
    return number(value, places: size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4)
  }

  /// `183 µs`, `5.25 ms`, `12.3 s`.
  static func milliseconds(_ value: Double) -> String {
    if value >= 10_000 { return "\(short(value / 1_000)) s" }
    return value > 0 && value < 1 ? "\(short(value * 1_000)) µs" : "\(short(value)) ms"
  }

  /// `512 B`, `1.54 kB`, `23.4 MB`: thousands, as networks count.
  static func bytes(_ value: Double) -> String {
    var (rest, unit) = (value, "B")
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] where rest >= 1_000 {
      rest /= 1_000
      unit = next
    }
    return "\(short(rest)) \(unit)"
  }

  /// With exactly so many decimals, for numbers below each other.
  static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return exact(value) }
    let text = number(value, places: places)
    let decimals = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
    let missing = places - (decimals.first?.count ?? 0)
    guard places > 0, missing > 0 else { return text }
    return text + (decimals.isEmpty ? "." : "") + String(repeating: "0", count: missing)
  }

  /// A rate per second, for numbers below each other.
  static func rate(_ value: Double) -> String { fixed(value, places: value >= 1_000 ? 0 : 2) }

  /// A share from 0 to 1 as `1.25 %`. What is not nothing is not shown as nothing, nor what is
  /// not all as all.
  static func percent(_ share: Double) -> String {
    if share > 0, share < 0.0001 { return "< 0.01 %" }
    if share < 1, share > 0.9999 { return "> 99.99 %" }
    if share == 0 || share == 1 { return share == 0 ? "0 %" : "100 %" }
    return "\(fixed(share * 100, places: 2)) %"
  }

  static func share(_ part: Int64, of whole: Int64) -> String {
    whole > 0 ? percent(Double(part) / Double(whole)) : "–"
  }

  /// `1 request`, `2 requests`; a plural that is not made with an s is given.
  static func counted(_ count: Int64, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    counted(Int64(count), noun, plural)
  }

  /// `350 ms`, `12.5 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  static func duration(seconds: Double) -> String {
    guard seconds >= 1 else { return "\(number(max(0, seconds) * 1_000, places: 0)) ms" }
    guard seconds >= 59.95 else { return "\(number(seconds, places: 1)) s" }
    let whole = Int64(min(seconds.rounded(), 1e15))
    let parts: [(Int64, String)] =
      whole < 3_600
      ? [(whole / 60, "min"), (whole % 60, "s")]
      : whole < 86_400
        ? [(whole / 3_600, "h"), (whole % 3_600 / 60, "min")]
        : [(whole / 86_400, "d"), (whole % 86_400 / 3_600, "h")]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }

  /// At most `count` characters, the middle left out.
  static func shortened(_ text: String, to count: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > count else { return text }
    return String(scalars.prefix(count * 2 / 3)) + "…" + String(scalars.suffix(count / 3))
  }
}

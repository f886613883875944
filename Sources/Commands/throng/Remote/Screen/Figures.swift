import Glibc
import Shared

/// Numbers and times as people read them.
enum Figures {
  /// What stands where there is nothing.
  static let none = "–"

  static func ms(_ value: Double?) -> String {
    value.map { SummaryReport.duration(micros: $0 * 1_000) } ?? none
  }

  static func rate(_ value: Double?) -> String {
    value.map { SummaryReport.decimal($0, $0 < 100 ? 1 : 0) } ?? none
  }

  static func percent(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0, part >= 0 else { return none }
    return SummaryReport.decimal(100 * Double(part) / Double(whole), 2) + "%"
  }

  static func bytes(_ value: Int64?) -> String {
    value.map { SummaryReport.bytes(Double($0)) } ?? none
  }

  static func seconds(_ value: Double?) -> String {
    guard let value, value < 1e12 else { return none }
    return DurationText.text(seconds: max(0, value))
  }

  /// A time of the API where the user is: `2026-11-25 12:50:10`.
  static func time(_ value: JSONValue?) -> String {
    guard let millis = millis(value) else { return none }
    var seconds = time_t(millis / 1_000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return none }
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(day) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  /// Milliseconds since the Unix epoch of a time as the API writes it.
  static func millis(_ value: JSONValue?) -> Int64? {
    guard let text = value?.stringValue else { return nil }
    let fields = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int32($0) }
    guard fields.count == 7, (1970...9999).contains(fields[0]) else { return nil }
    var parts = tm()
    parts.tm_year = fields[0] - 1900
    parts.tm_mon = fields[1] - 1
    parts.tm_mday = fields[2]
    parts.tm_hour = fields[3]
    parts.tm_min = fields[4]
    parts.tm_sec = fields[5]
    return Int64(timegm(&parts)) * 1_000 + Int64(fields[6])
  }

  /// Seconds from one time of the API to another, or to now.
  static func seconds(from start: JSONValue?, to end: JSONValue?) -> Double? {
    guard let start = millis(start) else { return nil }
    let end = millis(end) ?? Clock.wallMicros() / 1_000
    return Double(max(0, end - start)) / 1_000
  }
}

import Foundation
import Shared

/// The time zone that a report shows times in.
struct ReportZone: Sendable, Equatable {
  private let zone: TimeZone
  var name: String { zone.identifier == "GMT" && isUTC ? "UTC" : zone.identifier }
  private let isUTC: Bool

  static let utc = ReportZone(zone: TimeZone(secondsFromGMT: 0) ?? .gmt, isUTC: true)

  private init(zone: TimeZone, isUTC: Bool) {
    self.zone = zone
    self.isUTC = isUTC
  }

  /// A zone of the IANA database, like `America/Chicago`. Nil for what is none: Foundation also
  /// takes abbreviations such as `IST`, which mean different things to different people.
  init?(identifier: String) {
    if ["UTC", "GMT", "Etc/UTC"].contains(identifier) {
      self = .utc
      return
    }
    // As browsers do, in any case.
    let known = TimeZone.knownTimeZoneIdentifiers.first {
      $0.lowercased() == identifier.lowercased()
    }
    let name = known ?? identifier
    guard known != nil || Self.isInDatabase(identifier), let zone = TimeZone(identifier: name)
    else { return nil }
    self.init(zone: zone, isUTC: false)
  }

  /// Links such as `US/Central` are known to the system's database only.
  private static func isInDatabase(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      name.utf8.count <= 64 && parts.count <= 3
      && parts.allSatisfy { part in
        part.first?.isLetter == true
          && part.utf8.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isLetter || character.isNumber || "+-_".contains(character)
          }
      }
    guard isName, !["posix", "right"].contains(parts.first ?? ""), name != "Factory" else {
      return false
    }
    var isDirectory: ObjCBool = false
    let path = "/usr/share/zoneinfo/\(name)"
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      !isDirectory.boolValue, let file = FileHandle(forReadingAtPath: path)
    else { return false }
    // Tables for people lie there too.
    return (try? file.read(upToCount: 4)) == Data("TZif".utf8)
  }

  /// Milliseconds to add to UTC at a time; both in milliseconds, since the Unix epoch.
  func offsetMs(at ms: Int64) -> Int64 {
    isUTC
      ? 0
      : Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(ms) / 1_000))) * 1_000
  }

  /// `UTC`, `UTC-05:00`.
  func offsetText(at ms: Int64) -> String {
    let minutes = offsetMs(at: ms) / 60_000
    guard minutes != 0 else { return "UTC" }
    return
      "UTC\(minutes < 0 ? "-" : "+")\(Self.two(abs(minutes) / 60)):\(Self.two(abs(minutes) % 60))"
  }

  /// `26 Nov 2026, 14:03:07`.
  func dateTime(_ ms: Int64) -> String { "\(date(ms)), \(time(ms))" }

  /// `26 Nov 2026`.
  func date(_ ms: Int64) -> String { "\(day(ms)) \(Self.fields(local(ms)).year)" }

  /// `26 Nov`.
  func day(_ ms: Int64) -> String {
    let fields = Self.fields(local(ms))
    return "\(fields.day) \(Self.months[fields.month - 1])"
  }

  /// `14:03:07`.
  func time(_ ms: Int64, seconds: Bool = true) -> String {
    let inDay = local(ms).remainder(86_400_000) / 1_000
    let hoursAndMinutes = "\(Self.two(inDay / 3_600)):\(Self.two(inDay / 60 % 60))"
    return seconds ? "\(hoursAndMinutes):\(Self.two(inDay % 60))" : hoursAndMinutes
  }

  func local(_ ms: Int64) -> Int64 { ms + offsetMs(at: ms) }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Of a local time, read as if it were UTC.
  private static func fields(_ localMs: Int64) -> (year: Int, month: Int, day: Int) {
    let text = ISOTime.text(millis: localMs)
    let parts = text.prefix { $0 != "T" }.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return (1970, 1, 1) }
    return (parts[0], parts[1], parts[2])
  }
}

extension Int64 {
  /// Rest of a division that rounds down, never negative.
  func remainder(_ divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}

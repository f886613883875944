/// ISO-8601 times in UTC with milliseconds, as the API writes them: `2016-02-18T19:11:52.737Z`.
public enum ISOTime {
  /// Microseconds since the Unix epoch to text.
  public static func text(micros: Int64) -> String { text(millis: floorDivide(micros, 1_000)) }

  /// Milliseconds since the Unix epoch to text.
  public static func text(millis: Int64) -> String {
    String(decoding: bytes(millis: millis), as: UTF8.self)
  }

  /// The first and the last moment that it can write, milliseconds since the Unix epoch: years 0
  /// to 9999. Whatever lies outside is written as the nearest of them.
  public static let millisRange: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// The same as bytes, 24 of them.
  public static func bytes(millis: Int64) -> [UInt8] {
    let millis = min(max(millis, millisRange.lowerBound), millisRange.upperBound)
    let days = floorDivide(millis, 86_400_000)
    var rest = millis - days * 86_400_000
    let (year, month, day) = civil(days: days)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    append(&bytes, year, 4)
    bytes.append(UInt8(ascii: "-"))
    append(&bytes, month, 2)
    bytes.append(UInt8(ascii: "-"))
    append(&bytes, day, 2)
    bytes.append(UInt8(ascii: "T"))
    append(&bytes, rest / 3_600_000, 2)
    rest %= 3_600_000
    bytes.append(UInt8(ascii: ":"))
    append(&bytes, rest / 60_000, 2)
    rest %= 60_000
    bytes.append(UInt8(ascii: ":"))
    append(&bytes, rest / 1_000, 2)
    bytes.append(UInt8(ascii: "."))
    append(&bytes, rest % 1_000, 3)
    bytes.append(UInt8(ascii: "Z"))
    return bytes
  }

  private static func append(_ bytes: inout [UInt8], _ value: Int64, _ width: Int) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// Days since 1970-01-01 to a Gregorian date (Howard Hinnant, "chrono-compatible low-level
  /// date algorithms", `civil_from_days`).
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

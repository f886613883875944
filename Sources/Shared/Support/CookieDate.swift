import Glibc

/// Dates of cookies.
public enum CookieDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Seconds since 1970 of a date in any of the ways that servers write it (RFC 6265, 5.1.1); nil
  /// for what is none.
  public static func seconds(_ text: String) -> Int64? {
    var (clock, day, month, year): ([Int]?, Int?, Int?, Int?)
    for token in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != ":" }) {
      let numbers = token.split(separator: ":").compactMap { Int($0) }
      if clock == nil, numbers.count == 3 {
        clock = numbers
      } else if day == nil, token.count <= 2, let number = Int(token) {
        day = number
      } else if month == nil, let index = months.firstIndex(of: token.prefix(3).lowercased()) {
        month = index
      } else if year == nil, token.count <= 4, let number = Int(token) {
        year = number < 70 ? number + 2_000 : number < 100 ? number + 1_900 : number
      }
    }
    guard let clock, let day, let month, let year, (1...31).contains(day), year >= 1601,
      clock[0] < 24, clock[1] < 60, clock[2] < 60, clock.allSatisfy({ $0 >= 0 })
    else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1_900)
    parts.tm_mon = Int32(month)
    parts.tm_mday = Int32(day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (
      Int32(clock[0]), Int32(clock[1]), Int32(clock[2])
    )
    return Int64(timegm(&parts))
  }
}

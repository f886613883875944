import Foundation

/// Numbers at the edges of what types hold, for texts of JSON.
public enum ExtremeNumbers {
  public static let all = [
    "0", "1", "-1", "2147483648", "-2147483648", "9007199254740992", "-9007199254740992",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e300", "-1e300",
    "1e400",
  ]

  /// The text with each whole number behind a colon replaced by each of `numbers`.
  public static func variants(of text: String, _ numbers: [String] = all) -> [String] {
    text.matches(of: /:-?[0-9]+(?=[,}\]])/).flatMap { match in
      numbers.map { text.replacingCharacters(in: match.range, with: ":" + $0) }
    }
  }
}

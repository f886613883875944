/// Colours, where they are wanted.
struct TextStyle: Equatable {
  enum Tone: String { case good = "32", bad = "31", warning = "33", dim = "2", strong = "1" }

  var isOn: Bool

  func apply(_ tone: Tone?, to text: String) -> String {
    guard isOn, let tone, !text.isEmpty else { return text }
    return "\u{1b}[\(tone.rawValue)m\(text)\u{1b}[0m"
  }
}

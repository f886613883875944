/// A colour, each part from 0 to 1.
struct Ink: Hashable, Sendable {
  var red: Double
  var green: Double
  var blue: Double

  /// `0xRRGGBB`.
  init(_ hex: UInt32) {
    red = Double(hex >> 16 & 0xff) / 255
    green = Double(hex >> 8 & 0xff) / 255
    blue = Double(hex & 0xff) / 255
  }
}

/// The few colours of a report. Those that stand beside each other differ in lightness too, so
/// that a grey print and eyes that see fewer colours tell them apart.
extension Ink {
  static let white = Ink(0xffffff)
  static let text = Ink(0x1f2933)
  static let muted = Ink(0x616e7c)
  static let rule = Ink(0xcbd2d9)
  static let grid = Ink(0xe4e7eb)
  static let band = Ink(0xf5f7fa)
  static let good = Ink(0x1b7f4b)
  static let bad = Ink(0xb42318)
  static let warning = Ink(0x9a5b00)
  static let info = Ink(0x1f5fa8)
  static let neutral = Ink(0x52606d)

  static let throughput = Ink(0x2f6fb3)
  static let clients = Ink(0x52606d)
  /// From the light one of the median to the dark one of the highest percentile.
  static let percentiles = [Ink(0x8fc1ea), Ink(0x2f7fc1), Ink(0x0b2f57)]
  /// Of what is stacked: the largest part is the darkest.
  static let stack = [
    Ink(0x8c1d18), Ink(0xd9642b), Ink(0xf0b429), Ink(0x4f86b8), Ink(0x9fb3c8), Ink(0xd2d6dc),
  ]
}

/// How something stands, which decides about its colour.
enum ReportTone: Sendable, Equatable {
  case normal, muted, good, bad, warning, info, neutral

  var ink: Ink {
    switch self {
    case .normal: .text
    case .muted: .muted
    case .good: .good
    case .bad: .bad
    case .warning: .warning
    case .info: .info
    case .neutral: .neutral
    }
  }
}

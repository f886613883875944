/// The scale of a chart's values: from 0 to a round number, in round steps.
struct ValueAxis: Equatable, Sendable {
  /// Ascending, from 0 to the top.
  let ticks: [Double]
  var top: Double { ticks.last ?? 1 }

  /// - Parameters:
  ///   - maximum: the largest value to be shown.
  ///   - steps: about so many steps; there is one more or fewer.
  ///   - wholeOnly: for what is counted, so that no tick stands between two numbers.
  init(maximum: Double, steps: Int = 4, wholeOnly: Bool = false) {
    guard maximum.isFinite, maximum > 0 else {
      ticks = [0, 1]
      return
    }
    let rough = maximum / Double(max(1, steps))
    var unit = 1.0
    while unit * 10 <= rough { unit *= 10 }
    while unit > rough { unit /= 10 }
    // 1, 2, 2.5 and 5 times a power of ten, after Heckbert's "Nice numbers for graph labels".
    var step = [1, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? unit * 10
    if wholeOnly { step = max(1, step.rounded(.up)) }
    let count = max(1, Int((maximum / step).rounded(.up)))
    // Products, not sums: errors would add up.
    ticks = (0...min(count, 20)).map { Double($0) * step }
  }

  /// Texts of the ticks; all have as many decimals as the finest needs.
  func labels() -> [String] {
    let scaled: (divisor: Double, suffix: String) =
      top >= 2e9 ? (1e9, "G") : top >= 2e6 ? (1e6, "M") : top >= 20_000 ? (1e3, "k") : (1, "")
    let decimals = ticks.map { tick in
      let text = ReportText.number(tick / scaled.divisor, places: 6)
      return text.split(separator: ".").dropFirst().first?.count ?? 0
    }.max()
    return ticks.map { tick in
      tick == 0
        ? "0"
        : ReportText.fixed(tick / scaled.divisor, places: decimals ?? 0) + scaled.suffix
    }
  }
}

import Shared

/// When the iterations of an arrival-rate load begin. Pure; times are nanoseconds from the
/// beginning of the load.
///
/// Start `k`, from 0, is at the last instant at which the area below the curve of the rate is no
/// more than `k`. A stage of rates from `a` to `b` over `d` seconds holds
/// `a·x + (b − a)/2d · x²` starts in its first `x` seconds; solved for `x`, with a root that loses
/// no digits when the rate hardly changes: `x = 2n / (a + √(a² + 2n(b − a)/d))`. The idea of a
/// closed form is that of vegeta's pacers (`lib/pacer.go`).
struct ArrivalSchedule: Sendable {
  private struct Stage {
    var beginSecs: Double
    var durationSecs: Double
    var from: Double
    var to: Double
    /// Starts before its end, in all.
    var area: Double
  }

  /// Starts in all.
  let count: Int64
  private var stages: [Stage] = []
  /// How far sums may be off by rounding: a start is not lost or won by it.
  private let tolerance: Double

  init(_ curve: LoadCurve) {
    var begin = 0.0
    var area = 0.0
    var before = curve.start
    for stage in curve.stages {
      area += (before + stage.target) / 2 * stage.durationSecs
      stages.append(
        Stage(
          beginSecs: begin, durationSecs: stage.durationSecs, from: before, to: stage.target,
          area: area))
      begin += stage.durationSecs
      before = stage.target
    }
    tolerance = max(1e-6, area * 1e-12)
    count = max(0, Int64(saturating: (area - tolerance).rounded(.up)))
  }

  /// When start `index` is; nil when there are not so many.
  ///
  /// - Parameter hint: the stage to look at first. Starts asked for in their order find theirs at
  ///   once; the caller only keeps it, from 0.
  func nanos(of index: Int64, hint: inout Int) -> Int64? {
    guard index >= 0, index < count else { return nil }
    let wanted = Double(index)
    if hint > 0, wanted < stages[hint - 1].area - tolerance { hint = 0 }
    while hint < stages.count - 1, wanted >= stages[hint].area - tolerance { hint += 1 }
    let stage = stages[hint]
    let before = hint > 0 ? stages[hint - 1].area : 0
    let rest = max(0, wanted - before)
    let seconds = stage.beginSecs + min(stage.durationSecs, Self.seconds(to: rest, in: stage))
    return Int64(saturating: (seconds * 1e9).rounded())
  }

  private static func seconds(to rest: Double, in stage: Stage) -> Double {
    guard rest > 0 else { return 0 }
    let slope = (stage.to - stage.from) / stage.durationSecs
    let root = max(0, stage.from * stage.from + 2 * slope * rest).squareRoot()
    return 2 * rest / (stage.from + root)
  }
}

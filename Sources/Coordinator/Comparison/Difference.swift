/// What a comparison comes to.
enum ComparisonVerdict: String, Sendable, CaseIterable {
  /// Worse, by more than chance and by enough to matter.
  case regression
  /// Better, in the same sense.
  case improvement
  /// It may have changed by enough to matter, or not: there are too few results to tell.
  case inconclusive
  /// If it has changed at all, then by less than matters.
  case same

  /// Of several, the one that counts most.
  static func summary(_ verdicts: some Sequence<ComparisonVerdict>) -> ComparisonVerdict {
    let all = Set(verdicts)
    return allCases.first(where: all.contains) ?? .inconclusive
  }

  /// The order in which a reader wants them: the worst first.
  var rank: Int {
    switch self {
    case .regression: 0
    case .inconclusive: 1
    case .improvement: 2
    case .same: 3
    }
  }
}

/// How one statistic differs between two executions. Pure.
struct Difference: Sendable {
  var statistic: ComparedStatistic
  var baseline: Double
  var value: Double
  /// Of the change, at the confidence that was asked for; nil when there are too few results.
  var interval: ConfidenceInterval?
  /// Whether the change is more than chance, with all comparisons of the answer taken into account.
  var isSignificant: Bool
  var verdict: ComparisonVerdict

  var change: Double { value - baseline }
  /// Nil when there was nothing before.
  var changePercent: Double? { baseline == 0 ? nil : change / baseline * 100 }

  /// - Parameters:
  ///   - confidence: of the interval that is shown.
  ///   - strict: the confidence that a significant change must reach.
  ///   - minChange: the share of the baseline that a change must have to matter.
  init?(
    _ statistic: ComparedStatistic, _ old: RequestFigures, _ new: RequestFigures,
    confidence: Double, strict: Double, minChange: Double
  ) {
    guard let baseline = statistic.value(old), let value = statistic.value(new) else { return nil }
    self.statistic = statistic
    self.baseline = baseline
    self.value = value
    interval = statistic.interval(old, new, confidence: confidence)
    isSignificant =
      statistic.interval(old, new, confidence: strict)?.excludesZero ?? false
    let matters = value != baseline && abs(value - baseline) >= baseline * minChange
    let bound = max(baseline * minChange, statistic.slack)
    if matters, isSignificant {
      verdict = value > baseline ? .regression : .improvement
    } else {
      verdict = interval?.isWithin(bound) == true ? .same : .inconclusive
    }
  }
}

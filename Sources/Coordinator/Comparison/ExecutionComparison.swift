import Shared

/// The requests of one execution, by resource.
struct ComparedRequests: Sendable {
  var execution: ExecutionID
  /// How long it ran, 0 if it never did.
  var seconds: Double
  var overall = RequestFigures()
  var resources: [NameID: RequestFigures] = [:]

  init(execution: ExecutionID, seconds: Double) {
    self.execution = execution
    self.seconds = seconds
  }

  /// - Parameter resource: nil for all.
  func figures(_ resource: NameID?) -> RequestFigures? {
    guard let resource else { return overall }
    return resources[resource]
  }
}

/// Executions compared with the first of them, by resource. Pure.
struct ExecutionComparison: Sendable {
  struct Settings: Sendable, Equatable {
    var confidence = 0.95
    /// Per cent of the baseline that a change must have to matter.
    var minChangePercent = 5.0
  }

  /// The differences of one execution from the baseline.
  struct Candidate: Sendable {
    var execution: ExecutionID
    var differences: [Difference]
    var verdict: ComparisonVerdict { .summary(differences.map(\.verdict)) }
  }

  /// One resource, or all.
  struct Scope: Sendable {
    /// Nil for all resources together.
    var resource: NameID?
    var candidates: [Candidate]
    var verdict: ComparisonVerdict { .summary(candidates.map(\.verdict)) }

    /// The largest regression in per cent, or what comes closest to one.
    var worstPercent: Double {
      let all = candidates.flatMap(\.differences)
      let regressions = all.filter { $0.verdict == .regression }
      return (regressions.isEmpty ? all : regressions)
        .map { $0.changePercent ?? ($0.change > 0 ? .infinity : 0) }.max() ?? 0
    }
  }

  /// A resource that only one of two executions has requested.
  struct Odd: Sendable, Equatable {
    var execution: ExecutionID
    var resource: NameID
  }

  let settings: Settings
  /// All differences of the answer.
  let comparisons: Int
  /// What a single difference must reach, so that all of them together reach the confidence that
  /// was asked for (Bonferroni).
  let strictConfidence: Double
  let executions: [ComparedRequests]
  let overall: Scope
  /// The worst first.
  let resources: [Scope]
  /// Resources of the baseline that another lacks, and the other way round; by execution.
  let missing: [Odd]
  let new: [Odd]

  var verdict: ComparisonVerdict { .summary([overall.verdict] + resources.map(\.verdict)) }

  /// Of one execution against the baseline.
  func verdict(of execution: ExecutionID) -> ComparisonVerdict {
    .summary(
      ([overall] + resources).flatMap(\.candidates).filter { $0.execution == execution }
        .map(\.verdict))
  }

  /// - Parameter executions: the baseline and at least one more.
  init(_ executions: [ComparedRequests], _ settings: Settings = Settings()) {
    let baseline = executions[0]
    let others = executions.dropFirst()
    let ids = Set(executions.flatMap(\.resources.keys)).sorted()
    let shared: [NameID?] =
      [nil]
      + ids.filter { id in
        baseline.resources[id] != nil && others.contains { $0.resources[id] != nil }
      }
    let count = Self.comparisons(shared, baseline, others)
    let strict = 1 - (1 - settings.confidence) / Double(max(1, count))
    let scopes = shared.map { resource in
      Self.scope(resource, baseline, others, settings, strict: strict)
    }
    self.settings = settings
    self.executions = executions
    comparisons = count
    strictConfidence = strict
    overall = scopes[0]
    resources = scopes.dropFirst().map { ($0, $0.verdict.rank, $0.worstPercent) }
      .sorted {
        ($0.1, -$0.2, $0.0.resource?.rawValue ?? 0) < ($1.1, -$1.2, $1.0.resource?.rawValue ?? 0)
      }
      .map(\.0)
    missing = others.flatMap { other in
      ids.filter { baseline.resources[$0] != nil && other.resources[$0] == nil }
        .map { Odd(execution: other.execution, resource: $0) }
    }
    new = others.flatMap { other in
      ids.filter { baseline.resources[$0] == nil && other.resources[$0] != nil }
        .map { Odd(execution: other.execution, resource: $0) }
    }
  }

  private static func comparisons(
    _ shared: [NameID?], _ baseline: ComparedRequests, _ others: ArraySlice<ComparedRequests>
  ) -> Int {
    var count = 0
    for resource in shared {
      guard let old = baseline.figures(resource) else { continue }
      let known = ComparedStatistic.allCases.filter { $0.value(old) != nil }
      for figures in others.compactMap({ $0.figures(resource) }) {
        count += known.count { $0.value(figures) != nil }
      }
    }
    return count
  }

  private static func scope(
    _ resource: NameID?, _ baseline: ComparedRequests, _ others: ArraySlice<ComparedRequests>,
    _ settings: Settings, strict: Double
  ) -> Scope {
    let old = baseline.figures(resource) ?? RequestFigures()
    let candidates = others.compactMap { other in
      other.figures(resource).map { figures in
        Candidate(
          execution: other.execution,
          differences: ComparedStatistic.allCases.compactMap {
            Difference(
              $0, old, figures, confidence: settings.confidence, strict: strict,
              minChange: settings.minChangePercent / 100)
          })
      }
    }
    return Scope(resource: resource, candidates: candidates)
  }
}

extension IntervalAggregator {
  /// The requests of each resource over all regions and intervals, in one pass.
  func requestsByResource() -> [NameID: RequestTotals] {
    var totals: [NameID: RequestTotals] = [:]
    requests.forEach(interval: nil, where: { _ in true }) { group, part in
      totals[group.resource, default: RequestTotals()].merge(part)
    }
    return totals
  }
}

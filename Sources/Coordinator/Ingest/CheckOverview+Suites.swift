import Shared

/// Checks as tests of suites.
extension [CheckOverview] {
  /// One for each check, over its regions.
  var summaries: [SuiteSummary] {
    grouped.map { checks in
      let path = checks[0].path
      let failures = checks.compactMap(\.failures)
      return SuiteSummary(
        suite: path.suite, test: path.name,
        passed: checks.reduce(0) { $0.plus($1.passes) },
        failed: checks.reduce(0) { $0.plus($1.fails) },
        firstAtMicros: checks.map(\.firstAtMicros).min() ?? 0,
        lastAtMicros: checks.map(\.lastAtMicros).max() ?? 0,
        firstFailureAtMicros: failures.map(\.firstAtMicros).min(),
        lastFailureAtMicros: failures.map(\.lastAtMicros).max())
    }
  }

  /// One for each check that failed, over its regions.
  var errors: [SuiteError] {
    grouped.compactMap { checks in
      let failed = checks.compactMap { check in check.failures.map { (check, $0) } }
      guard let first = failed.min(by: { $0.1.firstAtMicros < $1.1.firstAtMicros }) else {
        return nil
      }
      let path = checks[0].path
      return SuiteError(
        suite: path.suite, test: path.name, message: CheckReader.failure,
        count: failed.reduce(0) { $0.plus($1.0.fails) }, firstAtMicros: first.1.firstAtMicros,
        lastAtMicros: failed.map(\.1.lastAtMicros).max() ?? first.1.lastAtMicros,
        regions: failed.map(\.0.region).sorted(),
        example: SuiteError.Example(moment: first.1.moment, region: first.0.region),
        isCheck: true)
    }
  }

  /// Those of one check together; the array is sorted by them.
  private var grouped: [[CheckOverview]] {
    var groups: [[CheckOverview]] = []
    for check in self {
      if groups.last?[0].path == check.path {
        groups[groups.count - 1].append(check)
      } else {
        groups.append([check])
      }
    }
    return groups
  }
}

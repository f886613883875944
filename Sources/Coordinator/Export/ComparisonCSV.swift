import Shared

/// Comparisons as CSV: one row per difference.
enum ComparisonCSV {
  /// What rows are of.
  enum Entry {
    /// A resource, or all; a row per difference.
    case scope(ExecutionComparison.Scope)
    /// A resource that only one of two executions has requested.
    case odd(ExecutionComparison.Odd, verdict: String)
  }

  private static let columns = [
    "resource", "baselineId", "executionId", "metric", "statistic", "baseline", "value", "change",
    "changePercent", "low", "high", "significant", "verdict",
  ]

  static var header: [UInt8] {
    var csv = CSVWriter()
    for column in columns { csv.text(column) }
    csv.endRow()
    return csv.bytes
  }

  static func entries(_ comparison: ExecutionComparison) -> [Entry] {
    ([comparison.overall] + comparison.resources).map { .scope($0) }
      + comparison.missing.map { .odd($0, verdict: "missing") }
      + comparison.new.map { .odd($0, verdict: "new") }
  }

  /// - Parameters:
  ///   - baseline: the execution that others are compared with.
  ///   - name: of a resource.
  static func write(
    _ entry: Entry, baseline: ExecutionID, name: (NameID) -> String, to csv: inout CSVWriter
  ) {
    switch entry {
    case .scope(let scope):
      // Empty for all together.
      write(scope, resource: scope.resource.map(name) ?? "", baseline: baseline, to: &csv)
    case .odd(let odd, let verdict):
      csv.text(name(odd.resource))
      csv.int(baseline.rawValue)
      csv.int(odd.execution.rawValue)
      for _ in 0..<9 { csv.empty() }
      csv.text(verdict)
      csv.endRow()
    }
  }

  private static func write(
    _ scope: ExecutionComparison.Scope, resource: String, baseline: ExecutionID,
    to csv: inout CSVWriter
  ) {
    for candidate in scope.candidates {
      for difference in candidate.differences {
        csv.text(resource)
        csv.int(baseline.rawValue)
        csv.int(candidate.execution.rawValue)
        csv.text(difference.statistic.metric)
        csv.text(difference.statistic.name)
        for value in [
          difference.baseline, difference.value, difference.change, difference.changePercent,
          difference.interval?.low, difference.interval?.high,
        ] { number(value, to: &csv) }
        csv.text(difference.isSignificant ? "true" : "false")
        csv.text(difference.verdict.rawValue)
        csv.endRow()
      }
    }
  }

  private static func number(_ value: Double?, to csv: inout CSVWriter) {
    guard let value else { return csv.empty() }
    csv.number(value)
  }
}

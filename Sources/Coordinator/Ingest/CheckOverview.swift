import Shared

/// What all results of one check in one region come to.
struct CheckOverview: Sendable {
  var path: CheckPath
  var region: ExecutionRegionID
  var passes: Int64
  var fails: Int64
  var firstAtMicros: Int64
  var lastAtMicros: Int64
  /// Nil when it never failed; by the very first client where agents only counted.
  var failures: CheckSpan.Failures?

  /// - Parameter around: between what it was made if there is no span.
  init(
    path: CheckPath, region: ExecutionRegionID, passes: Int64, fails: Int64, span: CheckSpan?,
    around: (first: Int64, last: Int64)
  ) {
    self.path = path
    self.region = region
    self.passes = passes
    self.fails = fails
    firstAtMicros = span?.firstAtMicros ?? around.first
    lastAtMicros = span?.lastAtMicros ?? around.last
    guard fails > 0 else { return }
    failures =
      span?.failures
      ?? CheckSpan.Failures(
        firstAtMicros: around.first, lastAtMicros: around.last,
        moment: ClientMoment(client: 0, iteration: 0))
  }
}

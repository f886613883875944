import Shared

/// What all results of one check in one region come to.
struct CheckOverview: Sendable {
  /// How often it failed, microseconds since the Unix epoch.
  struct Failures: Sendable {
    var count: Int64
    var firstAtMicros: Int64
    var lastAtMicros: Int64
    /// Of the first one; the very first where agents only counted.
    var moment: ClientMoment
  }

  var path: CheckPath
  var region: ExecutionRegionID
  var passes: Int64
  var fails: Int64
  var firstAtMicros: Int64
  var lastAtMicros: Int64
  var failures: Failures?

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
    failures = Failures(
      count: fails, firstAtMicros: span?.failures?.firstAtMicros ?? around.first,
      lastAtMicros: span?.failures?.lastAtMicros ?? around.last,
      moment: span?.failures?.moment ?? ClientMoment(client: 0, iteration: 0))
  }
}

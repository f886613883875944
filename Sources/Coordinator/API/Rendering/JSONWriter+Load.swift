import Shared

/// Loads as the API shows them, and takes them again.
extension JSONWriter {
  /// `iterations` or `durationSecs`, whichever it is, and `load` where these do not say all.
  ///
  /// - Parameter clients: of all regions.
  mutating func goal(_ goal: LoadGoal, clients: Int) {
    member("iterations", goal.iterations)
    member("durationSecs", goal.durationSecs)
    guard !goal.isPlain else { return }
    key("load")
    beginObject()
    switch goal.model {
    case .closed: member("model", LoadBody.Model.closed.rawValue)
    case .sharedIterations(let total):
      member("model", LoadBody.Model.sharedIterations.rawValue)
      member("iterations", total)
    case .rampingClients(let curve, let grace):
      member("model", LoadBody.Model.rampingClients.rawValue)
      member("startClients", curve.start)
      stages(curve, target: "clients")
      member("gracefulRampDownSecs", grace)
    case .arrivalRate(let curve):
      member("model", LoadBody.Model.arrivalRate.rawValue)
      member("startRate", curve.start)
      stages(curve, target: "iterationsPerSec")
      member("maxClients", clients)
    }
    member("maxDurationSecs", goal.maxDurationSecs)
    if goal.startDelaySecs > 0 { member("startDelaySecs", goal.startDelaySecs) }
    if goal.gracefulStopSecs != Limits.durationEndGraceSecs {
      member("gracefulStopSecs", goal.gracefulStopSecs)
    }
    endObject()
  }

  private mutating func stages(_ curve: LoadCurve, target: String) {
    key("stages")
    array(curve.stages) { json, stage in
      json.beginObject()
      json.member("durationSecs", stage.durationSecs)
      json.member(target, stage.target)
      json.endObject()
    }
  }
}

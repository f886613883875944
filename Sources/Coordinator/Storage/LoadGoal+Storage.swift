import Shared

/// A goal takes three columns: `iterations`, `duration_secs`, and `load` with the whole of it
/// unless the first two say everything.
extension LoadGoal {
  /// What the column `load` holds.
  func storedLoad() throws -> SQLValue {
    .optional(isPlain ? nil : try StoredJSON.text(self))
  }

  init(storedIterations: Int?, durationSecs: Double?, load: String?) throws {
    if let load {
      self = try StoredJSON.value(LoadGoal.self, load)
    } else {
      self.init(iterations: storedIterations, durationSecs: durationSecs)
    }
  }
}

import Shared

/// The body of a live extension.
struct ExtensionBody {
  var goal: Extension

  init(_ object: JSONObject) throws(ValidationError) {
    var reader = FieldReader(object)
    let iterations = reader.int("newIterations", range: 1...Limits.iterationsMax)
    let duration = reader.double("newDuration", range: 0.001...Limits.durationSecsMax)
    if reader.has("newIterations"), reader.has("newDuration") {
      reader.fail("newDuration", "cannot be given together with newIterations")
    } else if !reader.has("newIterations"), !reader.has("newDuration") {
      reader.fail("newIterations", "either newIterations or newDuration is required")
    }
    reader.finish()
    try reader.check()
    if let iterations {
      goal = .iterations(iterations)
    } else {
      goal = .durationSecs(duration ?? 0)
    }
  }
}

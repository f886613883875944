import Shared

/// The load that k6 options ask for: the shortcuts `vus`, `duration`, `iterations` and `stages`,
/// or one scenario.
struct K6Load {
  private(set) var goal = LoadGoal(iterations: 1, maxDurationSecs: K6Load.maxDurationSecs)
  private(set) var clients = 1
  private(set) var scenario = K6Configuration.Scenario()

  /// k6's `maxDuration` where none is given.
  static let maxDurationSecs = 600.0
  private static let clientsRange = 1...Limits.clientsPerExecutionMax
  private static let iterationsRange = 1...Limits.iterationsMax

  init(reading reader: inout FieldReader, _ warnings: inout [String]) {
    let shortcuts = ["iterations", "duration", "stages"].filter { reader.has($0) }
    guard !reader.has("scenarios") else {
      for name in shortcuts { reader.fail(name, "cannot be given together with scenarios") }
      if reader.value("vus") != nil {
        warnings.append("options.vus: ignored, since scenarios say how many there are")
      }
      readScenarios(&reader)
      return
    }
    let vus = reader.int("vus", range: Self.clientsRange)
    clients = vus ?? 1
    if shortcuts.contains("stages"), shortcuts.count > 1 {
      for name in shortcuts where name != "stages" {
        reader.fail(name, "cannot be given together with stages")
      }
      _ = reader.value("stages")
    } else if shortcuts.contains("iterations") {
      // With `iterations`, `duration` is what k6 calls maxDuration.
      readShared(&reader, maxDuration: "duration")
    } else if shortcuts.contains("duration") {
      goal = LoadGoal(durationSecs: reader.k6PositiveDuration("duration") ?? 1)
    } else if shortcuts.contains("stages") {
      readRamping(&reader, start: Double(vus ?? 1))
    } else if let vus, vus > 1 {
      clients = 1
      warnings.append(
        "options.vus: ignored, it only works together with iterations, duration or stages")
    }
  }

  // MARK: scenarios

  private mutating func readScenarios(_ reader: inout FieldReader) {
    guard let scenarios = reader.object("scenarios")?.withoutNulls else { return }
    guard let (name, value) = scenarios.members.first else {
      reader.fail("scenarios", "must have a scenario")
      return
    }
    guard scenarios.members.count == 1 else {
      let names = scenarios.members.map { "'\($0.key)'" }.joined(separator: ", ")
      reader.fail(
        "scenarios", "has \(names), but a test runs one scenario: start a test for each of them")
      return
    }
    let path = "\(reader.path(of: "scenarios")).\(name)"
    guard case .object(let object) = value else {
      reader.absorb([FieldError(field: path, message: "must be an object")])
      return
    }
    var inner = FieldReader(object.withoutNulls, path: path)
    readScenario(&inner)
    scenario.name = name
    if let exec = inner.string("exec") { scenario.exec = exec }
    scenario.env = K6Options.tags(&inner, "env")
    scenario.tags = K6Options.tags(&inner)
    goal.startDelaySecs = inner.k6Duration("startTime") ?? 0
    goal.gracefulStopSecs = inner.k6Duration("gracefulStop") ?? goal.gracefulStopSecs
    if inner.has("options") { inner.fail("options", "is not supported: there is no browser here") }
    inner.finish()
    reader.absorb(inner.errors)
  }

  private mutating func readScenario(_ inner: inout FieldReader) {
    let executor = inner.string("executor", required: true)
    switch executor {
    case "constant-vus":
      readClients(&inner)
      let duration = inner.k6PositiveDuration("duration", required: true)
      goal = LoadGoal(durationSecs: duration ?? 1)
    case "ramping-vus":
      let start = inner.int("startVUs", range: 0...Limits.clientsPerExecutionMax)
      readRamping(&inner, start: Double(start ?? 1))
    case "shared-iterations":
      readClients(&inner)
      readShared(&inner, maxDuration: "maxDuration")
    case "per-vu-iterations":
      readClients(&inner)
      let iterations = inner.int("iterations", range: Self.iterationsRange)
      let most = inner.k6PositiveDuration("maxDuration")
      goal = LoadGoal(
        iterations: iterations ?? 1, maxDurationSecs: most ?? Self.maxDurationSecs)
    case "constant-arrival-rate": readConstantRate(&inner)
    case "ramping-arrival-rate": readRampingRate(&inner)
    case "externally-controlled":
      inner.fail("executor", "externally-controlled is not supported: extend the running test")
    case let name?: inner.fail("executor", "there is no executor '\(name)'")
    case nil: break
    }
    guard executor == nil || inner.errors.contains(where: { $0.field.hasSuffix(".executor") })
    else { return }
    // Without an executor nobody knows which of them belong.
    for (name, _) in inner.object.members { _ = inner.value(name) }
  }

  private mutating func readClients(_ reader: inout FieldReader) {
    clients = reader.int("vus", range: Self.clientsRange) ?? 1
  }

  private mutating func readShared(_ reader: inout FieldReader, maxDuration: String) {
    let total = reader.int("iterations", range: Self.iterationsRange)
    let most = reader.k6PositiveDuration(maxDuration)
    goal = LoadGoal(
      model: .sharedIterations(total: total ?? 1), maxDurationSecs: most ?? Self.maxDurationSecs)
    if !reader.errors.contains(where: { $0.field == reader.path(of: "iterations") }),
      total ?? 1 < clients
    {
      reader.fail("iterations", "must be at least the number of VUs, \(clients)")
    }
  }

  private mutating func readRamping(_ reader: inout FieldReader, start: Double) {
    let grace = reader.k6Duration("gracefulRampDown")
    let most = Double(Limits.clientsPerExecutionMax)
    guard let stages = stages(&reader, most: most, whole: true) else { return }
    let curve = LoadCurve(start: start, stages: stages)
    if curve.peak < 1 { reader.fail("stages", "must rise to at least one VU") }
    clients = max(1, Int(curve.peak))
    goal = LoadGoal(
      model: .rampingClients(
        curve: curve, gracefulRampDownSecs: grace ?? Limits.durationEndGraceSecs))
  }

  // MARK: arrival rates

  private mutating func readConstantRate(_ inner: inout FieldReader) {
    readMaxVUs(&inner)
    let unit = inner.k6PositiveDuration("timeUnit") ?? 1
    let rate = inner.double("rate", range: 0...Limits.arrivalsPerSecMax * unit, required: true)
    let duration = inner.k6PositiveDuration("duration", required: true)
    guard let rate, let duration else { return }
    if rate == 0 { inner.fail("rate", "must be more than 0") }
    let stage = LoadStage(durationSecs: duration, target: rate / unit)
    goal = LoadGoal(model: .arrivalRate(curve: LoadCurve(start: rate / unit, stages: [stage])))
  }

  private mutating func readRampingRate(_ inner: inout FieldReader) {
    readMaxVUs(&inner)
    let unit = inner.k6PositiveDuration("timeUnit") ?? 1
    let most = Limits.arrivalsPerSecMax * unit
    let start = inner.double("startRate", range: 0...most) ?? 0
    guard let stages = stages(&inner, most: most, whole: false) else { return }
    let curve = LoadCurve(
      start: start / unit,
      stages: stages.map { LoadStage(durationSecs: $0.durationSecs, target: $0.target / unit) })
    if curve.peak == 0 { inner.fail("stages", "must have a target above 0") }
    goal = LoadGoal(model: .arrivalRate(curve: curve))
  }

  /// All clients are made ready before the start, so what counts is how many there may be.
  private mutating func readMaxVUs(_ inner: inout FieldReader) {
    let range = 0...Limits.clientsPerExecutionMax
    let ready = inner.int("preAllocatedVUs", range: range, required: true)
    let most = inner.int("maxVUs", range: Self.clientsRange)
    if let ready, let most, most < ready {
      inner.fail("maxVUs", "must be at least preAllocatedVUs, \(ready)")
    }
    if ready == 0, most == nil { inner.fail("preAllocatedVUs", "must be more than 0") }
    clients = max(1, most ?? ready ?? 1)
  }

  // MARK: stages

  private func stages(
    _ reader: inout FieldReader, most: Double, whole: Bool
  ) -> [LoadStage]? {
    guard let elements = reader.array("stages", required: true) else { return nil }
    guard !elements.isEmpty, elements.count <= Limits.loadStagesMax else {
      reader.fail("stages", "must have 1 to \(Limits.loadStagesMax) elements")
      return nil
    }
    var stages: [LoadStage] = []
    for (index, element) in elements.enumerated() {
      let path = reader.path(of: "stages", index)
      guard case .object(let object) = element else {
        reader.absorb([FieldError(field: path, message: "must be an object")])
        continue
      }
      var stage = FieldReader(object.withoutNulls, path: path)
      let duration = stage.k6Duration("duration", required: true)
      let target = stage.double("target", range: 0...most, required: true)
      if whole, let target, target != target.rounded() {
        stage.fail("target", "must be an integer")
      }
      stage.finish()
      reader.absorb(stage.errors)
      if let duration, let target { stages.append(.init(durationSecs: duration, target: target)) }
    }
    guard stages.count == elements.count else { return nil }
    let total = stages.reduce(0) { $0 + $1.durationSecs }
    guard total > 0, total <= Limits.durationSecsMax else {
      reader.fail("stages", "must take more than 0 and at most a year in all")
      return nil
    }
    return stages
  }
}

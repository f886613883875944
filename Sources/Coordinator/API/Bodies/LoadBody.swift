import Shared

/// `load` of a test configuration, with the `iterations` or `durationSecs` that stand beside it.
struct LoadBody {
  enum Model: String, CaseIterable { case closed, sharedIterations, rampingClients, arrivalRate }

  private(set) var goal = LoadGoal()
  /// Clients that the load says it has (`maxClients`) or rises to, or nil when it says nothing.
  private(set) var clients: Int?
  private var model: Model?

  init(reading reader: inout FieldReader) {
    guard let load = reader.object("load") else {
      model = .closed
      readClosed(&reader)
      return
    }
    var inner = FieldReader(load, path: reader.path(of: "load"))
    let name = inner.string("model", required: true)
    model = name.flatMap(Model.init(rawValue:))
    if name != nil, model == nil {
      let names = Model.allCases.map(\.rawValue).joined(separator: ", ")
      inner.fail("model", "must be one of \(names)")
    }
    switch model {
    case nil:
      reader.absorb(inner.errors)
      return
    case .closed:
      readClosed(&reader)
      if goal.iterations != nil { goal.maxDurationSecs = Self.maxDuration(&inner) }
    case .sharedIterations: readShared(&inner)
    case .rampingClients: readRamping(&inner)
    case .arrivalRate: readArrivals(&inner)
    }
    let range = 0...Limits.durationSecsMax
    goal.startDelaySecs = inner.double("startDelaySecs", range: range) ?? goal.startDelaySecs
    goal.gracefulStopSecs = inner.double("gracefulStopSecs", range: range) ?? goal.gracefulStopSecs
    inner.finish()
    reader.absorb(inner.errors)
    if model != .closed { refuseClosed(&reader) }
  }

  // MARK: models

  private mutating func readClosed(_ reader: inout FieldReader) {
    let iterations = reader.int("iterations", range: 1...Limits.iterationsMax)
    let duration = reader.double("durationSecs", range: 0.001...Limits.durationSecsMax)
    if reader.has("iterations"), reader.has("durationSecs") {
      reader.fail("iterations", "cannot be given together with durationSecs")
      reader.fail("durationSecs", "cannot be given together with iterations")
    } else if !reader.has("iterations"), !reader.has("durationSecs") {
      reader.fail("iterations", "either iterations or durationSecs is required")
    }
    goal.iterations = iterations
    goal.durationSecs = duration
  }

  private mutating func readShared(_ inner: inout FieldReader) {
    let total = inner.int("iterations", range: 1...Limits.iterationsMax, required: true)
    goal.model = .sharedIterations(total: total ?? 1)
    goal.maxDurationSecs = Self.maxDuration(&inner)
  }

  private static func maxDuration(_ inner: inout FieldReader) -> Double? {
    inner.double("maxDurationSecs", range: 0.001...Limits.durationSecsMax)
  }

  private mutating func readRamping(_ inner: inout FieldReader) {
    let most = Limits.clientsPerExecutionMax
    let start = inner.int("startClients", range: 0...most) ?? 0
    let grace = inner.double("gracefulRampDownSecs", range: 0...Limits.durationSecsMax)
    let stages = Self.stages(&inner) { stage in
      stage.int("clients", range: 0...most, required: true).map { Double($0) }
    }
    guard let stages else { return }
    let curve = LoadCurve(start: Double(start), stages: stages)
    if curve.peak < 1 { inner.fail("stages", "must rise to at least one client") }
    goal.model = .rampingClients(
      curve: curve, gracefulRampDownSecs: grace ?? Limits.durationEndGraceSecs)
    clients = max(1, Int(curve.peak))
  }

  private mutating func readArrivals(_ inner: inout FieldReader) {
    let range = 0...Limits.arrivalsPerSecMax
    let start = inner.double("startRate", range: range)
    clients = inner.int("maxClients", range: 1...Limits.clientsPerExecutionMax)
    let stages = Self.stages(&inner) { stage in
      stage.double("iterationsPerSec", range: range, required: true)
    }
    guard let stages else { return }
    // So that one stage is a steady rate, which is what most tests want.
    let curve = LoadCurve(start: start ?? stages.first?.target ?? 0, stages: stages)
    if curve.peak == 0 { inner.fail("stages", "must have a rate above 0") }
    goal.model = .arrivalRate(curve: curve)
  }

  private static func stages(
    _ inner: inout FieldReader, _ target: (inout FieldReader) -> Double?
  ) -> [LoadStage]? {
    guard let elements = inner.array("stages", required: true) else { return nil }
    guard !elements.isEmpty, elements.count <= Limits.loadStagesMax else {
      inner.fail("stages", "must have 1 to \(Limits.loadStagesMax) elements")
      return nil
    }
    var stages: [LoadStage] = []
    for (index, element) in elements.enumerated() {
      let path = inner.path(of: "stages", index)
      guard case .object(let object) = element else {
        inner.absorb([FieldError(field: path, message: "must be an object")])
        continue
      }
      var stage = FieldReader(object, path: path)
      let duration = stage.double(
        "durationSecs", range: 0...Limits.durationSecsMax, required: true)
      let target = target(&stage)
      stage.finish()
      inner.absorb(stage.errors)
      if let duration, let target { stages.append(.init(durationSecs: duration, target: target)) }
    }
    guard stages.count == elements.count else { return nil }
    let total = stages.reduce(0) { $0 + $1.durationSecs }
    guard (0.001...Limits.durationSecsMax).contains(total) else {
      inner.fail("stages", "must take 0.001 to \(Int(Limits.durationSecsMax)) seconds in all")
      return nil
    }
    return stages
  }

  // MARK: what stands beside it

  private func refuseClosed(_ reader: inout FieldReader) {
    for name in ["iterations", "durationSecs"] where reader.has(name) {
      reader.fail(name, "cannot be given together with load.model \(model?.rawValue ?? "")")
    }
  }

  /// Refuses what does not go with the load.
  func check(
    clients total: Int, rampupSecs: Double, iterationSleepSecs: Double,
    _ reader: inout FieldReader
  ) {
    let name = model?.rawValue ?? ""
    if rampupSecs > 0, goal.curve != nil {
      reader.fail("rampupSecs", "cannot be given together with load.model \(name)")
    }
    if iterationSleepSecs > 0, case .arrivalRate = goal.model {
      reader.fail("iterationSleepSecs", "cannot be given together with load.model \(name)")
    }
    guard let clients, total > 0 else { return }
    switch goal.model {
    case .rampingClients where total < clients:
      reader.fail("concurrentClients", "must be at least the \(clients) that load.stages rise to")
    case .arrivalRate where total != clients:
      reader.fail("load.maxClients", "must be the sum over the regions, or left out")
    default: break
    }
  }
}

/// Notes the first number of a message that lies outside its bounds.
struct NumberCheck {
  static let ids = -Limits.wholeNumberMax...Limits.wholeNumberMax
  static let counts = 0...Limits.wholeNumberMax
  static let times = 0...Limits.timeMicrosMax
  static let clients = 0...Int64(Limits.clientsPerExecutionMax)
  static let timeouts = 0...Limits.timeoutMsMax
  static let seconds = 0...Limits.durationSecsMax

  private(set) var problem: String?

  mutating func whole(_ name: String, _ value: some BinaryInteger, _ bounds: ClosedRange<Int64>) {
    guard problem == nil, Int64(exactly: value).map({ !bounds.contains($0) }) ?? true else {
      return
    }
    problem = "field \(name) is not from \(bounds.lowerBound) to \(bounds.upperBound)"
  }

  mutating func number(_ name: String, _ value: Double, _ bounds: ClosedRange<Double>) {
    guard problem == nil, !bounds.contains(value) else { return }
    problem = "field \(name) is not from \(bounds.lowerBound) to \(bounds.upperBound)"
  }

  mutating func run(_ chunk: ChunkID, _ epoch: Int) {
    whole("chunk", chunk.rawValue, Self.ids)
    whole("epoch", epoch, Self.counts)
  }

  mutating func goal(_ name: String, _ goal: LoadGoal) {
    let iterations = 0...Int64(Limits.iterationsMax)
    if let count = goal.iterations { whole("\(name).iterations", count, iterations) }
    if case .sharedIterations(let total) = goal.model { whole("\(name).total", total, iterations) }
    if case .rampingClients(_, let grace) = goal.model {
      number("\(name).gracefulRampDownSecs", grace, Self.seconds)
    }
    for (field, value) in [
      ("durationSecs", goal.durationSecs), ("maxDurationSecs", goal.maxDurationSecs),
      ("startDelaySecs", goal.startDelaySecs), ("gracefulStopSecs", goal.gracefulStopSecs),
    ] {
      if let value { number("\(name).\(field)", value, Self.seconds) }
    }
    guard let curve = goal.curve else { return }
    let values = 0...max(Double(Limits.clientsPerExecutionMax), Limits.arrivalsPerSecMax)
    number("\(name).curve.start", curve.start, values)
    whole("\(name).curve.stages", curve.stages.count, 0...Int64(Limits.loadStagesMax))
    for stage in curve.stages {
      number("\(name).curve.durationSecs", stage.durationSecs, Self.seconds)
      number("\(name).curve.target", stage.target, values)
    }
    number("\(name).curve.durationSecs", curve.durationSecs, Self.seconds)
  }
}

extension AgentMessage {
  /// Which number cannot be, or nil. Asked where messages are decoded, so that nobody behind
  /// meets such a number.
  var numberProblem: String? {
    var check = NumberCheck()
    switch self {
    case .join(let join): check.join(join)
    case .granted(let granted): check.run(granted.chunk, granted.epoch)
    case .heartbeat(let heartbeat): check.heartbeat(heartbeat)
    case .done(let done):
      check.run(done.chunk, done.epoch)
      check.whole("finalSeq", done.finalSeq, NumberCheck.counts)
      check.whole("rows", done.rows, NumberCheck.counts)
      check.whole("iterations", done.iterations, NumberCheck.counts)
      check.goal("goal", done.goal)
    case .log(let log):
      check.run(log.chunk, log.epoch)
      check.whole("atMicros", log.atMicros, NumberCheck.times)
    case .abort(let abort): check.run(abort.chunk, abort.epoch)
    case .ask(let ask): check.ask(ask)
    case .leave, .error: break
    }
    return check.problem
  }
}

extension CoordinatorMessage {
  /// Which number cannot be, or nil.
  var numberProblem: String? {
    var check = NumberCheck()
    switch self {
    case .hello(let hello):
      check.whole("protocolMin", hello.protocolMin, NumberCheck.counts)
      check.whole("protocolMax", hello.protocolMax, NumberCheck.counts)
      check.whole("generation", hello.generation, NumberCheck.counts)
    case .welcome(let welcome): check.welcome(welcome)
    case .grant(let grant): check.lease(grant.lease)
    case .begin(let begin):
      check.run(begin.chunk, begin.epoch)
      check.whole("startAtMicros", begin.startAtMicros, NumberCheck.times)
    case .heartbeatAck(let ack): check.heartbeatAck(ack)
    case .ack(let ack):
      check.run(ack.chunk, ack.epoch)
      check.whole("upTo", ack.upTo, NumberCheck.counts)
    case .nack(let nack):
      check.run(nack.chunk, nack.epoch)
      check.whole("expected", nack.expected, NumberCheck.counts)
    case .extend(let extend):
      check.run(extend.chunk, extend.epoch)
      check.goal("goal", extend.goal)
    case .stop(let stop):
      check.run(stop.chunk, stop.epoch)
      check.number("graceSecs", stop.graceSecs, NumberCheck.seconds)
    case .doneAck(let ack): check.run(ack.chunk, ack.epoch)
    case .answer(let answer): check.answer(answer)
    case .event(let event):
      check.run(event.chunk, event.epoch)
      check.whole("eventId", event.eventId, NumberCheck.counts)
    case .error: break
    }
    return check.problem
  }
}

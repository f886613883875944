/// How clients and iterations come about.
public enum LoadModel: Codable, Sendable, Equatable {
  /// Every client runs one iteration after the other.
  case closed
  /// The same, with a number of iterations for all clients of the execution together.
  case sharedIterations(total: Int)
  /// As many clients as the curve says, one iteration after the other. A client above it gets
  /// `gracefulRampDownSecs` to finish its iteration.
  case rampingClients(curve: LoadCurve, gracefulRampDownSecs: Double)
  /// Iterations begin at the rate per second that the curve says, whether or not earlier ones
  /// have ended.
  case arrivalRate(curve: LoadCurve)
}

/// How much load an execution makes, and when it ends.
public struct LoadGoal: Codable, Sendable, Equatable {
  /// Iterations of each client of a closed load, or nil when its goal is a duration.
  public var iterations: Int?
  /// Seconds from its beginning after which no iteration of a closed load begins, or nil.
  public var durationSecs: Double?
  public var model: LoadModel
  /// Seconds after which no iteration begins although there are some left to run, or nil.
  public var maxDurationSecs: Double?
  /// Seconds from the agreed start to the beginning of the load.
  public var startDelaySecs: Double
  /// Seconds that iterations get that run when the time is up.
  public var gracefulStopSecs: Double

  public init(
    iterations: Int? = nil, durationSecs: Double? = nil, model: LoadModel = .closed,
    maxDurationSecs: Double? = nil, startDelaySecs: Double = 0,
    gracefulStopSecs: Double = Limits.durationEndGraceSecs
  ) {
    self.iterations = iterations
    self.durationSecs = durationSecs
    self.model = model
    self.maxDurationSecs = maxDurationSecs
    self.startDelaySecs = startDelaySecs
    self.gracefulStopSecs = gracefulStopSecs
  }

  /// Whether there is nothing to it but `iterations` or `durationSecs`.
  public var isPlain: Bool {
    self == LoadGoal(iterations: iterations, durationSecs: durationSecs)
  }

  /// The curve of a load that has one.
  public var curve: LoadCurve? {
    switch model {
    case .closed, .sharedIterations: nil
    case .rampingClients(let curve, _), .arrivalRate(let curve): curve
    }
  }

  /// Seconds from the beginning of the load after which no iteration begins; nil when only their
  /// number ends it.
  public var endSecs: Double? { durationSecs ?? curve?.durationSecs ?? maxDurationSecs }

  // MARK: numbers of iterations

  /// Iterations of the client with this index among all `clients` of the execution; nil when
  /// their number ends nothing. A shared number is split evenly, and what is left over goes to
  /// the first clients, so that it comes out exactly however clients are spread over agents.
  public func iterations(ofClient index: Int, of clients: Int) -> Int? {
    guard case .sharedIterations(let total) = model else { return iterations }
    let (each, rest) = total.quotientAndRemainder(dividingBy: max(1, clients))
    return index < rest ? each.plus(1) : each
  }

  /// The same for a range of clients together.
  public func iterations(ofClients range: Range<Int>, of clients: Int) -> Int64? {
    guard case .sharedIterations(let total) = model else {
      return iterations.map { Int64($0).times(Int64(range.count)) }
    }
    let (each, rest) = total.quotientAndRemainder(dividingBy: max(1, clients))
    let oneMore = range.clamped(to: 0..<max(0, rest)).count
    return Int64(each).times(Int64(range.count)).plus(Int64(oneMore))
  }

  // MARK: extension

  /// The goal with another number of iterations, per client or in all, whichever it has; nil
  /// when it has none.
  public func changed(toIterations count: Int) -> LoadGoal? {
    var goal = self
    switch model {
    case .closed:
      guard iterations != nil else { return nil }
      goal.iterations = count
    case .sharedIterations: goal.model = .sharedIterations(total: count)
    case .rampingClients, .arrivalRate: return nil
    }
    return goal
  }

  /// The goal with another duration; nil when it goes by a number of iterations.
  public func changed(toDurationSecs seconds: Double) -> LoadGoal? {
    var goal = self
    switch model {
    case .closed:
      guard durationSecs != nil else { return nil }
      goal.durationSecs = seconds
    case .sharedIterations: return nil
    case .rampingClients(let curve, let grace):
      goal.model = .rampingClients(curve: curve.lasting(seconds), gracefulRampDownSecs: grace)
    case .arrivalRate(let curve): goal.model = .arrivalRate(curve: curve.lasting(seconds))
    }
    return goal
  }
}

import Shared

/// When a client begins an iteration. Pure: every time is nanoseconds of the agent's clock,
/// handed in.
struct ChunkPacer: Sendable {
  /// What a client does that is between two iterations.
  enum Verdict: Equatable {
    case begin
    /// Nothing to do before this time.
    case wait(until: Int64)
    /// It runs iterations that are dealt out as they are due, see `ArrivalStream`.
    case standBy
    /// The goal is met; an extension may change that.
    case ended
  }

  private let clients: ClientRange
  private let rampUp: RampUp
  /// Pause between two iterations of a client.
  let iterationSleepNanos: Int64
  private(set) var goal: LoadGoal
  /// The agreed start.
  let startNanos: Int64
  /// When the load begins.
  private(set) var beginNanos: Int64 = 0
  /// When the time is up; never for a mere number of iterations.
  private(set) var endNanos: Int64 = .max
  private let order: ClientOrder
  /// Of a load with a curve of clients.
  private var windows: ClientWindows?

  init(lease: Lease, startNanos: Int64) {
    clients = lease.clients
    rampUp = lease.rampUp
    iterationSleepNanos = Int64(saturating: lease.iterationSleepSecs * 1e9)
    order = ClientOrder(total: lease.clients.total)
    goal = lease.goal
    self.startNanos = startNanos
    extended(to: lease.goal)
  }

  mutating func extended(to goal: LoadGoal) {
    self.goal = goal
    beginNanos = startNanos.plus(Int64(saturating: goal.startDelaySecs * 1e9))
    endNanos = goal.endSecs.map { beginNanos.plus(Int64(saturating: $0 * 1e9)) } ?? .max
    windows = nil
    if case .rampingClients(let curve, _) = goal.model { windows = ClientWindows(curve) }
  }

  /// When the chunk's `offset`-th client starts: `(i + r/R) / n × duration` after the load's
  /// beginning, `i` being its index in the region (see `RampUp`).
  func clientStart(offset: Int) -> Int64 {
    guard rampUp.durationSecs > 0 else { return beginNanos }
    let place = Double(clients.regionalFirst + offset) + rampUp.phase
    return beginNanos.plus(
      Int64(saturating: place / Double(clients.regionalTotal) * rampUp.durationSecs * 1e9))
  }

  /// What the chunk's `offset`-th client does now, having finished `iterations` iterations.
  func next(offset: Int, iterationsFinished iterations: Int, now: Int64) -> Verdict {
    if let most = self.iterations(offset: offset), iterations >= most {
      return .ended
    }
    guard now < endNanos else { return .ended }
    if case .arrivalRate = goal.model { return .standBy }
    if let windows {
      let place = order.place(of: clients.first.plus(offset))
      let state = windows.state(place: place, at: now.minus(beginNanos))
      guard !state.runs else { return .begin }
      return .wait(until: state.until == .max ? endNanos : beginNanos.plus(state.until))
    }
    let start = clientStart(offset: offset)
    // One whose start lies beyond the end ends with the others.
    return start <= now ? .begin : .wait(until: min(start, endNanos))
  }

  /// The number of iterations that the chunk's `offset`-th client is to run; nil without one.
  func iterations(offset: Int) -> Int? {
    goal.iterations(ofClient: clients.first.plus(offset), of: clients.total)
  }

  /// Whether a client has no next iteration to sleep for.
  func wouldEnd(offset: Int, iterationsFinished iterations: Int, at time: Int64) -> Bool {
    next(offset: offset, iterationsFinished: iterations, now: time) == .ended
  }

  /// When an iteration that begins now is cut because there are to be fewer clients; nil where
  /// that does not happen. The end of the load is not meant by this.
  func cutNanos(offset: Int, now: Int64) -> Int64? {
    guard let windows, case .rampingClients(_, let grace) = goal.model else { return nil }
    let place = order.place(of: clients.first.plus(offset))
    let state = windows.state(place: place, at: now.minus(beginNanos))
    guard state.runs, beginNanos.plus(state.until) < endNanos else { return nil }
    return beginNanos.plus(state.until).plus(Int64(saturating: grace * 1e9))
  }
}

import Shared

/// When a client begins an iteration. Pure: every time is nanoseconds of the agent's clock,
/// handed in.
struct ChunkPacer: Sendable {
  /// What a client does that is between two iterations.
  enum Verdict: Equatable {
    case begin
    /// Nothing to do before this time.
    case wait(until: Int64)
    /// The goal is met; an extension may change that.
    case ended
  }

  private let clients: ClientRange
  private let rampUp: RampUp
  /// Pause between two iterations of a client.
  let iterationSleepNanos: Int64
  private(set) var goal: LoadGoal
  /// The agreed start.
  private(set) var startNanos: Int64

  init(lease: Lease, startNanos: Int64) {
    clients = lease.clients
    rampUp = lease.rampUp
    iterationSleepNanos = Int64(lease.iterationSleepSecs * 1e9)
    goal = lease.goal
    self.startNanos = startNanos
  }

  /// When the load begins.
  var beginNanos: Int64 { startNanos + Int64(goal.startDelaySecs * 1e9) }

  /// When the time is up; never for a mere number of iterations.
  var endNanos: Int64 {
    guard let seconds = goal.endSecs else { return .max }
    return beginNanos + Int64(seconds * 1e9)
  }

  /// When the chunk's `offset`-th client starts: `(i + r/R) / n × duration` after the load's
  /// beginning, `i` being its index in the region (see `RampUp`).
  func clientStart(offset: Int) -> Int64 {
    guard rampUp.durationSecs > 0 else { return beginNanos }
    let place = Double(clients.regionalFirst + offset) + rampUp.phase
    return beginNanos + Int64(place / Double(clients.regionalTotal) * rampUp.durationSecs * 1e9)
  }

  /// What the chunk's `offset`-th client does now, having finished `iterations` iterations.
  func next(offset: Int, iterationsFinished iterations: Int, now: Int64) -> Verdict {
    if let most = goal.iterations(ofClient: clients.first + offset, of: clients.total),
      iterations >= most
    {
      return .ended
    }
    guard now < endNanos else { return .ended }
    let start = clientStart(offset: offset)
    // One whose start lies beyond the end ends with the others.
    return start <= now ? .begin : .wait(until: min(start, endNanos))
  }

  /// Whether a client has no next iteration to sleep for.
  func wouldEnd(offset: Int, iterationsFinished iterations: Int, at time: Int64) -> Bool {
    next(offset: offset, iterationsFinished: iterations, now: time) == .ended
  }

  mutating func extended(to goal: LoadGoal) { self.goal = goal }
}

import Shared

/// When a client begins an iteration. Pure: every time is nanoseconds of the agent's clock,
/// handed in.
struct ChunkPacer: Sendable {
  /// What a client does when it may begin an iteration.
  enum Verdict: Equatable {
    case begin
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

  /// When the chunk's `offset`-th client starts: `(i + r/R) / n × duration` after the agreed
  /// start, `i` being its index in the region (see `RampUp`).
  func clientStart(offset: Int) -> Int64 {
    guard rampUp.durationSecs > 0 else { return startNanos }
    let place = Double(clients.regionalFirst + offset) + rampUp.phase
    return startNanos + Int64(place / Double(clients.regionalTotal) * rampUp.durationSecs * 1e9)
  }

  /// Whether a client that has finished `iterations` iterations begins another one now.
  func next(iterationsFinished iterations: Int, now: Int64) -> Verdict {
    if let most = goal.iterations { return iterations < most ? .begin : .ended }
    return now < endNanos ? .begin : .ended
  }

  /// Whether a client that has finished `iterations` sleeps before the next one, or has no next
  /// one to sleep for.
  func wouldEnd(iterationsFinished iterations: Int, at time: Int64) -> Bool {
    next(iterationsFinished: iterations, now: time) == .ended
  }

  /// When a duration ends; never for a number of iterations.
  var endNanos: Int64 {
    guard let seconds = goal.durationSecs else { return .max }
    return startNanos + Int64(seconds * 1e9)
  }

  mutating func extended(to goal: LoadGoal) { self.goal = goal }
}

import Shared

/// Who waits at which barrier of one execution. Pure.
///
/// A round of a barrier is released once every client that has not ended has arrived. Runs tell
/// totals, never changes, so that everything may be told twice and late.
public struct BarrierBoard: Sendable {
  /// A question that waits for a release.
  public struct Waiter: Hashable, Sendable {
    public var run: LeaseKey
    public var ask: Int64

    public init(run: LeaseKey, ask: Int64) {
      self.run = run
      self.ask = ask
    }
  }

  private struct Run {
    var clients: Int
    var ended = 0
    var open: Int { clients - ended }
  }

  private struct Arrival {
    var ask: Int64
    var clients: Int
  }

  private struct Barrier {
    /// Rounds before this one are released.
    var round = 0
    var waiting: [Int: [LeaseKey: Arrival]] = [:]
  }

  private var runs: [LeaseKey: Run] = [:]
  private var barriers: [String: Barrier] = [:]

  public init() {}

  /// A run of the execution was granted, with so many clients.
  public mutating func granted(_ run: LeaseKey, clients: Int) { runs[run] = Run(clients: clients) }

  /// Why a round cannot be waited for, or nil: names and open rounds are bounded.
  public func problem(with name: String, round: Int) -> String? {
    guard (1...Limits.sharedNameLengthMax).contains(name.unicodeScalars.count) else {
      return "the name of a barrier must have 1 to \(Limits.sharedNameLengthMax) characters"
    }
    guard (0..<Limits.iterationsMax).contains(round) else {
      return "a round of a barrier is a number from 0"
    }
    guard let barrier = barriers[name] else {
      guard barriers.count < Limits.barriersPerExecutionMax else {
        return "an execution may have at most \(Limits.barriersPerExecutionMax) barriers"
      }
      return nil
    }
    guard barrier.waiting[round] != nil || barrier.waiting.count < Limits.barrierRoundsMax else {
      return "a barrier may have at most \(Limits.barrierRoundsMax) rounds that wait"
    }
    return nil
  }

  /// So many clients of a run wait in a round now.
  ///
  /// - Returns: whose wait is over.
  public mutating func arrived(
    _ waiter: Waiter, at name: String, round: Int, clients: Int
  ) -> [Waiter] {
    guard let run = runs[waiter.run] else { return [] }
    // Released before, but the answer was lost with the link; or a client that comes late.
    guard round >= barriers[name]?.round ?? 0 else { return [waiter] }
    barriers[name, default: Barrier()].waiting[round, default: [:]][waiter.run] = Arrival(
      ask: waiter.ask, clients: max(0, min(clients, run.clients)))
    return release()
  }

  /// So many clients of a run have ended, in all. An extension of the test may have made them
  /// fewer than before.
  public mutating func ended(_ run: LeaseKey, clients: Int) -> [Waiter] {
    guard let known = runs[run] else { return [] }
    let ended = max(0, min(clients, known.clients))
    guard ended != known.ended else { return [] }
    runs[run]?.ended = ended
    return release()
  }

  /// Nothing more is to be expected of a run.
  public mutating func lost(_ run: LeaseKey) -> [Waiter] {
    guard runs.removeValue(forKey: run) != nil else { return [] }
    for name in barriers.keys {
      for round in barriers[name]?.waiting.keys.sorted() ?? [] {
        barriers[name]?.waiting[round]?[run] = nil
      }
    }
    return release()
  }

  private mutating func release() -> [Waiter] {
    let open = runs.values.reduce(0) { $0 + $1.open }
    var released: [Waiter] = []
    for name in barriers.keys.sorted() {
      guard var barrier = barriers[name] else { continue }
      for (round, arrivals) in barrier.waiting.sorted(by: { $0.key < $1.key })
      where arrivals.values.reduce(0, { $0 + $1.clients }) >= open {
        barrier.waiting[round] = nil
        barrier.round = max(barrier.round, round + 1)
        released += arrivals.map { Waiter(run: $0.key, ask: $0.value.ask) }
          .sorted { ($0.run.chunk, $0.ask) < ($1.run.chunk, $1.ask) }
      }
      barriers[name] = barrier
    }
    return released
  }
}

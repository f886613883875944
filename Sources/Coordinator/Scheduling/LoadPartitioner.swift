/// Splits a region's clients over its agents by free capacity. Pure.
public enum LoadPartitioner {
  /// An agent that may take clients.
  public struct Candidate: Equatable, Sendable {
    /// UUID of the agent.
    public var agent: String
    /// Clients that it can still take, 0 or more.
    public var free: Int

    public init(agent: String, free: Int) {
      self.agent = agent
      self.free = free
    }
  }

  /// Clients for one agent.
  public struct Share: Equatable, Sendable {
    public var agent: String
    public var clients: Int

    public init(agent: String, clients: Int) {
      self.agent = agent
      self.clients = clients
    }
  }

  /// Shares in proportion to free capacity, none larger than it, none empty; they add up to
  /// `clients`. Nil when all agents together have not enough room.
  ///
  /// Rounding goes to the largest remainders (Hamilton's method), ties to the earlier agent.
  public static func partition(clients: Int, over candidates: [Candidate]) -> [Share]? {
    let free = candidates.reduce(0) { $0 + max(0, $1.free) }
    guard clients > 0, free >= clients else { return nil }
    var shares = candidates.map { Share(agent: $0.agent, clients: 0) }
    var remainders: [(index: Int, remainder: Int)] = []
    for (index, candidate) in candidates.enumerated() {
      let product = clients * max(0, candidate.free)
      shares[index].clients = product / free
      remainders.append((index, product % free))
    }
    var rest = clients - shares.reduce(0) { $0 + $1.clients }
    remainders.sort {
      $0.remainder != $1.remainder ? $0.remainder > $1.remainder : $0.index < $1.index
    }
    // A share is at most its agent's exact part rounded up, and that never exceeds its free
    // capacity because clients ≤ free.
    for (index, _) in remainders where rest > 0 {
      shares[index].clients += 1
      rest -= 1
    }
    return shares.filter { $0.clients > 0 }
  }
}

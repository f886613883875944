import Shared

/// Who may run which chunk, until when. Pure: times are nanoseconds of any one clock that goes
/// on while the machine sleeps, handed in by the caller.
public struct LeaseTable: Sendable {
  /// A lease that is in force.
  public struct Entry: Equatable, Sendable {
    public var key: LeaseKey
    /// UUID of the holder.
    public var agent: String
    public var clients: Int
    /// After it, the holder runs nothing more and the chunk may be given to another.
    public var deadlineNanos: Int64
  }

  /// Outcome of a heartbeat.
  public struct Renewal: Equatable, Sendable {
    public var renewed: [LeaseKey] = []
    /// Named by the agent, but not (or no longer) its own.
    public var fenced: [LeaseKey] = []
  }

  private var entries: [LeaseKey: Entry] = [:]
  private let lifetimeNanos: Int64

  /// - Parameters: what the agent is told, and what is added here so that it gives up first.
  public init(ttlMs: Int = Limits.leaseTtlMs, graceMs: Int = Limits.leaseGraceMs) {
    lifetimeNanos = Int64(ttlMs + graceMs) * 1_000_000
  }

  public mutating func granted(_ key: LeaseKey, to agent: String, clients: Int, now: Int64) {
    entries[key] = Entry(
      key: key, agent: agent, clients: clients, deadlineNanos: now + lifetimeNanos)
  }

  /// A heartbeat of `agent` names `keys`: those it holds are renewed, the others fenced.
  public mutating func heartbeatArrived(
    from agent: String, naming keys: [LeaseKey], now: Int64
  ) -> Renewal {
    var outcome = Renewal()
    for key in keys {
      if entries[key]?.agent == agent {
        entries[key]?.deadlineNanos = now + lifetimeNanos
        outcome.renewed.append(key)
      } else {
        outcome.fenced.append(key)
      }
    }
    return outcome
  }

  /// The run is over, or the lease taken back.
  public mutating func released(_ key: LeaseKey) { entries[key] = nil }

  /// Takes out what has expired, oldest deadline first.
  public mutating func expire(now: Int64) -> [Entry] {
    let expired = entries.values.filter { $0.deadlineNanos <= now }
    for entry in expired { entries[entry.key] = nil }
    return expired.sorted {
      ($0.deadlineNanos, $0.key.chunk) < ($1.deadlineNanos, $1.key.chunk)
    }
  }

  public func holder(of key: LeaseKey) -> String? { entries[key]?.agent }

  /// Clients of all leases of an agent.
  public func clients(of agent: String) -> Int {
    entries.values.reduce(0) { $1.agent == agent ? $0 + $1.clients : $0 }
  }
}

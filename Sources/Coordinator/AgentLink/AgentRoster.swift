import Shared

/// The agents that are or were connected since the coordinator started. Confined to the loop.
struct AgentRoster {
  struct Member {
    var record: AgentRecord
    /// Process start of the agent that we last spoke to.
    var bootNo: Int64
    /// Known to the agent alone: who says it is the same agent.
    var spoolId: String
    /// Nil while its link is down.
    var session: AgentSession?
    var draining = false
    var health: AgentHealth?
    var heartbeatUnsaved = false
  }

  private(set) var members: [String: Member] = [:]

  subscript(agent: String) -> Member? {
    get { members[agent] }
    set { members[agent] = newValue }
  }

  func session(of agent: String) -> AgentSession? { members[agent]?.session }

  /// Agents of a region that may be given work, in a stable order.
  func available(in region: String) -> [Member] {
    members.values
      .filter { $0.record.region == region && $0.session != nil && !$0.draining }
      .sorted { $0.record.id < $1.record.id }
  }

  /// Takes out which agents' heartbeats are not yet stored.
  mutating func takeUnsavedHeartbeats() -> [(agent: String, atMs: Int64)] {
    let unsaved = members.values.filter(\.heartbeatUnsaved)
    for member in unsaved { members[member.record.uuid]?.heartbeatUnsaved = false }
    return unsaved.map { ($0.record.uuid, $0.record.lastHeartbeatMs) }
  }
}

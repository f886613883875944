import Shared

/// The regions, chunks and agents of one execution: where its rows come from.
struct RunOrigins {
  private let execution: ExecutionID
  private var agents: [LeaseKey: String] = [:]
  private(set) var chunks: [ChunkID: ChunkRecord] = [:]
  /// Place of each chunk among those of its region.
  private(set) var places: [ChunkID: Int] = [:]
  private(set) var regions: [ExecutionRegionID: ExecutionRegionRecord] = [:]
  private var names: [ExecutionRegionID: String] = [:]
  /// The coordinator's numbers of agents by their UUIDs.
  private var numbers: [String: AgentID] = [:]

  init(of execution: ExecutionID, in db: Database) throws {
    self.execution = execution
    for record in try LedgerStore.list(of: execution, in: db) {
      agents[record.lease] = record.agent
    }
    var counts: [ExecutionRegionID: Int] = [:]
    for chunk in try ChunkStore.list(of: execution, in: db) {
      chunks[chunk.id] = chunk
      places[chunk.id] = counts[chunk.executionRegion, default: 0]
      counts[chunk.executionRegion, default: 0] += 1
    }
    for region in try ExecutionRegionStore.list(of: execution, in: db) {
      regions[region.id] = region
      names[region.id] = try RegionStore.find(region.region, in: db)?.name
    }
    for agent in try AgentStore.list(in: db) { numbers[agent.uuid] = agent.id }
  }

  /// UUID of the agent that ran a chunk under an epoch.
  func agent(_ chunk: ChunkID, _ epoch: Int) -> String? {
    agents[LeaseKey(chunk: chunk, epoch: epoch)]
  }

  func agentNumber(_ chunk: ChunkID, _ epoch: Int) -> AgentID? {
    agent(chunk, epoch).flatMap { numbers[$0] }
  }

  func name(of region: ExecutionRegionID) -> String { names[region] ?? "" }

  /// Names a client for ever: `execution:region:client`.
  func thread(_ region: ExecutionRegionID, _ client: UInt32) -> String {
    "\(RowName.threadPrefix(execution, region: name(of: region)))\(client)"
  }

  /// The region of the execution that has a name or, where there is none, an id.
  func region(_ text: some StringProtocol) -> ExecutionRegionID? {
    names.first { $0.value == text }?.key
      ?? Int64(text).map { ExecutionRegionID($0) }.flatMap { regions[$0]?.id }
  }
}

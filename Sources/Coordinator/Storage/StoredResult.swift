import Shared

/// One raw result as readers see it.
public struct StoredResult: Sendable, Equatable {
  public var id: Int64
  public var chunk: ChunkID
  public var epoch: Int
  public var executionRegion: ExecutionRegionID
  /// UUID of the agent that made the request.
  public var agent: String
  /// When it was committed, milliseconds since the Unix epoch.
  public var committedAtMs: Int64
  public var resource: NameRecord
  public var method: String
  public var contentType: String?
  /// Its `resource`, `method` and `contentType` are indices that mean nothing here.
  public var request: RequestRow
}

/// Raw results of one stored batch, without a copy of what they have in common.
public struct ResultRows: Sendable {
  /// Results that follow each other, of one batch of one agent.
  public struct Run: Sendable, Equatable {
    /// Indices of `requests`.
    public var rows: Range<Int>
    /// Id of the first one; that of the next is one more.
    public var firstID: Int64
    public var chunk: ChunkID
    public var epoch: Int
    public var executionRegion: ExecutionRegionID
    public var agent: String
    public var committedAtMs: Int64
  }

  /// Those that are wanted, in the order of their ids; never empty.
  public var runs: [Run]
  /// All of the batch, wanted or not.
  public var requests: [RequestRow]
  /// What `resource`, `method` and `contentType` are indices of.
  public var names: [NameRecord]

  /// How many are wanted.
  public var count: Int { runs.reduce(0) { $0 + $1.rows.count } }

  /// The same one by one.
  public var results: [StoredResult] {
    var results: [StoredResult] = []
    results.reserveCapacity(count)
    for run in runs {
      for (offset, index) in run.rows.enumerated() {
        let row = requests[index]
        results.append(
          StoredResult(
            id: run.firstID + Int64(offset), chunk: run.chunk, epoch: run.epoch,
            executionRegion: run.executionRegion, agent: run.agent,
            committedAtMs: run.committedAtMs, resource: names[Int(row.resource)],
            method: names[Int(row.method)].name,
            contentType: row.contentType < 0 ? nil : names[Int(row.contentType)].name,
            request: row))
      }
    }
    return results
  }
}

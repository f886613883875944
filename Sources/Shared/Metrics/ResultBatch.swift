/// Names a batch for ever: what a chunk's run under one epoch sent as its `seq`-th message.
public struct BatchKey: Hashable, Sendable {
  public var chunk: ChunkID
  public var epoch: Int
  /// Contiguous from 1 per (chunk, epoch).
  public var seq: Int

  public init(chunk: ChunkID, epoch: Int, seq: Int) {
    self.chunk = chunk
    self.epoch = epoch
    self.seq = seq
  }
}

/// Rows that travel and are stored together. Self-contained: `strings` holds every string that
/// its rows refer to, so that no reader depends on an earlier batch.
public struct ResultBatch: Equatable, Sendable {
  public var strings: [String] = []
  public var requests: [RequestRow] = []
  public var iterations: [IterationRow] = []
  /// What agents sent that counted checks instead of telling each.
  public var checks: [CheckCount] = []
  public var assertions: [CheckRow] = []
  public var samples: [AgentSample] = []
  public var drops: [DroppedIterations] = []
  /// What scripts said: logs, custom metrics, suite results, files, traces, values.
  public var records = RunRecords()

  public init() {}

  /// Whether there are no rows of the kinds that raw results consist of.
  public var hasNoResults: Bool {
    requests.isEmpty && iterations.isEmpty && checks.isEmpty && assertions.isEmpty
      && samples.isEmpty && drops.isEmpty
  }

  public var isEmpty: Bool { hasNoResults && records.isEmpty }
}

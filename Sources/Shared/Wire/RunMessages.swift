// What is said of one run, between its grant and its end.

/// Everything up to and including `upTo` is committed.
public struct AckMessage: Codable, Sendable, Equatable {
  public var type = "ack"
  public var chunk: ChunkID
  public var epoch: Int
  public var upTo: Int

  public init(chunk: ChunkID, epoch: Int, upTo: Int) {
    self.chunk = chunk
    self.epoch = epoch
    self.upTo = upTo
  }
}

public enum NackCode: String, CaseIterable, Codable, Sendable {
  /// A gap: resend from `expected`.
  case expected
  /// The same sequence number came with other content.
  case conflict
  /// The coordinator never granted this epoch, or has sealed it.
  case unknownLease
  /// The batch does not decode, or its checksum differs.
  case corrupt
}

public struct NackMessage: Codable, Sendable, Equatable {
  public var type = "nack"
  public var chunk: ChunkID
  public var epoch: Int
  public var code: NackCode
  /// The sequence number that the coordinator waits for.
  public var expected: Int

  public init(chunk: ChunkID, epoch: Int, code: NackCode, expected: Int) {
    self.chunk = chunk
    self.epoch = epoch
    self.code = code
    self.expected = expected
  }
}

public struct ExtendMessage: Codable, Sendable, Equatable {
  public var type = "extend"
  public var chunk: ChunkID
  public var epoch: Int
  /// The whole new goal, longer or shorter than before.
  public var goal: LoadGoal

  public init(chunk: ChunkID, epoch: Int, goal: LoadGoal) {
    self.chunk = chunk
    self.epoch = epoch
    self.goal = goal
  }
}

public struct StopMessage: Codable, Sendable, Equatable {
  public var type = "stop"
  public var chunk: ChunkID
  public var epoch: Int
  /// Seconds that running iterations may still take.
  public var graceSecs: Double

  public init(chunk: ChunkID, epoch: Int, graceSecs: Double) {
    self.chunk = chunk
    self.epoch = epoch
    self.graceSecs = graceSecs
  }
}

/// The run of a chunk is over and all its batches are sent.
public struct DoneMessage: Codable, Sendable, Equatable {
  public var type = "done"
  public var chunk: ChunkID
  public var epoch: Int
  public var finalSeq: Int
  /// Request rows in all batches.
  public var rows: Int64
  public var iterations: Int64
  /// CRC-32C over the batches' CRC-32Cs in order, each as four little-endian bytes.
  public var digest: UInt32
  /// The largest goal that this run has seen: tells a crossing extension from a met one.
  public var goal: LoadGoal
  /// When the last client ended, on the coordinator's clock, microseconds since the Unix epoch;
  /// nil from an agent that does not tell.
  public var endedAtMicros: Int64?

  public init(
    chunk: ChunkID, epoch: Int, finalSeq: Int, rows: Int64, iterations: Int64, digest: UInt32,
    goal: LoadGoal
  ) {
    self.chunk = chunk
    self.epoch = epoch
    self.finalSeq = finalSeq
    self.rows = rows
    self.iterations = iterations
    self.digest = digest
    self.goal = goal
  }
}

public struct DoneAckMessage: Codable, Sendable, Equatable {
  public var type = "doneAck"
  public var chunk: ChunkID
  public var epoch: Int

  public init(chunk: ChunkID, epoch: Int) {
    self.chunk = chunk
    self.epoch = epoch
  }
}

/// A script of a run wants the whole test ended.
public struct AbortMessage: Codable, Sendable, Equatable {
  public var type = "abort"
  public var chunk: ChunkID
  public var epoch: Int
  /// Why, in the script's words; may be empty.
  public var message: String

  public init(chunk: ChunkID, epoch: Int, message: String) {
    self.chunk = chunk
    self.epoch = epoch
    self.message = message
  }
}

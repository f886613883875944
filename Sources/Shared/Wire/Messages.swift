/// Version of the agent link. Both sides name a range; the highest common one is spoken.
public enum ProtocolVersion {
  public static let min = 1
  public static let max = 1
}

/// Names a run of a chunk and a place in its sequence of batches.
public struct LeaseCursor: Codable, Sendable, Equatable {
  public var chunk: ChunkID
  public var epoch: Int
  public var nextSeq: Int

  public init(chunk: ChunkID, epoch: Int, nextSeq: Int) {
    self.chunk = chunk
    self.epoch = epoch
    self.nextSeq = nextSeq
  }
}

/// Names a run of a chunk.
public struct LeaseKey: Codable, Sendable, Hashable {
  public var chunk: ChunkID
  public var epoch: Int

  public init(chunk: ChunkID, epoch: Int) {
    self.chunk = chunk
    self.epoch = epoch
  }
}

/// Coordinator's first line on every connection.
public struct HelloMessage: Codable, Sendable, Equatable {
  public var type = "hello"
  public var protocolMin: Int
  public var protocolMax: Int
  /// The coordinator's start counter.
  public var generation: Int64
  public var nonce: String

  public init(protocolMin: Int, protocolMax: Int, generation: Int64, nonce: String) {
    self.protocolMin = protocolMin
    self.protocolMax = protocolMax
    self.generation = generation
    self.nonce = nonce
  }
}

/// An agent asks to be let in.
public struct JoinMessage: Codable, Sendable, Equatable {
  public var type = "join"
  public var `protocol`: Int
  /// Persistent UUID of the agent.
  public var agentId: String
  /// Counts process starts of this agent.
  public var bootNo: Int64
  public var spoolId: String
  public var name: String
  public var region: String
  public var labels: [String: String]
  /// Clients that it can run at once.
  public var capacity: Int
  /// Version of the program.
  public var version: String
  /// Runs whose batches the agent still holds.
  public var resume: [LeaseCursor]

  public init(
    protocol: Int, agentId: String, bootNo: Int64, spoolId: String, name: String, region: String,
    labels: [String: String], capacity: Int, version: String, resume: [LeaseCursor]
  ) {
    self.protocol = `protocol`
    self.agentId = agentId
    self.bootNo = bootNo
    self.spoolId = spoolId
    self.name = name
    self.region = region
    self.labels = labels
    self.capacity = capacity
    self.version = version
    self.resume = resume
  }
}

/// What the coordinator wants done with a run that an agent offered to resume.
public enum ResumeMode: String, Codable, Sendable {
  /// Go on running and uploading.
  case run
  /// Run nothing more, upload what is there.
  case upload
  /// Forget it: nothing of it is wanted.
  case sealed
}

public struct ResumeAnswer: Codable, Sendable, Equatable {
  public var chunk: ChunkID
  public var epoch: Int
  /// The next sequence number that the coordinator has not committed.
  public var nextSeq: Int
  public var mode: ResumeMode

  public init(chunk: ChunkID, epoch: Int, nextSeq: Int, mode: ResumeMode) {
    self.chunk = chunk
    self.epoch = epoch
    self.nextSeq = nextSeq
    self.mode = mode
  }
}

public struct WelcomeMessage: Codable, Sendable, Equatable {
  public var type = "welcome"
  public var session: String
  public var heartbeatMs: Int
  public var leaseTtlMs: Int
  /// Longest line that the coordinator takes from now on, bytes.
  public var lineBytesMax: Int
  public var batchRowsMax: Int
  public var resume: [ResumeAnswer]

  public init(
    session: String, heartbeatMs: Int, leaseTtlMs: Int, lineBytesMax: Int, batchRowsMax: Int,
    resume: [ResumeAnswer]
  ) {
    self.session = session
    self.heartbeatMs = heartbeatMs
    self.leaseTtlMs = leaseTtlMs
    self.lineBytesMax = lineBytesMax
    self.batchRowsMax = batchRowsMax
    self.resume = resume
  }
}

public struct GrantMessage: Codable, Sendable, Equatable {
  public var type = "grant"
  public var lease: Lease

  public init(lease: Lease) { self.lease = lease }
}

/// The agent has loaded the script and initialised the clients of a chunk — or could not.
public struct GrantedMessage: Codable, Sendable, Equatable {
  public var type = "granted"
  public var chunk: ChunkID
  public var epoch: Int
  /// Why the chunk cannot be run here; absent when it can.
  public var refusal: String?

  public init(chunk: ChunkID, epoch: Int, refusal: String? = nil) {
    self.chunk = chunk
    self.epoch = epoch
    self.refusal = refusal
  }
}

public struct BeginMessage: Codable, Sendable, Equatable {
  public var type = "begin"
  public var chunk: ChunkID
  public var epoch: Int
  /// The agreed start, microseconds since the Unix epoch on the coordinator's clock.
  public var startAtMicros: Int64

  public init(chunk: ChunkID, epoch: Int, startAtMicros: Int64) {
    self.chunk = chunk
    self.epoch = epoch
    self.startAtMicros = startAtMicros
  }
}

public struct LeaseProgress: Codable, Sendable, Equatable {
  public var chunk: ChunkID
  public var epoch: Int
  /// Clients that have started and not ended.
  public var active: Int
  /// Clients that have ended: those of the chunk less those that run or will.
  public var ended: Int
  /// Iterations finished since the run began.
  public var iterations: Int64
  /// Highest sequence number given to a batch.
  public var spooledSeq: Int
  /// Request rows recorded since the run began.
  public var spooledRows: Int64

  public init(
    chunk: ChunkID, epoch: Int, active: Int, ended: Int = 0, iterations: Int64, spooledSeq: Int,
    spooledRows: Int64
  ) {
    self.chunk = chunk
    self.epoch = epoch
    self.active = active
    self.ended = ended
    self.iterations = iterations
    self.spooledSeq = spooledSeq
    self.spooledRows = spooledRows
  }
}

public struct AgentHealth: Codable, Sendable, Equatable {
  /// Lateness of the slowest engine loop since the last heartbeat, milliseconds.
  public var loopLagMs: Double
  /// Share of one core, 1 = a whole core.
  public var cpu: Double
  /// Resident bytes.
  public var rss: Int64
  /// Open file descriptors.
  public var fds: Int

  public init(loopLagMs: Double, cpu: Double, rss: Int64, fds: Int) {
    self.loopLagMs = loopLagMs
    self.cpu = cpu
    self.rss = rss
    self.fds = fds
  }
}

public struct HeartbeatMessage: Codable, Sendable, Equatable {
  public var type = "heartbeat"
  /// Send time, microseconds since the Unix epoch on the agent's clock.
  public var t1: Int64
  public var leases: [LeaseProgress]
  public var health: AgentHealth

  public init(t1: Int64, leases: [LeaseProgress], health: AgentHealth) {
    self.t1 = t1
    self.leases = leases
    self.health = health
  }
}

public struct HeartbeatAckMessage: Codable, Sendable, Equatable {
  public var type = "heartbeatAck"
  /// Echo of the heartbeat's `t1`.
  public var t1: Int64
  /// Receive and send times on the coordinator's clock, microseconds since the Unix epoch.
  public var t2: Int64
  public var t3: Int64
  public var renewed: [LeaseKey]
  public var fenced: [LeaseKey]

  public init(t1: Int64, t2: Int64, t3: Int64, renewed: [LeaseKey], fenced: [LeaseKey]) {
    self.t1 = t1
    self.t2 = t2
    self.t3 = t3
    self.renewed = renewed
    self.fenced = fenced
  }
}

/// A line for the execution's log, from the agent.
public struct LogMessage: Codable, Sendable, Equatable {
  public var type = "log"
  public var chunk: ChunkID
  public var epoch: Int
  /// `Info`, `Warning` or `Error`, as the API shows it.
  public var level: String
  public var message: String
  /// Microseconds since the Unix epoch.
  public var atMicros: Int64

  public init(chunk: ChunkID, epoch: Int, level: String, message: String, atMicros: Int64) {
    self.chunk = chunk
    self.epoch = epoch
    self.level = level
    self.message = message
    self.atMicros = atMicros
  }
}

public struct LinkErrorMessage: Codable, Sendable, Equatable {
  public var type = "error"
  /// `unknownType`, `version`, `malformed`, `lineTooLong`, `joinTimeout`, `notJoined`, …
  public var code: String
  public var message: String
  /// Whether the sender closes the connection after it.
  public var fatal: Bool

  public init(code: String, message: String, fatal: Bool) {
    self.code = code
    self.message = message
    self.fatal = fatal
  }
}

/// The agent drains and goes.
public struct LeaveMessage: Codable, Sendable, Equatable {
  public var type = "leave"
  public var reason: String

  public init(reason: String) { self.reason = reason }
}

/// Every message but `results`, which `ResultBatchCodec` reads and writes without Codable.
public enum AgentMessage: Sendable, Equatable {
  case join(JoinMessage)
  case granted(GrantedMessage)
  case heartbeat(HeartbeatMessage)
  case done(DoneMessage)
  case log(LogMessage)
  case abort(AbortMessage)
  case ask(AskMessage)
  case leave(LeaveMessage)
  case error(LinkErrorMessage)
}

public enum CoordinatorMessage: Sendable, Equatable {
  case hello(HelloMessage)
  case welcome(WelcomeMessage)
  case grant(GrantMessage)
  case begin(BeginMessage)
  case heartbeatAck(HeartbeatAckMessage)
  case ack(AckMessage)
  case nack(NackMessage)
  case extend(ExtendMessage)
  case stop(StopMessage)
  case doneAck(DoneAckMessage)
  case answer(AnswerMessage)
  case event(EventMessage)
  case error(LinkErrorMessage)
}

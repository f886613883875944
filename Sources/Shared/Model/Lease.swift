/// The clients of a chunk: a contiguous range of an execution region's clients.
public struct ClientRange: Codable, Sendable, Equatable {
  /// Global index of the first client, from 0 across the execution.
  public var first: Int
  /// Number of clients in the chunk, at least 1.
  public var count: Int
  /// Index of the first client within its execution region.
  public var regionalFirst: Int
  /// Clients of the whole execution region.
  public var regionalTotal: Int
  /// Clients of the whole execution.
  public var total: Int

  /// - Parameter total: nil when the execution has no other region.
  public init(
    first: Int, count: Int, regionalFirst: Int, regionalTotal: Int, total: Int? = nil
  ) {
    self.first = first
    self.count = count
    self.regionalFirst = regionalFirst
    self.regionalTotal = regionalTotal
    self.total = total ?? regionalTotal
  }
}

/// How the clients of an execution come in: client `i` of `n` of region `r` of `R` starts
/// `(i + r/R) / n × durationSecs` after the agreed start, so that the starts of all regions
/// together are spread evenly, whichever agents run them.
public struct RampUp: Codable, Sendable, Equatable {
  /// Seconds over which clients start, 0 for all at once.
  public var durationSecs: Double
  /// `r/R`, from 0 up to but excluding 1.
  public var phase: Double

  public init(durationSecs: Double, phase: Double) {
    self.durationSecs = durationSecs
    self.phase = phase
  }
}

/// Which HTTP version to speak.
public enum HTTPVersion: String, Codable, Sendable, CaseIterable {
  /// HTTP/2 over TLS where the server offers it, HTTP/1.1 otherwise.
  case automatic = "auto"
  case http1 = "1.1"
  /// HTTP/2 always; over plain TCP with prior knowledge.
  case http2 = "2"
}

/// How requests of a test are made.
public struct HTTPSettings: Codable, Sendable, Equatable {
  public var version: HTTPVersion
  /// Whether certificates of targets are verified.
  public var verifyTLS: Bool
  /// PEM certificates to trust instead of the system's, or nil.
  public var caPEM: String?
  /// Milliseconds a request may take in all.
  public var requestTimeoutMs: Int
  /// Milliseconds a `Code` script may hold its thread without waiting for anything; nil for
  /// `Limits.scriptTimeoutMs`.
  public var scriptTimeoutMs: Int?
  /// Redirects followed before a request fails; 0 follows none.
  public var redirectsMax: Int
  /// Decoded bytes of a response body that a script reads, after which it fails as
  /// `bodyTooLarge`; what nobody reads is not kept and has no bound.
  public var bodyBytesMax: Int
  /// Whether a client keeps its connections for its further requests.
  public var reusesConnections: Bool
  /// What requests name as their sender, nil for Throng; empty sends no such header.
  public var userAgent: String?

  public init(
    version: HTTPVersion = .automatic, verifyTLS: Bool = true, caPEM: String? = nil,
    requestTimeoutMs: Int = 30_000, redirectsMax: Int = 10, bodyBytesMax: Int = 64 << 20,
    reusesConnections: Bool = true, userAgent: String? = nil
  ) {
    self.version = version
    self.verifyTLS = verifyTLS
    self.caPEM = caPEM
    self.requestTimeoutMs = requestTimeoutMs
    self.redirectsMax = redirectsMax
    self.bodyBytesMax = bodyBytesMax
    self.reusesConnections = reusesConnections
    self.userAgent = userAgent
  }

  /// Settings that were stored before there were the later members lack these.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    version = try container.decode(HTTPVersion.self, forKey: .version)
    verifyTLS = try container.decode(Bool.self, forKey: .verifyTLS)
    caPEM = try container.decodeIfPresent(String.self, forKey: .caPEM)
    requestTimeoutMs = try container.decode(Int.self, forKey: .requestTimeoutMs)
    redirectsMax = try container.decode(Int.self, forKey: .redirectsMax)
    bodyBytesMax = try container.decode(Int.self, forKey: .bodyBytesMax)
    reusesConnections =
      try container.decodeIfPresent(Bool.self, forKey: .reusesConnections) ?? true
    userAgent = try container.decodeIfPresent(String.self, forKey: .userAgent)
  }
}

/// What a client runs.
public struct ScriptPayload: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable { case steps = "Steps", code = "Code" }
  public var kind: Kind
  /// For `Steps`, the JSON text; for `Code`, the source as its author wrote it, which agents do
  /// not get.
  public var content: String
  /// For `Code`, what agents run.
  public var code: CodePayload?
  /// Name of the exported function that a `Code` script's clients run.
  public var export = "default"
  /// What `setup()` returned, as JSON; empty when it was not called.
  public var data = ""
  /// What runs once for the whole test; nil for what the test's clients run, whatever its name.
  public var life: Life?

  /// Before the test, or after it.
  public enum Life: String, Codable, Sendable { case setup, teardown }

  /// Whether it runs once for the whole test, before it or after it: no client of the test.
  public var isLife: Bool { life != nil }

  public init(kind: Kind, content: String, code: CodePayload? = nil) {
    self.kind = kind
    self.content = content
    self.code = code
  }
}

/// The right of one agent to run one chunk under one epoch, and all it needs for that.
public struct Lease: Codable, Sendable, Equatable {
  public var chunk: ChunkID
  public var epoch: Int
  public var execution: ExecutionID
  public var executionRegion: ExecutionRegionID
  /// Name of the region.
  public var region: String
  public var clients: ClientRange
  public var goal: LoadGoal
  /// Pause of a client between two iterations, seconds.
  public var iterationSleepSecs: Double
  public var rampUp: RampUp
  public var script: ScriptPayload
  /// The configuration's `scriptParams`: the text of a JSON object.
  public var params: String
  public var http: HTTPSettings
  public var tracing = TraceSettings()
  /// Milliseconds the lease lasts after each renewal.
  public var ttlMs: Int
  /// Batches that may be unacknowledged at once.
  public var window: Int

  public init(
    chunk: ChunkID, epoch: Int, execution: ExecutionID, executionRegion: ExecutionRegionID,
    region: String, clients: ClientRange, goal: LoadGoal, iterationSleepSecs: Double,
    rampUp: RampUp, script: ScriptPayload, params: String, http: HTTPSettings, ttlMs: Int,
    window: Int
  ) {
    self.chunk = chunk
    self.epoch = epoch
    self.execution = execution
    self.executionRegion = executionRegion
    self.region = region
    self.clients = clients
    self.goal = goal
    self.iterationSleepSecs = iterationSleepSecs
    self.rampUp = rampUp
    self.script = script
    self.params = params
    self.http = http
    self.ttlMs = ttlMs
    self.window = window
  }
}

/// One request of one client. Plain data of fixed size: recorded without allocation.
///
/// Timings are microseconds from the request's start; −1 stands for "did not happen".
@frozen
public struct RequestRow: Equatable, Sendable {
  /// Start of the request, microseconds since the Unix epoch, on the coordinator's clock.
  public var startedAtMicros: Int64
  /// Bytes written and read on the connection for this request, with headers and all framing, but
  /// within TLS. Of requests side by side on a connection of HTTP/2 only the sum is exact.
  public var bytesSent: Int64
  public var bytesReceived: Int64
  /// Global client index.
  public var client: UInt32
  public var iteration: UInt32
  /// Which connection of the chunk's run: counted from 0 per (chunk, epoch).
  public var connection: UInt32
  /// Indices into the batch's `strings`.
  public var resource: UInt32
  public var method: UInt32
  /// −1 when the response named no content type.
  public var contentType: Int32
  /// 0 on a reused connection or a literal address.
  public var dnsLookupMicros: Int32
  /// 0 on a reused connection.
  public var connectionOpenMicros: Int32
  /// −1 without TLS, 0 on a reused TLS connection.
  public var tlsHandshakeMicros: Int32
  public var firstReceivedMicros: Int32
  /// End of the exchange.
  public var connectionCloseMicros: Int32
  public var dataPacketsSent: UInt32
  public var dataPacketsReceived: UInt32
  /// HTTP status, 0 when there was no response.
  public var status: UInt16
  public var error: ErrorReason
  /// Whether the request counts as `success` (no error and status below 400).
  public var success: Bool

  @inlinable
  public init() {
    startedAtMicros = 0
    bytesSent = 0
    bytesReceived = 0
    client = 0
    iteration = 0
    connection = 0
    resource = 0
    method = 0
    contentType = -1
    dnsLookupMicros = -1
    connectionOpenMicros = -1
    tlsHandshakeMicros = -1
    firstReceivedMicros = -1
    connectionCloseMicros = -1
    dataPacketsSent = 0
    dataPacketsReceived = 0
    status = 0
    error = .none
    success = false
  }
}

/// One finished iteration of one client.
@frozen
public struct IterationRow: Equatable, Sendable {
  /// Start, microseconds since the Unix epoch, on the coordinator's clock.
  public var startedAtMicros: Int64
  public var durationMicros: Int64
  public var client: UInt32
  public var iteration: UInt32
  /// Whether the script failed in it (not: whether a request did).
  public var failed: Bool
  /// When it was to begin: before its start, where a load with an arrival rate had it wait.
  public var intendedAtMicros: Int64

  /// - Parameter intendedAtMicros: nil for its start.
  @inlinable
  public init(
    startedAtMicros: Int64, durationMicros: Int64, client: UInt32, iteration: UInt32, failed: Bool,
    intendedAtMicros: Int64? = nil
  ) {
    self.startedAtMicros = startedAtMicros
    self.durationMicros = durationMicros
    self.client = client
    self.iteration = iteration
    self.failed = failed
    self.intendedAtMicros = intendedAtMicros ?? startedAtMicros
  }

  /// How late it began, microseconds. Wraps, so that any two times come back as they were.
  @inlinable
  public var delayMicros: Int64 {
    get { startedAtMicros &- intendedAtMicros }
    set { intendedAtMicros = startedAtMicros &- newValue }
  }
}

/// Iterations that were to begin within one interval and could not: no client was free.
public struct DroppedIterations: Equatable, Sendable {
  /// Start of the 10-second interval, milliseconds since the Unix epoch.
  public var intervalStartMs: Int64
  public var count: Int64

  public init(intervalStartMs: Int64, count: Int64) {
    self.intervalStartMs = intervalStartMs
    self.count = count
  }
}

/// How often a check passed and failed since the batch before, within one interval.
public struct CheckCount: Equatable, Sendable {
  /// Index into the batch's `strings`.
  public var name: UInt32
  /// Start of the 10-second interval, milliseconds since the Unix epoch.
  public var intervalStartMs: Int64
  public var passes: Int64
  public var fails: Int64

  public init(name: UInt32, intervalStartMs: Int64, passes: Int64, fails: Int64) {
    self.name = name
    self.intervalStartMs = intervalStartMs
    self.passes = passes
    self.fails = fails
  }
}

/// The agent's own state while it ran a chunk, taken about once a second.
public struct AgentSample: Equatable, Sendable {
  /// Microseconds since the Unix epoch.
  public var atMicros: Int64
  /// Clients of the chunk that have started and not ended.
  public var activeClients: Int
  /// Lateness of the event loop, microseconds.
  public var tickLatencyMicros: Int64
  /// CPU use of the process in thousandths of one core.
  public var cpuPermille: Int64
  /// Resident bytes of the process.
  public var memoryBytes: Int64

  public init(
    atMicros: Int64, activeClients: Int, tickLatencyMicros: Int64, cpuPermille: Int64,
    memoryBytes: Int64
  ) {
    self.atMicros = atMicros
    self.activeClients = activeClients
    self.tickLatencyMicros = tickLatencyMicros
    self.cpuPermille = cpuPermille
    self.memoryBytes = memoryBytes
  }
}

import Dispatch
import Foundation
import Shared

/// The agent's side of the link: joins, holds leases, moves commands to the engines and results
/// to the coordinator, and outlives broken connections. Confined to its loop.
///
/// `@unchecked Sendable`: every entry from other threads hops to `loop`.
final class CoordinatorLink: @unchecked Sendable {
  struct Settings: Sendable {
    var coordinator: HostPort
    var region: String
    var name: String
    var capacity: Int
    var labels: [String: String]
    /// What scripts find in `__ENV` where their parameters say nothing else.
    var environment: [String: String] = [:]
  }

  /// From connecting to being welcome.
  private static let joinNanosMax: Int64 = 10_000_000_000

  let settings: Settings
  let identity: AgentIdentity
  let loop: EventLoop
  let engines: [EngineThread]
  /// One for each of them.
  var watches: [PulseWatch]
  /// Asked by the engines.
  let memory: MemoryGate
  var memoryWatch: MemoryWatch
  /// When logs were last told of each state, monotonic nanoseconds.
  var memoryTold: [MemoryGate.State: Int64] = [:]
  /// When the engines were last told to collect garbage, monotonic nanoseconds.
  var collectedNanos: Int64 = 0
  var runs: [LeaseKey: LeaseRun] = [:]
  var offset = ClockOffset()
  var connection: LinkConnection?
  var isJoined = false
  var isDraining = false
  /// Called when nothing is left to upload, while draining.
  var whenDrained: (() -> Void)?
  var health = ProcessHealth()
  /// Lateness of the slowest engine since the last heartbeat and since the last sample.
  var lagNanos: Int64 = 0
  var sampleLagNanos: Int64 = 0
  var isBacklogged = false
  var heartbeatMs = Limits.heartbeatMs
  var leaseTtlMs = Limits.leaseTtlMs
  /// Boot times at which heartbeats were sent, by their `t1`.
  var heartbeatsSent: [Int64: Int64] = [:]
  var onJoined: (@Sendable () -> Void)?
  /// The coordinator refuses this agent for good; the text says why.
  var onRefused: (@Sendable (LinkErrorMessage) -> Void)?
  /// An engine thread hangs for good: nothing but an end of the process helps.
  var onHung: (@Sendable () -> Void)?
  let log = Logger("agent")

  private var delay = ReconnectDelay()
  private var attempt = 0
  private var generation: Int64 = 0
  private var heartbeatTimer: TimerID?
  private var isHeartbeatSoon = false

  init(
    settings: Settings, identity: AgentIdentity, loop: EventLoop, engines: [EngineThread],
    memory: MemoryGate = MemoryGate()
  ) {
    self.memory = memory
    memoryWatch = MemoryWatch(bytesMax: memory.bytesMax)
    self.settings = settings
    self.identity = identity
    self.loop = loop
    self.engines = engines
    watches = Array(repeating: PulseWatch(), count: engines.count)
  }

  /// Begins to connect and to watch itself. On the loop.
  func start() {
    connect()
    everySecond()
    watchMemoryOften()
  }

  private func watchMemoryOften() {
    watchMemory()
    loop.schedule(afterNanos: Limits.memoryLookNanos) { [weak self] in self?.watchMemoryOften() }
  }

  // MARK: connecting

  private func connect() {
    let address = settings.coordinator
    let attempt = attempt
    self.attempt += 1
    // The resolver blocks, and may for seconds.
    DispatchQueue.global().async {
      let result = Result { try Socket.connect(address, attempt: attempt) }
      self.loop.execute { self.connecting(result) }
    }
  }

  private func connecting(_ result: Result<FileDescriptor, any Error>) {
    do {
      let connection = try LinkConnection(socket: try result.get(), loop: loop)
      self.connection = connection
      connection.onLine = { [weak self] in self?.take($0) }
      connection.onClose = { [weak self] in self?.disconnected($0) }
      connection.onDrained = { [weak self] in self?.sendResults() }
      loop.schedule(afterNanos: Self.joinNanosMax) { [weak self, weak connection] in
        guard let self, let connection, self.connection === connection, !self.isJoined else {
          return
        }
        connection.close(
          "not joined within \(Self.joinNanosMax / 1_000_000_000) s: is this the port for agents?")
      }
    } catch {
      disconnected("\(error)")
    }
  }

  private func disconnected(_ reason: String) {
    if isJoined || attempt == 1 {
      log.warning(
        "link down, reconnecting",
        ["coordinator": "\(settings.coordinator)", "reason": reason])
    }
    connection = nil
    isJoined = false
    heartbeatsSent = [:]
    if let heartbeatTimer { loop.cancel(heartbeatTimer) }
    heartbeatTimer = nil
    var random = SystemRandomNumberGenerator()
    loop.schedule(afterNanos: delay.next(using: &random)) { [weak self] in self?.connect() }
  }

  func send(_ message: AgentMessage) { connection?.send(message.encode()) }

  private func take(_ line: [UInt8]) {
    do {
      take(try CoordinatorMessage.decode(line))
    } catch {
      let text: String
      switch error {
      case .unknownType(let type):
        text = "unknown type \(type.prefix(64))"
        send(.error(LinkErrorMessage(code: "unknownType", message: text, fatal: false)))
      case .malformed(let problem):
        text = problem
        send(.error(LinkErrorMessage(code: "malformed", message: text, fatal: false)))
      }
      log.warning("bad message from the coordinator", ["problem": text])
    }
  }

  private func take(_ message: CoordinatorMessage) {
    switch message {
    case .hello(let hello): take(hello)
    case .welcome(let welcome): take(welcome)
    case .grant(let grant): take(grant.lease)
    case .begin(let begin): take(begin)
    case .heartbeatAck(let ack): take(ack)
    case .ack(let ack): take(ack)
    case .nack(let nack): take(nack)
    case .extend(let extend): take(extend)
    case .stop(let stop): take(stop)
    case .doneAck(let ack): forget(LeaseKey(chunk: ack.chunk, epoch: ack.epoch))
    case .answer(let answer): take(answer)
    case .event(let event): take(event)
    case .error(let error): take(error)
    }
  }

  private func take(_ hello: HelloMessage) {
    let common = min(hello.protocolMax, ProtocolVersion.max)
    guard common >= max(hello.protocolMin, ProtocolVersion.min) else {
      let text =
        "the coordinator speaks protocol \(hello.protocolMin) to \(hello.protocolMax), this agent "
        + "\(ProtocolVersion.min) to \(ProtocolVersion.max)"
      onRefused?(LinkErrorMessage(code: "version", message: text, fatal: true))
      connection?.close(text)
      return
    }
    guard hello.generation >= generation else {
      // A restored backup: it does not know what it has acknowledged.
      log.error("the coordinator's generation went backwards; not joining")
      connection?.close("the coordinator's generation went backwards")
      return
    }
    generation = hello.generation
    send(
      .join(
        JoinMessage(
          protocol: common, agentId: identity.agentId, bootNo: identity.bootNo,
          spoolId: identity.spoolId, name: settings.name, region: settings.region,
          labels: settings.labels, capacity: settings.capacity, version: throngVersion,
          resume: runs.values.map {
            LeaseCursor(chunk: $0.key.chunk, epoch: $0.key.epoch, nextSeq: $0.spool.resumeSeq)
          })))
  }

  private func take(_ welcome: WelcomeMessage) {
    isJoined = true
    delay.reset()
    heartbeatMs = max(100, welcome.heartbeatMs)
    leaseTtlMs = welcome.leaseTtlMs
    log.notice(
      "joined", ["coordinator": "\(settings.coordinator)", "region": settings.region])
    resume(welcome.resume)
    // A few quick ones, so that the clock's offset is known before anything begins.
    for round in 0..<4 {
      loop.schedule(afterNanos: Int64(round) * 10_000_000) { [weak self] in self?.heartbeat() }
    }
    scheduleHeartbeat()
    if isDraining { send(.leave(LeaveMessage(reason: "shutting down"))) }
    sendResults()
    onJoined?()
  }

  private func scheduleHeartbeat() {
    heartbeatTimer = loop.schedule(afterNanos: Int64(heartbeatMs).times(1_000_000)) { [weak self] in
      self?.heartbeat()
      self?.scheduleHeartbeat()
    }
  }

  private func take(_ error: LinkErrorMessage) {
    log.warning(
      "the coordinator reports an error", ["code": error.code, "message": error.message])
    guard error.fatal, error.code == "version" || error.code == "badJoin" else { return }
    onRefused?(error)
  }

  // MARK: heartbeats

  private func heartbeat() {
    guard isJoined, let connection else { return }
    // A link that was cut without a word looks alive to us. Half the lease leaves time to
    // connect anew and to be renewed before it ends.
    let silence = Clock.boottimeNanos() - connection.lastReadNanos
    guard silence < Int64(leaseTtlMs).times(500_000) else {
      return connection.close("no word from the coordinator for \(silence / 1_000_000_000) s")
    }
    let t1 = Clock.wallMicros()
    heartbeatsSent[t1] = Clock.boottimeNanos()
    send(
      .heartbeat(
        HeartbeatMessage(
          t1: t1, leases: runs.values.map(\.progress),
          health: AgentHealth(
            loopLagMs: Double(lagNanos) / 1e6, cpu: health.cpu, rss: health.residentBytes,
            fds: ProcessHealth.openDescriptors()))))
    lagNanos = 0
  }

  /// A heartbeat ahead of its time, for news that others wait for. Many at once are one.
  func heartbeatSoon() {
    guard !isHeartbeatSoon else { return }
    isHeartbeatSoon = true
    loop.schedule(afterNanos: Int64(Limits.endedHeartbeatMs) * 1_000_000) { [weak self] in
      self?.isHeartbeatSoon = false
      self?.heartbeat()
    }
  }

  private func take(_ ack: HeartbeatAckMessage) {
    offset.exchanged(t1: ack.t1, t2: ack.t2, t3: ack.t3, t4: Clock.wallMicros())
    // Counted from when we asked: the coordinator counts from when it heard, which is later.
    guard let sent = heartbeatsSent.removeValue(forKey: ack.t1) else { return }
    heartbeatsSent = heartbeatsSent.filter { $0.key > ack.t1 }
    for key in ack.renewed where runs[key] != nil {
      runs[key]?.deadlineNanos = sent.plus(Int64(leaseTtlMs).times(1_000_000))
      renewEngines(key)
    }
    for key in ack.fenced { fence(key) }
  }

  private func everySecond() {
    loop.schedule(afterNanos: 1_000_000_000) { [weak self] in
      guard let self else { return }
      self.takeSamples()
      self.everySecond()
    }
  }

  private func takeSamples() {
    health.read()
    watchEngines()
    let sample = sample()
    sampleLagNanos = 0
    for key in runs.keys { runs[key]?.sampled(sample) }
    sendResults()
  }

  /// How this agent is; each run adds its clients.
  func sample() -> AgentSample {
    AgentSample(
      atMicros: Clock.wallMicros().plus(offset.offsetMicros), activeClients: 0,
      tickLatencyMicros: sampleLagNanos / 1_000, cpuPermille: Int64(health.cpu * 1_000),
      memoryBytes: health.residentBytes)
  }
}

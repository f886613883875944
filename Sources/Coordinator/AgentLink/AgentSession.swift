import Shared

/// What a session tells its owner; all on the loop.
protocol AgentSessionDelegate: AnyObject {
  func session(_ session: AgentSession, joined message: JoinMessage)
  func session(_ session: AgentSession, received message: AgentMessage)
  /// A `results` line, undecoded.
  func session(_ session: AgentSession, receivedResults line: [UInt8])
  func sessionClosed(_ session: AgentSession, reason: String)
}

/// One connection of one agent: frames lines, enforces the protocol's bounds and its order
/// (hello, join, the rest), and buffers what is sent. Confined to the loop.
final class AgentSession {
  /// Bytes that may wait to be sent; a peer that reads nothing for so long is cut off.
  private static let outboundBytesMax = 64 << 20
  /// Protocol errors that a peer may make before it is cut off: a few are a newer version's
  /// messages, many are no agent.
  private static let strikesMax = 16

  let number: Int64
  /// Set by the owner once the join is accepted.
  var agent: String?
  private(set) var protocolVersion: Int?
  /// When anything last came from the peer, of the monotonic clock.
  private var heardAtNanos = Clock.monotonicNanos()

  private let socket: FileDescriptor
  private let loop: EventLoop
  private weak var delegate: (any AgentSessionDelegate)?
  private var framer = LineFramer(maxBytes: Limits.lineBytesBeforeJoinMax)
  private var outbound: [UInt8] = []
  private var outboundStart = 0
  private var interest: Interest = .read
  private var joinTimer: TimerID?
  private var strikes = 0
  /// Batches in a row that belong to no run of the agent.
  private var strayBatches = 0
  private var closing = false
  private(set) var isOpen = true
  private var readingPaused = false
  private let log = Logger("link")

  init(
    socket: FileDescriptor, number: Int64, loop: EventLoop, delegate: any AgentSessionDelegate
  ) {
    self.socket = socket
    self.number = number
    self.loop = loop
    self.delegate = delegate
  }

  /// Says hello and waits for the join.
  func open(generation: Int64) throws {
    Socket.setNoDelay(socket)
    // The loop's closures own the session: it lives until it closes.
    try loop.watch(socket.number, .read) { self.ready($0) }
    joinTimer = loop.schedule(afterNanos: Int64(Limits.joinTimeoutMs) * 1_000_000) { [weak self] in
      self?.reject(code: "joinTimeout", "no join within \(Limits.joinTimeoutMs) ms")
    }
    let nonce = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    send(
      .hello(
        HelloMessage(
          protocolMin: ProtocolVersion.min, protocolMax: ProtocolVersion.max,
          generation: generation, nonce: nonce)))
  }

  /// The owner takes the join: longer lines are allowed from now on.
  func accept(as agent: String) {
    self.agent = agent
    framer.lineBytesMax = Limits.lineBytesMax
    if let joinTimer { loop.cancel(joinTimer) }
    joinTimer = nil
  }

  func send(_ message: CoordinatorMessage) {
    guard isOpen, !closing else { return }
    outbound.append(contentsOf: message.encode())
    flush()
  }

  /// Tells the peer what is wrong and closes.
  func reject(code: String, _ message: String) {
    send(.error(LinkErrorMessage(code: code, message: message, fatal: true)))
    finish("\(code): \(message)")
  }

  /// A batch came that belongs to no run of the agent: a few are under way when a run is taken
  /// from it. Whoever goes on and on is cut off.
  func refuse(_ nack: NackMessage) {
    send(.nack(nack))
    strayBatches += 1
    if strayBatches >= Limits.strayBatchesMax {
      reject(code: "unknownLease", "\(strayBatches) batches in a row belong to no run of yours")
    }
  }

  /// A batch of a run of the agent was taken.
  func tookBatch() { strayBatches = 0 }

  /// Closes after what is buffered has been sent as far as the socket takes it.
  func finish(_ reason: String) {
    guard isOpen else { return }
    closing = true
    close(reason)
  }

  /// Stops reading while the store is behind; the peer's window and TCP do the rest.
  func pauseReading(_ paused: Bool) {
    guard isOpen, paused != readingPaused else { return }
    readingPaused = paused
    heardAtNanos = Clock.monotonicNanos()
    updateInterest()
  }

  /// Whether the peer has missed three heartbeats, the fourth being due. One that is not read
  /// from cannot be heard.
  func isSilent(now: Int64) -> Bool {
    !readingPaused && now - heardAtNanos > Int64(Limits.silenceMs) * 1_000_000
  }

  // MARK: inside

  private func ready(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() }
    guard isOpen else { return }
    if readiness.contains(.read) {
      readAll()
    } else if readiness.contains(.closed) {
      close("connection lost")
    }
  }

  private func readAll() {
    // Bounded per turn, so that one fast agent does not keep the others waiting.
    for _ in 0..<8 {
      var result = TransferResult.wouldBlock
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
        result = socket.read(into: buffer)
        if case .bytes(let count) = result {
          framer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
      switch result {
      case .bytes:
        heardAtNanos = Clock.monotonicNanos()
        takeLines()
      case .wouldBlock: return
      case .endOfFile: close("connection closed by the agent")
      case .failed(let code): close(SystemError("read", code: code).description)
      }
      guard isOpen, !readingPaused else { return }
    }
  }

  private func takeLines() {
    do {
      while isOpen, let line = try framer.next() {
        if !line.isEmpty { take(line) }
      }
    } catch {
      reject(code: "lineTooLong", "a line is longer than \(framer.lineBytesMax) bytes")
    }
  }

  private func take(_ line: [UInt8]) {
    guard agent != nil else { return takeJoin(line) }
    if ResultBatchCodec.isResults(line) {
      delegate?.session(self, receivedResults: line)
      return
    }
    do {
      let message = try AgentMessage.decode(line)
      if case .join = message { return strike(code: "malformed", "a second join") }
      delegate?.session(self, received: message)
    } catch {
      switch error {
      case .unknownType("results"): delegate?.session(self, receivedResults: line)
      case .unknownType(let type): strike(code: "unknownType", "unknown type \(type.prefix(64))")
      case .malformed(let text): strike(code: "malformed", text)
      }
    }
  }

  private func takeJoin(_ line: [UInt8]) {
    do {
      guard case .join(let join) = try AgentMessage.decode(line) else {
        return reject(code: "notJoined", "the first message must be a join")
      }
      guard (ProtocolVersion.min...ProtocolVersion.max).contains(join.protocol) else {
        return reject(
          code: "version",
          "protocol \(join.protocol) is not spoken here, only \(ProtocolVersion.min) to "
            + "\(ProtocolVersion.max)")
      }
      protocolVersion = join.protocol
      delegate?.session(self, joined: join)
    } catch {
      switch error {
      case .unknownType(let type):
        reject(code: "notJoined", "the first message must be a join, not \(type.prefix(64))")
      case .malformed(let text): reject(code: "malformed", text)
      }
    }
  }

  /// Notes a protocol error; the peer is cut off after some.
  func strike(code: String, _ message: String) {
    strikes += 1
    guard strikes < Self.strikesMax else {
      return reject(code: code, "\(message); too many errors")
    }
    log.warning("bad message", ["agent": agent ?? "?", "code": code, "message": message])
    send(.error(LinkErrorMessage(code: code, message: message, fatal: false)))
  }

  private func flush() {
    while isOpen, outboundStart < outbound.count {
      let result = outbound.withUnsafeBytes {
        socket.send(UnsafeRawBufferPointer(rebasing: $0[outboundStart...]))
      }
      switch result {
      case .bytes(let count): outboundStart += count
      case .wouldBlock:
        guard outbound.count - outboundStart <= Self.outboundBytesMax else {
          return close("the agent reads nothing")
        }
        return updateInterest()
      case .endOfFile, .failed: return close("connection lost")
      }
    }
    outbound.removeAll(keepingCapacity: outbound.count < 1 << 16)
    outboundStart = 0
    updateInterest()
  }

  private func updateInterest() {
    guard isOpen else { return }
    var wanted: Interest = readingPaused ? [] : .read
    if outboundStart < outbound.count { wanted.insert(.write) }
    guard wanted != interest else { return }
    interest = wanted
    loop.rewatch(socket.number, wanted)
  }

  private func close(_ reason: String) {
    guard isOpen else { return }
    isOpen = false
    if let joinTimer { loop.cancel(joinTimer) }
    loop.unwatch(socket.number)
    delegate?.sessionClosed(self, reason: reason)
  }
}

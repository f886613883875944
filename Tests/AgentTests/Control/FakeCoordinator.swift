import Foundation
import Shared
import TestSupport

/// A coordinator that says what a test tells it to, to one agent in this process.
///
/// `@unchecked Sendable`: all state is guarded by `condition`.
final class FakeCoordinator: @unchecked Sendable {
  enum Received {
    case message(AgentMessage)
    case results(ResultBatchCodec.Decoded)
  }

  private let condition = NSCondition()
  private var received: [Received] = []
  private var streams: [TCPStream] = []
  private var joins = 0
  private var server: RawServer?
  /// Whether heartbeats are answered, and leases renewed by it.
  private var answersHeartbeats = true
  /// Whether results are acknowledged as they come.
  private var acknowledgesResults = false
  private let hello: HelloMessage
  private let leaseTtlMs: Int
  private let heartbeatMs: Int

  init(leaseTtlMs: Int = 15_000, heartbeatMs: Int = 100, protocolMin: Int = 1) throws {
    self.leaseTtlMs = leaseTtlMs
    self.heartbeatMs = heartbeatMs
    hello = HelloMessage(
      protocolMin: protocolMin, protocolMax: protocolMin, generation: 1, nonce: "n")
    server = try RawServer { [weak self] stream in
      try self?.greet(stream)
      while let line = try stream.readLine() {
        guard let self else { return }
        self.take(Array(line.utf8), stream)
      }
    }
  }

  var address: HostPort { HostPort(host: "127.0.0.1", port: server?.port ?? 0) }

  private func greet(_ stream: TCPStream) throws {
    condition.withLock { streams.append(stream) }
    try stream.write(CoordinatorMessage.hello(hello).encode())
  }

  private func take(_ line: [UInt8], _ stream: TCPStream) {
    guard let item = Self.decode(line) else { return }
    condition.withLock {
      received.append(item)
      if case .message(.join) = item { joins += 1 }
      condition.broadcast()
    }
    if case .results(let results) = item, condition.withLock({ acknowledgesResults }) {
      let key = results.key
      send(.ack(AckMessage(chunk: key.chunk, epoch: key.epoch, upTo: key.seq)))
    }
    guard case .message(.heartbeat(let heartbeat)) = item,
      condition.withLock({ answersHeartbeats })
    else { return }
    let now = Clock.wallMicros()
    send(
      .heartbeatAck(
        HeartbeatAckMessage(
          t1: heartbeat.t1, t2: now, t3: now,
          renewed: heartbeat.leases.map { LeaseKey(chunk: $0.chunk, epoch: $0.epoch) },
          fenced: [])))
  }

  private static func decode(_ line: [UInt8]) -> Received? {
    if ResultBatchCodec.isResults(line) {
      return (try? ResultBatchCodec.decode(line)).map { .results($0) }
    }
    return (try? AgentMessage.decode(line)).map { .message($0) }
  }

  // MARK: what a test does

  /// To the connection made last.
  func send(_ message: CoordinatorMessage) {
    let stream = condition.withLock { streams.last }
    try? stream?.write(message.encode())
  }

  func welcome(_ resume: [ResumeAnswer] = []) {
    send(
      .welcome(
        WelcomeMessage(
          session: "s", heartbeatMs: heartbeatMs, leaseTtlMs: leaseTtlMs,
          lineBytesMax: Limits.lineBytesMax, batchRowsMax: Limits.batchRowsMax, resume: resume)))
  }

  func cutLink() { condition.withLock { streams.last }?.shutDown() }

  func acknowledgeResults() { condition.withLock { acknowledgesResults = true } }

  func fallSilent() { condition.withLock { answersHeartbeats = false } }

  /// Waits for the `occurrence`th thing (from 1) that `pick` accepts.
  func next<Value>(
    _ what: String, occurrence: Int = 1, _ pick: (Received) -> Value?
  ) throws -> Value {
    let deadline = Date(timeIntervalSinceNow: 30)
    condition.lock()
    defer { condition.unlock() }
    while true {
      let found = received.compactMap(pick)
      if found.count >= occurrence { return found[occurrence - 1] }
      guard condition.wait(until: deadline) else { throw TestFailure("no \(what) came") }
    }
  }

  func join(_ occurrence: Int = 1) throws -> JoinMessage {
    try next("join", occurrence: occurrence) {
      if case .message(.join(let join)) = $0 { join } else { nil }
    }
  }

  func granted(_ occurrence: Int = 1) throws -> GrantedMessage {
    try next("granted", occurrence: occurrence) {
      if case .message(.granted(let granted)) = $0 { granted } else { nil }
    }
  }

  func done(_ occurrence: Int = 1) throws -> DoneMessage {
    try next("done", occurrence: occurrence) {
      if case .message(.done(let done)) = $0 { done } else { nil }
    }
  }

  /// The `occurrence`th results line, whatever its number.
  func results(_ occurrence: Int = 1) throws -> ResultBatchCodec.Decoded {
    try next("results", occurrence: occurrence) {
      if case .results(let results) = $0 { results } else { nil }
    }
  }

  /// All results lines so far.
  var allResults: [ResultBatchCodec.Decoded] {
    condition.withLock {
      received.compactMap { if case .results(let results) = $0 { results } else { nil } }
    }
  }
}

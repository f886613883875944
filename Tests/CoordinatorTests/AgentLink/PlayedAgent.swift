import Foundation
import Shared
import TestSupport

@testable import Coordinator

/// An agent that says what a test tells it to, over a real socket.
///
/// `@unchecked Sendable`: what its reading thread writes is guarded by `condition`.
final class PlayedAgent: @unchecked Sendable {
  let id: String
  private let stream: TCPStream
  private let condition = NSCondition()
  private var received: [CoordinatorMessage] = []

  /// Connects and joins.
  init(
    _ coordinator: CoordinatorRuntime, region: String = "north", capacity: Int = 10_000,
    id: String = UUID().uuidString, resume: [LeaseCursor] = []
  ) throws {
    self.id = id
    stream = try TCPStream(port: coordinator.agentAddress.port)
    let thread = Thread { [stream, weak self] in
      while let line = try? stream.readLine() {
        guard let message = try? CoordinatorMessage.decode(Array(line.utf8)) else { return }
        self?.take(message)
      }
    }
    thread.start()
    send(
      .join(
        JoinMessage(
          protocol: 1, agentId: id, bootNo: 1, spoolId: "s", name: "agent-\(id.prefix(4))",
          region: region, labels: [:], capacity: capacity, version: "test", resume: resume)))
    _ = try next("welcome") { if case .welcome = $0 { true } else { nil } }
  }

  deinit { stream.shutDown() }

  /// Ends the connection; the lease lives on.
  func disconnect() { stream.shutDown() }

  private func take(_ message: CoordinatorMessage) {
    condition.withLock {
      received.append(message)
      condition.broadcast()
    }
  }

  /// Sends a line that comes without its end.
  func send(line: [UInt8]) { try? stream.write(line + [10]) }

  func send(_ message: AgentMessage) { try? stream.write(message.encode()) }

  func ask(_ lease: Lease, _ id: Int64, _ question: AgentQuestion) {
    send(.ask(AskMessage(chunk: lease.chunk, epoch: lease.epoch, id: id, question: question)))
  }

  /// Says in a heartbeat that so many clients of a lease have ended.
  func heartbeat(_ lease: Lease, ended: Int) {
    send(
      .heartbeat(
        HeartbeatMessage(
          t1: Clock.wallMicros(),
          leases: [
            LeaseProgress(
              chunk: lease.chunk, epoch: lease.epoch, active: 0, ended: ended, iterations: 0,
              spooledSeq: 0, spooledRows: 0)
          ], health: AgentHealth(loopLagMs: 0, cpu: 0, rss: 0, fds: 0))))
  }

  /// Waits for the `occurrence`th message (from 1) that `pick` accepts.
  func next<Value>(
    _ what: String, occurrence: Int = 1, _ pick: (CoordinatorMessage) -> Value?
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

  /// Takes its share of an execution, and says that it is ready.
  func accept() throws -> Lease {
    let lease = try next("grant") { if case .grant(let grant) = $0 { grant.lease } else { nil } }
    send(.granted(GrantedMessage(chunk: lease.chunk, epoch: lease.epoch)))
    return lease
  }

  func begun() throws {
    _ = try next("begin") { if case .begin = $0 { true } else { nil } }
  }

  func answer(_ id: Int64, occurrence: Int = 1) throws -> AgentAnswer {
    try next("answer to question \(id)", occurrence: occurrence) {
      if case .answer(let answer) = $0, answer.id == id { answer.answer } else { nil }
    }
  }

  /// The answers to a question that have come so far.
  func answers(_ id: Int64) -> Int {
    condition.withLock {
      received.count { if case .answer(let answer) = $0 { answer.id == id } else { false } }
    }
  }

  func events(_ count: Int) throws -> [EventMessage] {
    var events: [EventMessage] = []
    for occurrence in 1...count {
      events.append(
        try next("event", occurrence: occurrence) {
          if case .event(let event) = $0 { event } else { nil }
        })
    }
    return events
  }

  /// Returns once everything sent before has been dealt with.
  func settle(_ lease: Lease) throws {
    // Messages of one link are taken in their order, and this one is answered at once.
    ask(lease, settleID, .table(name: ""))
    _ = try answer(settleID)
    settleID += 1
  }

  private var settleID: Int64 = 1 << 40
}

import Foundation
import Shared

/// Owns the executions that are not completed and the agents, on one loop: turns what agents,
/// operators and the clock do into events of the pure machines, and performs their actions.
///
/// `@unchecked Sendable`: all state is touched only on `loop`, which every entry hops to.
final class ExecutionController: @unchecked Sendable {
  let loop: EventLoop
  let store: Store
  let ingester: Ingester
  let log = Logger("executions")
  let limitQueue = DispatchQueue(label: "limits")

  var executions: [ExecutionID: LiveExecution] = [:]
  /// Which execution a run belongs to.
  var owners: [LeaseKey: ExecutionID] = [:]
  var roster = AgentRoster()
  var leases = LeaseTable()
  /// Called once no execution is left, while the coordinator shuts down.
  var whenIdle: (() -> Void)?
  /// Where the values of metrics come from that clients ask for; set before the start.
  var metricSource: (any MetricSource)?
  /// What scripts find in `__ENV` beside parameters; set before the start.
  var environment: [String: String] = [:]
  /// Answers of clients' questions that take a while, one after the other.
  let sharingQueue = DispatchQueue(label: "coordinator-sharing")
  /// Connections that have not joined yet, the oldest first.
  private var strangers: [AgentSession] = []
  private var nextSessionNumber: Int64 = 1

  init(loop: EventLoop, store: Store, ingester: Ingester) {
    self.loop = loop
    self.store = store
    self.ingester = ingester
  }

  /// Begins the regular duties. On the loop.
  func start() {
    every(nanos: 500_000_000) { [weak self] in
      self?.cutOffSilent()
      self?.expireLeases()
    }
    every(nanos: Limits.limitCheckMs * 1_000_000 / 4) { [weak self] in self?.judgeLimits() }
    every(nanos: 10_000_000_000) { [weak self] in self?.saveHeartbeats() }
    every(nanos: 500_000_000) { [weak self] in self?.followClock() }
  }

  private func every(nanos: Int64, _ body: @escaping () -> Void) {
    loop.schedule(afterNanos: nanos) { [weak self] in
      body()
      self?.every(nanos: nanos, body)
    }
  }

  /// An agent's connection was accepted. On the loop.
  func accepted(_ socket: FileDescriptor) {
    let session = AgentSession(
      socket: socket, number: nextSessionNumber, loop: loop, delegate: self)
    nextSessionNumber += 1
    do {
      try session.open(generation: store.generation)
    } catch {
      return log.error("cannot watch an agent's connection", ["error": "\(error)"])
    }
    strangers.append(session)
    if strangers.count > Limits.strangersMax {
      strangers[0].finish("made room for newer connections")
    }
  }

  /// A connection has joined, or is closed. On the loop.
  func isNoStranger(_ session: AgentSession) { strangers.removeAll { $0 === session } }

  func nowMs() -> Int64 { Clock.wallMicros() / 1_000 }

  // MARK: shutting down

  /// Stops what runs, so that every result is committed before the process ends. On the loop.
  func drain(graceSecs: Double, whenIdle: @escaping () -> Void) {
    self.whenIdle = whenIdle
    for live in executions.values {
      perform(live.machine.shutDown(graceSecs: graceSecs), on: live)
    }
    reportIfIdle()
  }

  func reportIfIdle() {
    guard executions.isEmpty, let whenIdle else { return }
    self.whenIdle = nil
    whenIdle()
  }

  // MARK: regular duties

  /// A link over which nothing comes is no link: its agent gets no further work.
  private func cutOffSilent() {
    let now = Clock.monotonicNanos()
    for member in roster.members.values {
      guard let session = member.session, session.isSilent(now: now) else { continue }
      session.finish("no heartbeat for \(Limits.silenceMs) ms")
    }
  }

  /// What the system's clock was set to holds for executions to come, never for one under way.
  private func followClock() {
    guard executions.isEmpty else { return }
    let step = Clock.followSystem()
    guard step != 0 else { return }
    log.notice("the system's clock was set", ["bySecs": "\(Double(step) / 1e6)"])
    // Agents know how far theirs was from the old one: they find out anew when they join.
    for member in roster.members.values {
      member.session?.finish("the coordinator's clock was set")
    }
  }

  private func expireLeases() {
    for entry in leases.expire(now: Clock.boottimeNanos()) {
      guard let id = owners[entry.key], let live = executions[id] else { continue }
      let name = roster[entry.agent]?.record.name ?? entry.agent
      lose(
        entry.key,
        because: "Lost agent \(name): no heartbeat for "
          + "\((Limits.leaseTtlMs + Limits.leaseGraceMs) / 1_000) s. Its results up to then are "
          + "kept, those that it still holds are missing", of: live)
    }
  }

  private func saveHeartbeats() {
    let unsaved = roster.takeUnsavedHeartbeats()
    guard !unsaved.isEmpty else { return }
    do {
      try store.write { db in
        for (agent, atMs) in unsaved {
          try AgentStore.setLastHeartbeat(uuid: agent, atMs: atMs, in: db)
        }
      }
    } catch {
      log.error("cannot store heartbeats", ["error": "\(error)"])
    }
  }
}

// MARK: what the API asks

extension ExecutionController: ExecutionControl {
  func create(_ configuration: TestConfigurationID) throws -> ExecutionID {
    // On the caller's thread: compiling takes a while.
    let code = try preparedCode(for: configuration)
    return try loop.sync { try self.createOnLoop(configuration, code) }
  }

  func start(_ execution: ExecutionID) throws {
    try loop.sync {
      let live = try self.live(execution)
      self.perform(try Self.refusable(execution) { try live.machine.start() }, on: live)
    }
  }

  func stop(_ execution: ExecutionID) throws {
    try loop.sync {
      let live = try self.live(execution)
      let actions = try Self.refusable(execution) {
        try live.machine.stopRequested(graceSecs: Limits.stopGraceSecs)
      }
      self.perform(actions, on: live)
    }
  }

  func extend(_ execution: ExecutionID, to extension: Extension) throws {
    try loop.sync {
      let live = try self.live(execution)
      var goal = live.machine.goal
      switch `extension` {
      case .iterations(let count):
        guard let changed = goal.changed(toIterations: count) else {
          throw ControlError.invalid([
            FieldError(
              field: "newIterations",
              message: "this test runs for a duration: use newDuration")
          ])
        }
        goal = changed
      case .durationSecs(let seconds):
        guard let changed = goal.changed(toDurationSecs: seconds) else {
          throw ControlError.invalid([
            FieldError(
              field: "newDuration",
              message: "this test runs for a number of iterations: use newIterations")
          ])
        }
        goal = changed
      }
      let actions = try Self.refusable(execution) { try live.machine.extended(to: goal) }
      self.perform(actions, on: live)
    }
  }

  func delete(_ execution: ExecutionID) throws {
    try loop.sync {
      guard self.executions[execution] == nil else {
        throw ControlError.conflict(
          "Execution \(execution) has not completed: stop it first and wait until it has")
      }
      guard try self.store.delete(execution) else {
        throw ControlError.notFound("There is no execution \(execution)")
      }
    }
    ingester.forget(execution)
  }

  func agents() throws -> [AgentStatus] {
    let (members, clients) = try loop.sync {
      let members = self.roster.members
      return (
        members.mapValues { ($0.session != nil, $0.draining, $0.health, $0.record) },
        members.mapValues { self.leases.clients(of: $0.record.uuid) }
      )
    }
    let records = try store.read { db in try AgentStore.list(in: db) }
    return records.map { record in
      guard let (connected, draining, health, live) = members[record.uuid] else {
        return AgentStatus(record: record, state: .disconnected, clients: 0, health: nil)
      }
      let state: AgentStatus.State =
        !connected ? .disconnected : draining ? .draining : .connected
      return AgentStatus(
        record: live, state: state, clients: clients[record.uuid] ?? 0, health: health)
    }
  }

  func live(_ execution: ExecutionID) throws -> LiveExecution {
    if let live = executions[execution] { return live }
    guard try store.read({ db in try ExecutionStore.exists(execution, in: db) }) else {
      throw ControlError.notFound("There is no execution \(execution)")
    }
    throw ControlError.conflict("Execution \(execution) has already completed")
  }

  /// Turns a machine's refusal into the API's.
  private static func refusable(
    _ execution: ExecutionID, _ body: () throws -> [ExecutionStateMachine.Action]
  ) throws -> [ExecutionStateMachine.Action] {
    do {
      return try body()
    } catch let refusal as ExecutionStateMachine.Refusal {
      throw ControlError.conflict("Execution \(execution) \(refusal.reason)")
    }
  }
}

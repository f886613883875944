import Shared

extension ExecutionController: AgentSessionDelegate {
  func session(_ session: AgentSession, joined join: JoinMessage) {
    if let problem = Self.problem(with: join) {
      return session.reject(code: "badJoin", problem)
    }
    if isTaken(join) {
      return session.reject(
        code: "agentInUse", "another agent of this agentId is connected or has work")
    }
    let now = nowMs()
    let record: AgentRecord
    do {
      record = try store.write { db in
        _ = try RegionStore.findOrInsert(name: join.region, atMs: now, in: db)
        return try AgentStore.upsert(
          AgentRecord(
            id: AgentID(0), createdAtMs: now, updatedAtMs: now, uuid: join.agentId,
            name: join.name, region: join.region, capacity: join.capacity, version: join.version,
            lastHeartbeatMs: now), in: db)
      }
    } catch {
      log.error("cannot store an agent", ["error": "\(error)"])
      return session.reject(code: "storage", "the coordinator cannot store the agent")
    }
    // The agent's word on its own connection counts: our end may not know yet that the link broke.
    roster[join.agentId]?.session?.finish("replaced by a new connection of the agent")
    session.accept(as: join.agentId)
    isNoStranger(session)
    roster[join.agentId] = AgentRoster.Member(
      record: record, bootNo: join.bootNo, spoolId: join.spoolId, session: session)
    log.notice(
      "agent joined",
      ["agent": join.name, "region": join.region, "capacity": "\(join.capacity)"])
    session.send(
      .welcome(
        WelcomeMessage(
          session: String(session.number), heartbeatMs: Limits.heartbeatMs,
          leaseTtlMs: Limits.leaseTtlMs, lineBytesMax: Limits.lineBytesMax,
          batchRowsMax: Limits.batchRowsMax,
          resume: join.resume.map { self.answer(to: $0, from: join.agentId) })))
    restoreRuns(of: join)
    allocateWaiting()
  }

  private static func problem(with join: JoinMessage) -> String? {
    for (field, text, max) in [
      ("agentId", join.agentId, 64), ("spoolId", join.spoolId, 64), ("name", join.name, 255),
      ("version", join.version, 255),
    ] {
      guard (1...max).contains(text.utf8.count), !RegionRecord.hasControls(text) else {
        return "\(field) must have 1 to \(max) bytes, and no control characters"
      }
    }
    // A region that no test configuration could name would be of no use.
    guard RegionRecord.isName(join.region) else {
      return "region must have 1 to 100 characters, and no control characters"
    }
    guard (1...Limits.clientsPerExecutionMax).contains(join.capacity) else {
      return "capacity must be from 1 to \(Limits.clientsPerExecutionMax)"
    }
    return nil
  }

  /// Whether another agent than this one goes by its id and may still be at work.
  private func isTaken(_ join: JoinMessage) -> Bool {
    guard let member = roster[join.agentId], member.spoolId != join.spoolId else { return false }
    return member.session != nil || leases.clients(of: join.agentId) > 0
  }

  private func answer(to cursor: LeaseCursor, from agent: String) -> ResumeAnswer {
    let key = LeaseKey(chunk: cursor.chunk, epoch: cursor.epoch)
    let nextSeq = ingester.cursor(key)?.nextSeq ?? cursor.nextSeq
    var mode = ResumeMode.sealed
    if let id = owners[key], let live = executions[id], live.runs[key]?.agent == agent {
      mode = live.isCurrent(key) ? .run : .upload
    }
    return ResumeAnswer(chunk: key.chunk, epoch: key.epoch, nextSeq: nextSeq, mode: mode)
  }

  /// Tells an agent again what it may have missed while its link was down.
  private func restoreRuns(of join: JoinMessage) {
    let offered = Set(join.resume.map { LeaseKey(chunk: $0.chunk, epoch: $0.epoch) })
    for live in executions.values {
      for (key, run) in live.runs where run.agent == join.agentId && live.isCurrent(key) {
        guard leases.holder(of: key) == join.agentId else { continue }
        let message: CoordinatorMessage
        if offered.contains(key) {
          message = .extend(
            ExtendMessage(chunk: key.chunk, epoch: key.epoch, goal: live.goal(of: run)))
        } else if run.ready {
          let lost = "Agent \(join.name) was restarted and no longer has its clients"
          leases.released(key)
          lose(key, because: lost, of: live)
          continue
        } else {
          message = .grant(GrantMessage(lease: live.lease(key, run)))
        }
        roster.session(of: join.agentId)?.send(message)
        repeatCommands(key, of: live)
        repeatEvents(key, of: live)
      }
    }
  }

  func session(_ session: AgentSession, receivedResults line: [UInt8]) {
    guard let agent = session.agent else { return }
    guard let batch = ResultBatchCodec.key(of: line) else {
      // Nobody could be told that it was refused.
      return session.strike(code: "malformed", "results that do not say of which run they are")
    }
    let key = LeaseKey(chunk: batch.chunk, epoch: batch.epoch)
    guard let id = owners[key], executions[id]?.runs[key]?.agent == agent else {
      log.debug("batch of a run that is not the agent's", ["agent": name(agent)])
      return session.refuse(
        NackMessage(
          chunk: key.chunk, epoch: key.epoch, code: .unknownLease, expected: batch.seq))
    }
    guard !ingester.submit(line) else { return }
    session.pauseReading(true)
    let number = session.number
    // Whatever becomes of what waits, its agent is read from again after it.
    ingester.whenCommitted { [weak self] in
      guard let self else { return }
      self.loop.execute {
        guard let session = self.roster.session(of: agent), session.number == number else {
          return
        }
        session.pauseReading(false)
      }
    }
  }

  func session(_ session: AgentSession, received message: AgentMessage) {
    guard let agent = session.agent else { return }
    switch message {
    case .heartbeat(let heartbeat): take(heartbeat, from: agent, on: session)
    case .granted(let granted): take(granted, from: agent)
    case .done(let done): take(done, from: agent)
    case .log(let entry): take(entry, from: agent)
    case .abort(let abort): take(abort, from: agent)
    case .ask(let ask): take(ask, from: agent)
    case .leave(let leave):
      roster[agent]?.draining = true
      log.notice("agent drains", ["agent": name(agent), "reason": leave.reason])
    case .error(let error):
      log.warning("agent reports an error", ["agent": name(agent), "message": error.message])
    case .join: break
    }
  }

  func sessionClosed(_ session: AgentSession, reason: String) {
    guard let agent = session.agent else {
      isNoStranger(session)
      return log.debug("connection without join closed", ["reason": reason])
    }
    log.notice("link to agent closed", ["agent": name(agent), "reason": reason])
    // A newer connection of the same agent may have taken its place.
    if roster[agent]?.session === session { roster[agent]?.session = nil }
  }

  private func name(_ agent: String) -> String { roster[agent]?.record.name ?? agent }

  private func take(
    _ heartbeat: HeartbeatMessage, from agent: String, on session: AgentSession
  ) {
    let received = Clock.wallMicros()
    roster[agent]?.record.lastHeartbeatMs = received / 1_000
    roster[agent]?.heartbeatUnsaved = true
    roster[agent]?.health = heartbeat.health
    let renewal = leases.heartbeatArrived(
      from: agent,
      naming: heartbeat.leases.map { LeaseKey(chunk: $0.chunk, epoch: $0.epoch) },
      now: Clock.boottimeNanos())
    session.send(
      .heartbeatAck(
        HeartbeatAckMessage(
          t1: heartbeat.t1, t2: received, t3: Clock.wallMicros(), renewed: renewal.renewed,
          fenced: renewal.fenced)))
    for lease in heartbeat.leases {
      let key = LeaseKey(chunk: lease.chunk, epoch: lease.epoch)
      clientsEnded(key, lease.ended, from: agent)
    }
  }

  /// The execution of a run that `agent` holds, or nil when it speaks of another's.
  func owned(_ key: LeaseKey, by agent: String) -> LiveExecution? {
    guard let id = owners[key], let live = executions[id], live.runs[key]?.agent == agent else {
      log.debug("message about a run that is not the agent's", ["agent": name(agent)])
      return nil
    }
    return live
  }

  private func take(_ granted: GrantedMessage, from agent: String) {
    let key = LeaseKey(chunk: granted.chunk, epoch: granted.epoch)
    guard let live = owned(key, by: agent) else { return }
    if let refusal = granted.refusal {
      leases.released(key)
      guard live.life.running != key else {
        return lifeLost(key, "Agent \(name(agent)) cannot run it: \(refusal)", of: live)
      }
      perform(
        live.machine.chunkRefused(key, agent: name(agent), reason: refusal), on: live)
    } else {
      live.runs[key]?.ready = true
      if live.life.running == key { return lifeReady(key, of: live) }
      perform(live.machine.chunkReady(key), on: live)
    }
  }

  private func take(_ entry: LogMessage, from agent: String) {
    let key = LeaseKey(chunk: entry.chunk, epoch: entry.epoch)
    guard let live = owned(key, by: agent) else { return }
    let level = ["Debug", "Info", "Warning", "Error"].contains(entry.level) ? entry.level : "Info"
    let text = "\(entry.message.prefix(4_096)) (agent \(name(agent)))"
    perform([.log(level: level, text)], on: live)
  }

  /// A script has ended the test, which counts as failed.
  private func take(_ abort: AbortMessage, from agent: String) {
    let key = LeaseKey(chunk: abort.chunk, epoch: abort.epoch)
    guard let live = owned(key, by: agent) else { return }
    let message = String(abort.message.prefix(1_024))
    guard case .running(key) = live.life.setup else {
      return perform(live.machine.aborted(message), on: live)
    }
    lifeLost(
      key, ExecutionFailure.scriptAborted + (message.isEmpty ? "" : ": \(message)"), of: live)
  }
}

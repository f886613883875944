import Foundation
import Shared

extension ExecutionController {
  typealias Action = ExecutionStateMachine.Action

  /// Performs the machine's actions: first stores what they change, in one transaction, then
  /// tells the agents. A store that fails is logged; the run goes on, and the next change
  /// stores the whole records again.
  func perform(_ actions: [Action], on live: LiveExecution) {
    guard !actions.isEmpty else { return }
    let startAtMicros = Clock.wallMicros() + Int64(Limits.startLeadMs) * 1_000
    for action in actions { note(action, on: live, startAtMicros: startAtMicros) }
    do {
      try store.write { db in try self.save(actions, of: live, in: db) }
    } catch {
      log.error(
        "cannot store the state of an execution",
        ["execution": "\(live.record.id)", "error": "\(error)"])
    }
    store.changes.changed(live.record.id, [.records, .logs])
    for action in actions { carryOut(action, on: live) }
    // Others must not wait for the clients of a run that was given up.
    for key in live.runs.keys where !live.machine.isCurrent(key) {
      release(live.sharing.barriers.lost(key), of: live)
    }
  }

  /// Changes the records in memory.
  private func note(_ action: Action, on live: LiveExecution, startAtMicros: Int64) {
    let now = nowMs()
    live.record.updatedAtMs = now
    switch action {
    case .markStarted:
      live.record.running = true
      live.record.startedAtMs = now
    case .markAllocated: live.record.allocated = true
    case .begin(let keys):
      for key in keys {
        live.runs[key]?.startAtMicros = startAtMicros
        change(key, of: live) {
          $0.running = true
          $0.startedAtMs = startAtMicros / 1_000
        }
      }
      for index in live.regions.indices {
        live.regions[index].running = true
        live.regions[index].startedAtMs = startAtMicros / 1_000
        live.regions[index].updatedAtMs = now
      }
    case .markRegionFinished(let id): markRegion(id, of: live, finishedAtMs: now)
    case .markRegionResumed(let id): markRegion(id, of: live, finishedAtMs: nil)
    case .markFinished(let cancelled):
      live.record.running = false
      live.record.finishedAtMs = live.endedAtMs(now: now)
      live.record.cancelledByUser = cancelled
    case .markCancelled:
      // For whoever asked it is over; what still ends, and the results, follow.
      live.record.cancelledByUser = true
      live.record.running = false
      live.record.finishedAtMs = now
    case .markCompleted(let failure):
      live.record.completed = true
      live.record.summaryCalculated = true
      live.record.failure = failure
    case .storeGoal(let goal):
      live.record.goal = goal
      for key in live.runs.keys { change(key, of: live) { $0.goal = goal } }
    case .storeLimits:
      live.record.limits = live.limits.states
      live.record.limitBreached = live.limits.isBreached
    case .send(.stop(let graceSecs), let key): live.runs[key]?.stopGraceSecs = graceSecs
    case .log, .send, .releaseAll, .processResults: break
    }
  }

  private func markRegion(
    _ id: ExecutionRegionID, of live: LiveExecution, finishedAtMs: Int64?
  ) {
    guard let index = live.regions.firstIndex(where: { $0.id == id }) else { return }
    live.regions[index].running = finishedAtMs == nil
    live.regions[index].completed = finishedAtMs != nil
    live.regions[index].finishedAtMs = finishedAtMs
    live.regions[index].updatedAtMs = nowMs()
    for (key, run) in live.runs where run.region.id == id {
      change(key, of: live) {
        $0.running = finishedAtMs == nil
        $0.completed = finishedAtMs != nil
        $0.finishedAtMs = finishedAtMs
      }
    }
  }

  private func change(
    _ key: LeaseKey, of live: LiveExecution, _ body: (inout ChunkRecord) -> Void
  ) {
    guard var chunk = live.runs[key]?.chunk else { return }
    body(&chunk)
    chunk.updatedAtMs = nowMs()
    live.runs[key]?.chunk = chunk
  }

  private func save(_ actions: [Action], of live: LiveExecution, in db: Database) throws {
    for action in actions {
      switch action {
      case .log(let level, let message): try insertLog(level, message, of: live, in: db)
      case .markFinished:
        let rows = live.runs.keys.reduce(Int64(0)) { $0 + (ingester.cursor($1)?.rows ?? 0) }
        try insertLog(
          "Info", "Finished execution globally, processing \(rows) results", of: live, in: db)
      case .processResults:
        try insertLog("Info", "Analyzing and aggregating results", of: live, in: db)
      default: break
      }
    }
    _ = try ExecutionStore.update(live.record, in: db)
    for region in live.regions { _ = try ExecutionRegionStore.update(region, in: db) }
    for run in live.runs.values { _ = try ChunkStore.update(run.chunk, in: db) }
  }

  private func insertLog(
    _ level: String, _ message: String, of live: LiveExecution, in db: Database
  ) throws {
    log.info("\(message)", ["execution": "\(live.record.id)"])
    let now = nowMs()
    _ = try LogStore.insert(
      LogRecord(
        id: 0, execution: live.record.id, createdAtMs: now, updatedAtMs: now, loggedAtMs: now,
        level: level, message: message, isSystem: true), in: db)
  }

  /// Tells others.
  private func carryOut(_ action: Action, on live: LiveExecution) {
    switch action {
    case .begin(let keys): for key in keys { repeatCommands(key, of: live) }
    case .send(.stop(let graceSecs), let key):
      send(.stop(StopMessage(chunk: key.chunk, epoch: key.epoch, graceSecs: graceSecs)), key, live)
    case .send(.extend(let goal), let key):
      live.runs[key]?.done = nil
      send(.extend(ExtendMessage(chunk: key.chunk, epoch: key.epoch, goal: goal)), key, live)
    case .releaseAll(let keys): release(keys, of: live)
    case .processResults:
      abandonSetup(of: live)
      if !runTeardown(of: live) { processResults(of: live) }
    case .markCompleted: completed(live)
    default: break
    }
  }

  /// Sends what a run must know now: all of it can be said twice.
  func repeatCommands(_ key: LeaseKey, of live: LiveExecution) {
    guard let run = live.runs[key] else { return }
    if let startAtMicros = run.startAtMicros {
      send(
        .begin(BeginMessage(chunk: key.chunk, epoch: key.epoch, startAtMicros: startAtMicros)),
        key, live)
    }
    if let graceSecs = run.stopGraceSecs {
      send(.stop(StopMessage(chunk: key.chunk, epoch: key.epoch, graceSecs: graceSecs)), key, live)
    }
  }

  private func send(_ message: CoordinatorMessage, _ key: LeaseKey, _ live: LiveExecution) {
    guard let run = live.runs[key] else { return }
    // A link that is down is no loss: the agent is told again when it resumes.
    roster.session(of: run.agent)?.send(message)
  }

  func release(_ keys: [LeaseKey], of live: LiveExecution) {
    for key in keys {
      send(.doneAck(DoneAckMessage(chunk: key.chunk, epoch: key.epoch)), key, live)
      leases.released(key)
      owners[key] = nil
    }
  }

  func processResults(of live: LiveExecution) {
    let id = live.record.id
    // Aggregates of a long test take a while to store; agents must not wait for that.
    DispatchQueue.global().async {
      do {
        try self.ingester.finish(id)
      } catch {
        self.log.error(
          "cannot store the summary; it will be computed from the results when asked for",
          ["execution": "\(id)", "error": "\(error)"])
      }
      self.tellDropped(id)
      self.loop.execute {
        guard let live = self.executions[id] else { return }
        self.concludeLimits(of: live) { controller, live in
          controller.summarise(live) { controller, live in
            controller.perform(live.machine.resultsProcessed(), on: live)
          }
        }
      }
    }
  }

  private func completed(_ live: LiveExecution) {
    executions[live.record.id] = nil
    allocateWaiting()
    reportIfIdle()
  }
}

import Shared

extension ExecutionController {
  /// Batches up to `upTo` of a run are in the store. On the loop.
  func committed(_ key: LeaseKey, upTo: Int) {
    guard let id = owners[key], let live = executions[id], let run = live.runs[key] else { return }
    let session = roster.session(of: run.agent)
    session?.send(.ack(AckMessage(chunk: key.chunk, epoch: key.epoch, upTo: upTo)))
    session?.tookBatch()
    session?.pauseReading(false)
    live.runs[key]?.refusedBatches = 0
    settleDone(key, of: live)
  }

  /// A batch was not taken. On the loop.
  func rejected(_ key: LeaseKey, code: NackCode, expected: Int) {
    guard let id = owners[key], let live = executions[id], let run = live.runs[key] else { return }
    let nack = NackMessage(chunk: key.chunk, epoch: key.epoch, code: code, expected: expected)
    let session = roster.session(of: run.agent)
    if code == .unknownLease { session?.refuse(nack) } else { session?.send(.nack(nack)) }
    session?.pauseReading(false)
    if code == .corrupt {
      live.runs[key]?.refusedBatches += 1
      guard let refused = live.runs[key]?.refusedBatches, refused >= Limits.refusedBatchesMax else {
        return
      }
      return lose(
        key,
        because: "Agent \(roster[run.agent]?.record.name ?? run.agent) keeps sending results that "
          + "cannot be read or cannot be true; its further results are refused", of: live)
    }
    guard code == .conflict else { return }
    lose(
      key,
      because: "Agent \(roster[run.agent]?.record.name ?? run.agent) sent two different batches "
        + "under one number; its further results are refused", of: live)
  }

  /// An agent says that a run is over.
  func take(_ done: DoneMessage, from agent: String) {
    let key = LeaseKey(chunk: done.chunk, epoch: done.epoch)
    guard let id = owners[key], let live = executions[id], live.runs[key]?.agent == agent else {
      // Confirmed before, but the confirmation was lost with the link.
      let ack = DoneAckMessage(chunk: done.chunk, epoch: done.epoch)
      roster.session(of: agent)?.send(.doneAck(ack))
      return
    }
    if let run = live.runs[key], !live.hasGiven(done.goal, to: run) {
      let name = roster[agent]?.record.name ?? agent
      return lose(key, because: "Agent \(name) ended a goal that it was not given", of: live)
    }
    live.runs[key]?.done = done
    settleDone(key, of: live)
  }

  /// Believes a `done` once the store holds all that it names and both counts agree.
  private func settleDone(_ key: LeaseKey, of live: LiveExecution) {
    guard let run = live.runs[key], let done = run.done, let cursor = ingester.cursor(key),
      cursor.nextSeq > done.finalSeq
    else { return }
    live.runs[key]?.done = nil
    live.runs[key]?.endedAtMicros = done.endedAtMicros
    let name = roster[run.agent]?.record.name ?? run.agent
    guard cursor.nextSeq == done.finalSeq + 1, cursor.rows == done.rows,
      cursor.iterations == done.iterations, cursor.digest == done.digest
    else {
      let text =
        "Results of agent \(name) do not add up: it counts \(done.rows) in \(done.finalSeq) "
        + "batches, stored are \(cursor.rows) in \(cursor.nextSeq - 1)"
      return lose(key, because: text, of: live)
    }
    if run.chunk.kind != .main { return lifeDone(key, of: live) }
    if let text = shortfall(
      of: run, done, clients: live.record.concurrentClients, name)
    {
      return lose(key, because: text, of: live)
    }
    perform(live.machine.chunkDone(key, goal: done.goal), on: live)
  }

  /// Why a run is over before its goal although nobody stopped it, or nil.
  private func shortfall(
    of run: LiveExecution.Run, _ done: DoneMessage, clients: Int, _ name: String
  ) -> String? {
    guard run.stopGraceSecs == nil, roster[run.agent]?.draining ?? false else { return nil }
    let goal = done.goal
    let ran = run.startAtMicros.map {
      Double(Clock.wallMicros().minus($0)) / 1e6 - goal.startDelaySecs
    }
    let first = run.chunk.firstClient
    let planned = goal.iterations(
      ofClients: first..<max(first, first.plus(run.chunk.concurrentClients)), of: clients)
    if let planned {
      guard done.iterations < planned else { return nil }
      if let ran, let most = goal.endSecs, ran >= most { return nil }
      return "Agent \(name) was shut down after \(done.iterations) of \(planned) iterations"
    }
    guard let ran, let seconds = goal.endSecs, ran < seconds else { return nil }
    let (whole, wanted) = (Int(saturating: ran), Int(saturating: seconds))
    return "Agent \(name) was shut down after \(whole) of \(wanted) seconds"
  }
}

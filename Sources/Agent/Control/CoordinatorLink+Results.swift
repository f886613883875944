import Shared

/// Results: from the engines to the coordinator.
extension CoordinatorLink {
  /// Bytes that may wait in the socket's buffer of ours: little, so that heartbeats are not late.
  private static let outboundBytesMax = 4 << 20

  /// What an engine reports. On the loop.
  func take(_ event: EngineEvent, from engine: Int) {
    switch event {
    case .prepared(let key, let problem): prepared(key, engine: engine, problem: problem)
    case .abort(let key, let message):
      send(.abort(AbortMessage(chunk: key.chunk, epoch: key.epoch, message: message)))
    case .batch(let key, let batch):
      runs[key]?.batchArrived(batch)
      checkBacklog()
      sendResults(of: key)
    case .progress(let key, let active, let mostActive, let iterations, let lag):
      runs[key]?.progressed(
        engine: engine, active: active, mostActive: mostActive, iterations: iterations)
      lagNanos = max(lagNanos, lag)
      sampleLagNanos = max(sampleLagNanos, lag)
    case .ended(let key, let version, let atMicros):
      // Tests are often over before the first sample is due.
      let sample = sample()
      runs[key]?.ended(atMicros: atMicros)
      guard runs[key]?.engineEnded(engine, goalVersion: version, sample: sample) ?? false else {
        return
      }
      sendResults(of: key)
      checkDrained()
    case .ask(let key, let id, let question): asked(question, id, of: key, from: engine)
    case .clientsEnded(let key, let count):
      runs[key]?.clientsEnded(engine: engine, count: count)
      // Clients elsewhere may wait at a barrier for those that no longer come.
      heartbeatSoon()
    }
  }

  func sendResults() {
    for key in runs.keys { sendResults(of: key) }
  }

  func sendResults(of key: LeaseKey) {
    guard isJoined, let connection else { return }
    while connection.pendingBytes < Self.outboundBytesMax, let line = runs[key]?.spool.nextLine() {
      connection.send(line)
    }
    if let done = runs[key]?.takeDone() { send(.done(done)) }
  }

  func take(_ ack: AckMessage) {
    let key = LeaseKey(chunk: ack.chunk, epoch: ack.epoch)
    runs[key]?.spool.acknowledged(upTo: ack.upTo)
    checkBacklog()
    sendResults(of: key)
    checkDrained()
  }

  func take(_ nack: NackMessage) {
    let key = LeaseKey(chunk: nack.chunk, epoch: nack.epoch)
    guard runs[key] != nil else { return }
    switch nack.code {
    case .expected, .corrupt:
      runs[key]?.spool.rewind(to: nack.expected)
      sendResults(of: key)
    case .conflict, .unknownLease:
      log.error(
        "the coordinator refuses results of a run",
        ["chunk": "\(key.chunk)", "epoch": "\(key.epoch)", "code": nack.code.rawValue])
      forget(key)
    }
  }

  /// Holds new iterations while the coordinator is behind: results wait, they are never dropped.
  private func checkBacklog() {
    let bytes = runs.values.reduce(0) { $0 + $1.spool.bytes }
    if !isBacklogged, bytes >= Limits.spoolBytesMax {
      isBacklogged = true
      log.warning("results pile up; new requests wait", ["bytes": "\(bytes)"])
      for key in runs.keys {
        renewEngines(key)
        tell(key, "Warning", "Results pile up on this agent: new requests wait until they are sent")
      }
    } else if isBacklogged, bytes < Limits.spoolBytesMax / 2 {
      isBacklogged = false
      for key in runs.keys {
        renewEngines(key)
        tell(key, "Info", "Results are sent again; requests go on")
      }
    }
  }
}

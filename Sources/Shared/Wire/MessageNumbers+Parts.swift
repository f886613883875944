/// The messages with many numbers.
extension NumberCheck {
  mutating func join(_ join: JoinMessage) {
    whole("protocol", join.protocol, Self.counts)
    whole("bootNo", join.bootNo, Self.counts)
    whole("capacity", join.capacity, Self.counts)
    for cursor in join.resume {
      run(cursor.chunk, cursor.epoch)
      whole("nextSeq", cursor.nextSeq, Self.counts)
    }
  }

  mutating func heartbeat(_ heartbeat: HeartbeatMessage) {
    whole("t1", heartbeat.t1, Self.times)
    for progress in heartbeat.leases {
      run(progress.chunk, progress.epoch)
      whole("active", progress.active, Self.clients)
      whole("ended", progress.ended, Self.clients)
      whole("iterations", progress.iterations, Self.counts)
      whole("spooledSeq", progress.spooledSeq, Self.counts)
      whole("spooledRows", progress.spooledRows, Self.counts)
    }
    let measures = 0...Double(Limits.wholeNumberMax)
    number("loopLagMs", heartbeat.health.loopLagMs, measures)
    number("cpu", heartbeat.health.cpu, measures)
    whole("rss", heartbeat.health.rss, Self.counts)
    whole("fds", heartbeat.health.fds, Self.counts)
  }

  mutating func ask(_ ask: AskMessage) {
    run(ask.chunk, ask.epoch)
    whole("id", ask.id, Self.counts)
    switch ask.question {
    case .barrier(_, let round, let arrived):
      whole("round", round, Self.counts)
      whole("arrived", arrived, Self.clients)
    case .rows(_, let count, _): whole("count", count, Self.counts)
    // A script may ask for any row: where there is none, the answer says so.
    case .row, .metric, .table: break
    }
  }

  mutating func welcome(_ welcome: WelcomeMessage) {
    let bytes = 1...Int64(Int32.max)
    whole("heartbeatMs", welcome.heartbeatMs, 1...Limits.heartbeatMsMax)
    whole("leaseTtlMs", welcome.leaseTtlMs, 1...Limits.leaseTtlMsMax)
    whole("lineBytesMax", welcome.lineBytesMax, bytes)
    whole("batchRowsMax", welcome.batchRowsMax, bytes)
    for answer in welcome.resume {
      run(answer.chunk, answer.epoch)
      whole("nextSeq", answer.nextSeq, Self.counts)
    }
  }

  mutating func heartbeatAck(_ ack: HeartbeatAckMessage) {
    whole("t1", ack.t1, Self.times)
    whole("t2", ack.t2, Self.times)
    whole("t3", ack.t3, Self.times)
    for key in ack.renewed + ack.fenced { run(key.chunk, key.epoch) }
  }

  mutating func lease(_ lease: Lease) {
    run(lease.chunk, lease.epoch)
    whole("execution", lease.execution.rawValue, Self.ids)
    whole("executionRegion", lease.executionRegion.rawValue, Self.ids)
    whole("clients.first", lease.clients.first, Self.clients)
    whole("clients.count", lease.clients.count, Self.clients)
    whole("clients.regionalFirst", lease.clients.regionalFirst, Self.clients)
    whole("clients.regionalTotal", lease.clients.regionalTotal, Self.clients)
    whole("clients.total", lease.clients.total, Self.clients)
    goal("goal", lease.goal)
    number("iterationSleepSecs", lease.iterationSleepSecs, Self.seconds)
    number("rampUp.durationSecs", lease.rampUp.durationSecs, Self.seconds)
    number("rampUp.phase", lease.rampUp.phase, 0...1)
    http(lease.http)
    tracing(lease.tracing)
    whole("ttlMs", lease.ttlMs, 1...Limits.leaseTtlMsMax)
    whole("window", lease.window, 1...Limits.windowBatchesMax)
    for insertion in lease.script.code?.insertions ?? [] {
      for place in insertion {
        whole("script.insertions", place, Int64(Int32.min)...Int64(Int32.max))
      }
    }
  }

  mutating func http(_ settings: HTTPSettings) {
    whole("http.requestTimeoutMs", settings.requestTimeoutMs, Self.timeouts)
    whole("http.scriptTimeoutMs", settings.scriptTimeoutMs ?? 0, Self.timeouts)
    whole("http.redirectsMax", settings.redirectsMax, Self.timeouts)
    whole("http.bodyBytesMax", settings.bodyBytesMax, Self.counts)
  }

  mutating func tracing(_ settings: TraceSettings) {
    if case .sampled(let perMinute) = settings.sampling {
      whole("tracing.perMinute", perMinute, Self.timeouts)
    }
  }

  mutating func answer(_ answer: AnswerMessage) {
    run(answer.chunk, answer.epoch)
    whole("id", answer.id, Self.counts)
    switch answer.result {
    case .rows(let first, let rows, _):
      // Without rows it only repeats what a script asked for, which may be any number.
      if !rows.isEmpty { whole("first", first, Self.counts) }
    case .table(_, let rows): whole("rows", rows, Self.counts)
    case .released, .metric, .failed, nil: break
    }
  }
}

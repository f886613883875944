import Shared

extension ExecutionController {
  /// Stores a new execution and begins to allocate it.
  ///
  /// - Parameter code: its script, when that is a `Code` script.
  func createOnLoop(
    _ configuration: TestConfigurationID, _ code: PreparedCode? = nil
  ) throws -> ExecutionID {
    guard whenIdle == nil else { throw ControlError.conflict("The coordinator is shutting down") }
    let now = nowMs()
    let live = try store.write { db in
      try Self.insertExecution(configuration, atMs: now, in: db)
    }
    live.takeCode(code)
    executions[live.record.id] = live
    let id = live.record.id
    // After the answer: creating and starting are two steps for whoever watches.
    loop.execute {
      guard let live = self.executions[id] else { return }
      self.perform(live.machine.created(), on: live)
      // What of the script's options was left aside.
      let warnings = live.code?.configuration.warnings ?? []
      self.perform(warnings.map { .log(level: "Warning", $0) }, on: live)
      self.allocate(live)
    }
    return id
  }

  private static func insertExecution(
    _ id: TestConfigurationID, atMs now: Int64, in db: Database
  ) throws -> LiveExecution {
    guard let configuration = try TestConfigurationStore.find(id, in: db) else {
      throw ControlError.notFound("There is no test configuration \(id)")
    }
    guard configuration.unreadable.isEmpty else {
      throw ControlError.conflict(
        "Test configuration \(id) is damaged in the store and must be sent anew: "
          + configuration.unreadable.joined(separator: ", "))
    }
    guard let script = try ScriptStore.find(configuration.script, in: db) else {
      throw ControlError.notFound("There is no script \(configuration.script)")
    }
    let clients = configuration.regions.reduce(0) { $0 + $1.concurrentClients }
    var record = ExecutionRecord(
      id: ExecutionID(0), createdAtMs: now, updatedAtMs: now, configuration: id,
      script: script.id, scriptPayload: ScriptPayload(kind: script.kind, content: script.content),
      goal: configuration.goal, iterationSleepSecs: configuration.iterationSleepSecs,
      rampupSecs: configuration.rampupSecs, manualStart: configuration.manualStart,
      scriptParams: configuration.scriptParams, http: configuration.http,
      concurrentClients: clients)
    record.tracing = configuration.tracing
    record.limits = configuration.limits.map { LimitState($0) }
    record = try ExecutionStore.insert(record, in: db)
    var regions: [ExecutionRegionRecord] = []
    var regionRecords: [RegionRecord] = []
    var firstClient = 0
    for (position, share) in configuration.regions.enumerated() {
      let region = try RegionStore.findOrInsert(name: share.name, atMs: now, in: db)
      regionRecords.append(region)
      regions.append(
        try ExecutionRegionStore.insert(
          ExecutionRegionRecord(
            id: ExecutionRegionID(0), execution: record.id, createdAtMs: now, updatedAtMs: now,
            region: region.id, position: position, concurrentClients: share.concurrentClients,
            firstClient: firstClient), in: db))
      firstClient += share.concurrentClients
    }
    return LiveExecution(record: record, regions: regions, regionRecords: regionRecords)
  }

  /// Gives waiting executions another chance, oldest first: an agent or room has come.
  func allocateWaiting() {
    let waiting = executions.values.filter { $0.machine.phase == .waitingForAgents }
    for live in waiting.sorted(by: { $0.record.id < $1.record.id }) { allocate(live) }
  }

  /// Leases all regions of an execution at once, or none: two executions that each hold a
  /// region which the other one needs would wait for ever.
  func allocate(_ live: LiveExecution) {
    guard live.machine.phase == .waitingForAgents else { return }
    guard live.life.isReadyForLoad else { return runSetup(of: live) }
    var shares: [[LoadPartitioner.Share]] = []
    var taken: [String: Int] = [:]
    for (region, regionRecord) in zip(live.regions, live.regionRecords) {
      let candidates = roster.available(in: regionRecord.name).map { member in
        let uuid = member.record.uuid
        return LoadPartitioner.Candidate(
          agent: uuid,
          free: max(0, member.record.capacity - leases.clients(of: uuid) - taken[uuid, default: 0]))
      }
      guard
        let split = LoadPartitioner.partition(
          clients: region.concurrentClients, over: candidates)
      else {
        let reason = Self.waitingReason(
          regionRecord.title, needed: region.concurrentClients, candidates)
        return perform(live.machine.capacityMissing(reason), on: live)
      }
      for share in split { taken[share.agent, default: 0] += share.clients }
      shares.append(split)
    }
    grant(shares, to: live)
  }

  private static func waitingReason(
    _ region: String, needed: Int, _ candidates: [LoadPartitioner.Candidate]
  ) -> String {
    guard !candidates.isEmpty else {
      return "Waiting for agents in \(region): none is connected, \(needed) clients are needed"
    }
    let free = candidates.reduce(0) { $0 + $1.free }
    return "Waiting for agents in \(region): \(needed) clients are needed, \(free) are free on "
      + "\(candidates.count) agent\(candidates.count == 1 ? "" : "s")"
  }

  private func grant(_ shares: [[LoadPartitioner.Share]], to live: LiveExecution) {
    let now = nowMs()
    var keys: [[LeaseKey]] = []
    var runs: [LeaseKey: LiveExecution.Run] = [:]
    do {
      // Stored before it is sent: an epoch that an agent knows was granted by this store.
      try store.write { db in
        keys = []
        runs = [:]
        for (region, split) in zip(live.regions, shares) {
          var firstClient = region.firstClient
          var regionKeys: [LeaseKey] = []
          for share in split {
            let chunk = try ChunkStore.insert(
              ChunkRecord(
                id: ChunkID(0), executionRegion: region.id, execution: live.record.id,
                createdAtMs: now, updatedAtMs: now, agent: share.agent, epoch: 1,
                goal: live.machine.goal, firstClient: firstClient,
                concurrentClients: share.clients), in: db)
            firstClient += share.clients
            let key = LeaseKey(chunk: chunk.id, epoch: chunk.epoch)
            regionKeys.append(key)
            runs[key] = LiveExecution.Run(chunk: chunk, region: region, agent: share.agent)
            try LedgerStore.grant(
              key, execution: live.record.id, executionRegion: region.id, agent: share.agent,
              in: db)
          }
          keys.append(regionKeys)
        }
      }
    } catch {
      log.error("cannot store leases", ["error": "\(error)"])
      return perform(
        live.machine.capacityMissing("Waiting: leases cannot be stored: \(error)"), on: live)
    }
    live.runs.merge(runs) { $1 }
    live.machine.chunksGranted(keys)
    store.changes.changed(live.record.id, .records)
    for (key, run) in runs.sorted(by: { $0.key.chunk < $1.key.chunk }) {
      owners[key] = live.record.id
      live.sharing.barriers.granted(key, clients: run.chunk.concurrentClients)
      ingester.register(
        key, execution: live.record.id, executionRegion: run.region.id,
        grantedAtMicros: Clock.wallMicros())
      leases.granted(
        key, to: run.agent, clients: run.chunk.concurrentClients, now: Clock.boottimeNanos())
      roster.session(of: run.agent)?.send(.grant(GrantMessage(lease: live.lease(key, run))))
    }
  }
}

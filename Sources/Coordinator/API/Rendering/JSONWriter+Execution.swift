import Shared

/// Executions, their regions and chunks as the API shows them.
extension JSONWriter {
  /// - Parameter readings: nil leaves out everything that comes from results.
  mutating func execution(
    _ details: ExecutionDetails, _ includes: ExecutionIncludes, _ readings: Readings?
  ) {
    let record = details.record
    beginObject()
    identity(
      record.id.rawValue, createdAtMs: record.createdAtMs, updatedAtMs: record.updatedAtMs)
    member("running", record.running)
    member("allocated", record.allocated)
    time("startedAt", record.startedAtMs)
    time("finishedAt", record.finishedAtMs)
    member("cancelledByUser", record.cancelledByUser)
    member("completed", record.completed)
    member("summaryCalculated", record.summaryCalculated)
    member("limitBreached", record.limitBreached)
    member("failure", record.failure)
    unreadable(record.unreadable)
    load(record)
    member("manualStart", record.manualStart)
    if includes.down {
      key("regions")
      array(details.regions) { $0.executionRegion($1, of: details, includes, readings) }
    }
    clients(0..<record.concurrentClients, of: record)
    member("scriptParams", record.tracing.masked(params: record.scriptParams))
    tracing(record.tracing)
    limits(of: record, details, readings)
    if let readings { results(of: record, includes, readings) }
    if let script = details.script {
      key("script")
      self.script(script)
    }
    if let configuration = details.configuration {
      key("testConf")
      self.configuration(configuration)
    }
    endObject()
  }

  /// Names what is shown at a standard value because it cannot be read; mostly there is nothing.
  mutating func unreadable(_ names: [String]) {
    guard !names.isEmpty else { return }
    key("unreadable")
    array(names) { $0.string($1) }
  }

  private mutating func results(
    of record: ExecutionRecord, _ includes: ExecutionIncludes, _ readings: Readings
  ) {
    if includes.summary, record.startedAtMs != nil {
      key("summary")
      readings.writeSummary(ReadingScope(clients: record.concurrentClients), to: &self)
    }
    if includes.intervals {
      key("intervals")
      array(readings.intervals(ReadingScope())) { json, start in
        readings.writeInterval(start, ReadingScope(), to: &json)
      }
    }
    if includes.resources {
      let index = readings.index(ReadingScope(), intervals: nil)
      key("resources")
      array(readings.resources(ReadingScope())) { json, name in
        readings.writeResource(name, by: index, intervals: nil, to: &json)
      }
    }
  }

  private mutating func load(_ record: ExecutionRecord) {
    goal(record.goal, clients: record.concurrentClients)
    member("iterationSleepSecs", record.iterationSleepSecs)
    member("rampupSecs", record.rampupSecs)
  }

  /// With a goal of iterations the number of results is known beforehand, one per iteration.
  private mutating func clients(_ clients: Range<Int>, of record: ExecutionRecord) {
    member("concurrentClients", clients.count)
    member("actualConcurrentClients", clients.count)
    let iterations = record.goal.iterations(ofClients: clients, of: record.concurrentClients)
    if let iterations { member("expectedResultCount", iterations) }
  }

  private mutating func executionRegion(
    _ region: ExecutionDetails.Region, of details: ExecutionDetails,
    _ includes: ExecutionIncludes, _ readings: Readings?
  ) {
    let record = region.record
    beginObject()
    identity(
      record.id.rawValue, createdAtMs: record.createdAtMs, updatedAtMs: record.updatedAtMs)
    member("running", record.running)
    time("startedAt", record.startedAtMs)
    time("finishedAt", record.finishedAtMs)
    member("completed", record.completed)
    clients(
      record.firstClient..<(record.firstClient + record.concurrentClients), of: details.record)
    if let place = region.region {
      key("region")
      self.region(place)
    }
    if let readings, includes.summary, record.startedAtMs != nil {
      key("summary")
      readings.writeSummary(
        ReadingScope(region: record.id, clients: record.concurrentClients), to: &self)
    }
    // Before there are any, the field does not apply.
    if !region.chunks.isEmpty {
      key("chunks")
      array(region.chunks) { $0.chunk($1, of: details) }
    }
    endObject()
  }

  /// - Parameter region: said where the chunk is shown without its region.
  mutating func chunk(
    _ chunk: ChunkRecord, of details: ExecutionDetails, region: ExecutionRegionID? = nil
  ) {
    let execution = details.record
    beginObject()
    member("id", chunk.id)
    if let region { member("executionRegionId", region) }
    member("executionType", chunk.kind.rawValue)
    member("agent", chunk.agent)
    time("createdAt", chunk.createdAtMs)
    time("updatedAt", chunk.updatedAtMs)
    member("running", chunk.running)
    time("startedAt", chunk.startedAtMs)
    time("finishedAt", chunk.finishedAtMs)
    member("completed", chunk.completed)
    goal(chunk.goal, clients: execution.concurrentClients)
    member("iterationSleepSecs", execution.iterationSleepSecs)
    member("rampupSecs", execution.rampupSecs)
    member("concurrentClients", chunk.concurrentClients)
    member("actualConcurrentClients", chunk.concurrentClients)
    member("completedDurationSecs", Self.seconds(of: chunk))
    member("completedIterations", details.iterations(of: chunk))
    endObject()
  }

  /// How long a chunk of a timed test has run.
  private static func seconds(of chunk: ChunkRecord) -> Double {
    let isTimed = chunk.goal.durationSecs != nil || chunk.goal.curve != nil
    guard isTimed, let start = chunk.startedAtMs else { return 0 }
    let end = chunk.finishedAtMs ?? Clock.wallMicros() / 1_000
    return Double(max(0, end - start)) / 1_000
  }
}

import Shared

/// Scripts, configurations, regions and agents as the API shows them.
extension JSONWriter {
  /// - Parameter content: whether to include the script's text; within executions it is left out.
  mutating func script(_ script: ScriptRecord, content: Bool = false) {
    beginObject()
    identity(
      script.id.rawValue, createdAtMs: script.createdAtMs, updatedAtMs: script.updatedAtMs)
    member("name", script.name)
    member("length", script.content.unicodeScalars.count)
    member("hasInit", script.initContent != nil)
    member("hasTeardown", script.teardownContent != nil)
    member("scriptType", script.kind.rawValue)
    if content {
      member("content", script.content)
      member("init", script.initContent)
      member("teardown", script.teardownContent)
    }
    endObject()
  }

  mutating func configuration(_ configuration: TestConfigurationRecord) {
    beginObject()
    identity(
      configuration.id.rawValue, createdAtMs: configuration.createdAtMs,
      updatedAtMs: configuration.updatedAtMs)
    member("name", configuration.name)
    member("scriptId", configuration.script)
    key("regions")
    array(configuration.regions) { json, share in
      json.beginObject()
      json.member("name", share.name)
      json.member("concurrentClients", share.concurrentClients)
      json.endObject()
    }
    let clients = configuration.regions.reduce(0) { $0 + $1.concurrentClients }
    member("concurrentClients", clients)
    goal(configuration.goal, clients: clients)
    member("iterationSleepSecs", configuration.iterationSleepSecs)
    member("rampupSecs", configuration.rampupSecs)
    member("manualStart", configuration.manualStart)
    member("scriptParams", configuration.tracing.masked(params: configuration.scriptParams))
    tracing(configuration.tracing)
    httpSettings(configuration.http)
    limits(configuration.limits)
    unreadable(configuration.unreadable)
    endObject()
  }

  private mutating func httpSettings(_ settings: HTTPSettings) {
    member("requestTimeoutMs", settings.requestTimeoutMs)
    member("scriptTimeoutMs", settings.scriptTimeoutMs)
    key("http")
    beginObject()
    member("version", settings.version.rawValue)
    member("verifyTls", settings.verifyTLS)
    member("caPem", settings.caPEM)
    member("redirectsMax", settings.redirectsMax)
    member("bodyBytesMax", settings.bodyBytesMax)
    member("reuseConnections", settings.reusesConnections)
    member("userAgent", settings.userAgent)
    endObject()
  }

  mutating func region(_ region: RegionRecord) {
    beginObject()
    identity(
      region.id.rawValue, createdAtMs: region.createdAtMs, updatedAtMs: region.updatedAtMs)
    member("name", region.name)
    member("public", region.isPublic)
    member("latitude", region.latitude)
    member("longitude", region.longitude)
    member("description", region.description)
    member("active", region.active)
    endObject()
  }

  mutating func agent(_ agent: AgentStatus) {
    let record = agent.record
    beginObject()
    identity(
      record.id.rawValue, createdAtMs: record.createdAtMs, updatedAtMs: record.updatedAtMs)
    member("uuid", record.uuid)
    member("name", record.name)
    member("region", record.region)
    member("state", agent.state.rawValue)
    member("capacity", record.capacity)
    member("clients", agent.clients)
    member("version", record.version)
    time("lastHeartbeat", record.lastHeartbeatMs)
    if let health = agent.health {
      key("health")
      beginObject()
      member("loopLagMs", health.loopLagMs)
      member("cpu", health.cpu)
      member("rss", health.rss)
      member("fds", health.fds)
      endObject()
    }
    endObject()
  }
}

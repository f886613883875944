import Shared

// What the store keeps, one struct per table. Times are milliseconds since the Unix epoch.

public struct ScriptRecord: Sendable, Equatable {
  public var id: ScriptID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var name: String
  public var kind: ScriptPayload.Kind
  public var content: String
  public var initContent: String?
  public var teardownContent: String?
  /// What a `Code` script can open: a JSON object of `{"base64": …}` by name; nil for none.
  public var files: String?

  public init(
    id: ScriptID, createdAtMs: Int64, updatedAtMs: Int64, name: String, kind: ScriptPayload.Kind,
    content: String, initContent: String? = nil, teardownContent: String? = nil,
    files: String? = nil
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.name = name
    self.kind = kind
    self.content = content
    self.initContent = initContent
    self.teardownContent = teardownContent
    self.files = files
  }
}

/// Clients wanted in one region.
public struct RegionShare: Codable, Sendable, Equatable {
  public var name: String
  public var concurrentClients: Int

  public init(name: String, concurrentClients: Int) {
    self.name = name
    self.concurrentClients = concurrentClients
  }
}

public struct TestConfigurationRecord: Sendable, Equatable {
  public var id: TestConfigurationID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var name: String
  public var script: ScriptID
  public var regions: [RegionShare]
  public var goal: LoadGoal
  public var iterationSleepSecs: Double
  public var rampupSecs: Double
  public var manualStart: Bool
  /// The text of a JSON object.
  public var scriptParams: String
  public var http: HTTPSettings
  public var limits: [TestLimit] = []
  public var tracing = TraceSettings()
  /// What of it is damaged in the store, and stands at a standard value here.
  public var unreadable: [String] = []

  public init(
    id: TestConfigurationID, createdAtMs: Int64, updatedAtMs: Int64, name: String,
    script: ScriptID, regions: [RegionShare], goal: LoadGoal, iterationSleepSecs: Double,
    rampupSecs: Double, manualStart: Bool, scriptParams: String, http: HTTPSettings
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.name = name
    self.script = script
    self.regions = regions
    self.goal = goal
    self.iterationSleepSecs = iterationSleepSecs
    self.rampupSecs = rampupSecs
    self.manualStart = manualStart
    self.scriptParams = scriptParams
    self.http = http
  }
}

public struct RegionRecord: Sendable, Equatable {
  public var id: RegionID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var name: String
  public var isPublic: Bool
  public var latitude: Double
  public var longitude: Double
  /// Shown in the log instead of the name when not empty.
  public var description: String
  public var active: Bool

  public init(
    id: RegionID, createdAtMs: Int64, updatedAtMs: Int64, name: String, isPublic: Bool = false,
    latitude: Double = 0, longitude: Double = 0, description: String = "", active: Bool = true
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.name = name
    self.isPublic = isPublic
    self.latitude = latitude
    self.longitude = longitude
    self.description = description
    self.active = active
  }

  /// What log messages call the region.
  public var title: String { description.isEmpty ? name : description }
}

public struct AgentRecord: Sendable, Equatable {
  public var id: AgentID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  /// The agent's own persistent UUID.
  public var uuid: String
  public var name: String
  public var region: String
  public var capacity: Int
  public var version: String
  public var lastHeartbeatMs: Int64

  public init(
    id: AgentID, createdAtMs: Int64, updatedAtMs: Int64, uuid: String, name: String,
    region: String, capacity: Int, version: String, lastHeartbeatMs: Int64
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.uuid = uuid
    self.name = name
    self.region = region
    self.capacity = capacity
    self.version = version
    self.lastHeartbeatMs = lastHeartbeatMs
  }
}

public struct ExecutionRecord: Sendable, Equatable {
  public var id: ExecutionID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var configuration: TestConfigurationID
  public var script: ScriptID
  /// The script and settings as they were when the execution was created.
  public var scriptPayload: ScriptPayload
  public var goal: LoadGoal
  public var iterationSleepSecs: Double
  public var rampupSecs: Double
  public var manualStart: Bool
  public var scriptParams: String
  public var http: HTTPSettings
  public var tracing = TraceSettings()
  public var concurrentClients: Int
  public var running = false
  public var allocated = false
  public var startedAtMs: Int64?
  public var finishedAtMs: Int64?
  public var cancelledByUser = false
  public var completed = false
  public var summaryCalculated = false
  public var limitBreached = false
  /// The limits as they were when the execution was created, and how they stand.
  public var limits: [LimitState] = []
  /// Why it could not be carried out, e.g. that an agent was lost.
  public var failure: String?
  /// What of it is damaged in the store, and stands at a standard value here.
  public var unreadable: [String] = []

  public init(
    id: ExecutionID, createdAtMs: Int64, updatedAtMs: Int64, configuration: TestConfigurationID,
    script: ScriptID, scriptPayload: ScriptPayload, goal: LoadGoal, iterationSleepSecs: Double,
    rampupSecs: Double, manualStart: Bool, scriptParams: String, http: HTTPSettings,
    concurrentClients: Int
  ) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.configuration = configuration
    self.script = script
    self.scriptPayload = scriptPayload
    self.goal = goal
    self.iterationSleepSecs = iterationSleepSecs
    self.rampupSecs = rampupSecs
    self.manualStart = manualStart
    self.scriptParams = scriptParams
    self.http = http
    self.concurrentClients = concurrentClients
  }
}

public struct ExecutionRegionRecord: Sendable, Equatable {
  public var id: ExecutionRegionID
  public var execution: ExecutionID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var region: RegionID
  /// Place among the execution's regions, from 0.
  public var position: Int
  public var concurrentClients: Int
  /// Global index of the region's first client.
  public var firstClient: Int
  public var running = false
  public var startedAtMs: Int64?
  public var finishedAtMs: Int64?
  public var completed = false

  public init(
    id: ExecutionRegionID, execution: ExecutionID, createdAtMs: Int64, updatedAtMs: Int64,
    region: RegionID, position: Int, concurrentClients: Int, firstClient: Int
  ) {
    self.id = id
    self.execution = execution
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.region = region
    self.position = position
    self.concurrentClients = concurrentClients
    self.firstClient = firstClient
  }
}

public struct ChunkRecord: Sendable, Equatable {
  /// What its clients do.
  public enum Kind: String, Sendable {
    case main = "Main"
    /// Calls the script's `setup` once, before all others.
    case setup = "Init"
    /// Calls the script's `teardown` once, after all others.
    case teardown = "Teardown"
  }

  public var id: ChunkID
  public var executionRegion: ExecutionRegionID
  public var execution: ExecutionID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  /// UUID of the agent that holds or last held it.
  public var agent: String?
  /// Epoch of the latest lease, 0 before the first.
  public var epoch: Int
  public var goal: LoadGoal
  public var firstClient: Int
  public var concurrentClients: Int
  public var kind = Kind.main
  public var running = false
  public var startedAtMs: Int64?
  public var finishedAtMs: Int64?
  public var completed = false

  public init(
    id: ChunkID, executionRegion: ExecutionRegionID, execution: ExecutionID, createdAtMs: Int64,
    updatedAtMs: Int64, agent: String?, epoch: Int, goal: LoadGoal, firstClient: Int,
    concurrentClients: Int
  ) {
    self.id = id
    self.executionRegion = executionRegion
    self.execution = execution
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.agent = agent
    self.epoch = epoch
    self.goal = goal
    self.firstClient = firstClient
    self.concurrentClients = concurrentClients
  }
}

public struct LogRecord: Sendable, Equatable {
  public var id: Int64
  public var execution: ExecutionID
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  public var loggedAtMs: Int64
  /// `Trace`, `Debug`, `Info`, `Warning`, `Error` or `Fatal`.
  public var level: String
  public var message: String
  public var isSystem: Bool
  /// Which client said it, for entries of scripts.
  public var moment: ClientMoment?

  public init(
    id: Int64, execution: ExecutionID, createdAtMs: Int64, updatedAtMs: Int64, loggedAtMs: Int64,
    level: String, message: String, isSystem: Bool
  ) {
    self.id = id
    self.execution = execution
    self.createdAtMs = createdAtMs
    self.updatedAtMs = updatedAtMs
    self.loggedAtMs = loggedAtMs
    self.level = level
    self.message = message
    self.isSystem = isSystem
  }
}

/// An interned string; resources are such.
public struct NameRecord: Sendable, Equatable {
  public var id: NameID
  public var createdAtMs: Int64
  public var name: String

  public init(id: NameID, createdAtMs: Int64, name: String) {
    self.id = id
    self.createdAtMs = createdAtMs
    self.name = name
  }
}

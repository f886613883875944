import Shared

/// The life of one execution as a pure machine: events in, actions out. The shell
/// (`ExecutionController`) performs the actions in their order.
public struct ExecutionStateMachine: Sendable {
  /// A region of the execution.
  public struct Region: Equatable, Sendable {
    public var id: ExecutionRegionID
    /// What the log calls it.
    public var title: String
    public var clients: Int
    public var chunks: [LeaseKey] = []
    var finished = false

    public init(id: ExecutionRegionID, title: String, clients: Int) {
      self.id = id
      self.title = title
      self.clients = clients
    }
  }

  public enum Action: Equatable, Sendable {
    case log(level: String, String)
    /// Store that the execution runs since now.
    case markStarted
    /// Store that every chunk is ready.
    case markAllocated
    /// Agree on a start and tell every chunk; store that the regions run.
    case begin([LeaseKey])
    case send(Command, to: LeaseKey)
    case markRegionFinished(ExecutionRegionID)
    /// Store that a region, thought finished, goes on because the test was extended.
    case markRegionResumed(ExecutionRegionID)
    /// Store that all clients have ended; `cancelled` when the user stopped it.
    case markFinished(cancelled: Bool)
    /// Confirm every run as done, so that agents forget it.
    case releaseAll([LeaseKey])
    /// Work up the results, then report `resultsProcessed`.
    case processResults
    case markCompleted(failure: String?)
    case storeGoal(LoadGoal)
    case markCancelled
    /// Store how the limits stand.
    case storeLimits
  }

  /// What an agent is told about one run.
  public enum Command: Equatable, Sendable {
    case stop(graceSecs: Double)
    case extend(LoadGoal)
  }

  /// Why an event is not possible now.
  public struct Refusal: Error, Equatable, Sendable {
    public var reason: String
  }

  enum ChunkState: Equatable, Sendable { case granted, ready, done, lost }

  public private(set) var phase: ExecutionPhase = .waitingForAgents
  public private(set) var goal: LoadGoal
  /// What it was before it was changed; runs may end under one of these.
  private(set) var pastGoals: [LoadGoal] = []
  public private(set) var failure: String?
  public private(set) var regions: [Region]
  private let manualStart: Bool
  private var startRequested: Bool
  private var stoppedByUser = false
  private var chunks: [LeaseKey: ChunkState] = [:]
  private var waitingReason: String?

  public init(regions: [Region], goal: LoadGoal, manualStart: Bool) {
    self.regions = regions
    self.goal = goal
    self.manualStart = manualStart
    startRequested = !manualStart
  }

  /// The execution was created.
  public mutating func created() -> [Action] {
    var actions: [Action] = [.log(level: "Info", "Execution started")]
    if startRequested { actions.append(.markStarted) }
    actions += regions.map { .log(level: "Info", "Allocating to agents in \($0.title)") }
    return actions
  }

  /// No agents with room for now; each new reason is logged once.
  public mutating func capacityMissing(_ reason: String) -> [Action] {
    guard phase == .waitingForAgents, reason != waitingReason else { return [] }
    waitingReason = reason
    return [.log(level: "Warning", reason)]
  }

  /// Every region has been cut into leased chunks, in the order of `regions`.
  public mutating func chunksGranted(_ keys: [[LeaseKey]]) {
    precondition(keys.count == regions.count, "every region gets its chunks")
    guard phase == .waitingForAgents else { return }
    for (index, regionKeys) in keys.enumerated() {
      regions[index].chunks = regionKeys
      for key in regionKeys { chunks[key] = .granted }
    }
    phase = .preparing
  }

  /// An agent has initialised the clients of a chunk.
  public mutating func chunkReady(_ key: LeaseKey) -> [Action] {
    guard chunks[key] == .granted else { return [] }
    chunks[key] = .ready
    guard phase == .preparing, chunks.values.allSatisfy({ $0 == .ready }) else { return [] }
    guard startRequested else {
      phase = .ready
      return [.markAllocated]
        + regions.map {
          .log(level: "Info", "Allocated to agents in \($0.title). Waiting for the manual start")
        }
    }
    return [.markAllocated] + begin()
  }

  /// An agent cannot run a chunk.
  public mutating func chunkRefused(_ key: LeaseKey, agent: String, reason: String) -> [Action] {
    guard chunks[key] == .granted else { return [] }
    return chunkLost(key, because: "Agent \(agent) could not prepare its clients: \(reason)")
  }

  /// `start` or `manual-start`. Nothing when it was started before.
  public mutating func start() throws(Refusal) -> [Action] {
    switch phase {
    case .waitingForAgents, .preparing:
      guard !startRequested else { return [] }
      startRequested = true
      return [.markStarted]
    case .ready:
      startRequested = true
      return [.markStarted] + begin()
    case .running: return []
    case .stopping, .processing, .completed:
      throw Refusal(reason: "has been stopped, or its clients have ended")
    }
  }

  private mutating func begin() -> [Action] {
    phase = .running
    return [.begin(allChunks)]
      + regions.map {
        .log(level: "Info", "Allocated to agents in \($0.title). Testing is underway")
      }
  }

  /// `stop`. Nothing when it is stopping already.
  public mutating func stopRequested(graceSecs: Double) throws(Refusal) -> [Action] {
    switch phase {
    case .completed: throw Refusal(reason: "has already completed")
    case .stopping, .processing: return []
    case .waitingForAgents, .preparing, .ready, .running:
      stoppedByUser = true
      return [.markCancelled, .log(level: "Info", "Stop requested by the user")]
        + stop(graceSecs: graceSecs)
    }
  }

  /// The coordinator ends: the test is stopped, and counts as failed.
  public mutating func shutDown(graceSecs: Double) -> [Action] {
    switch phase {
    case .completed, .processing, .stopping: return []
    case .waitingForAgents, .preparing, .ready, .running:
      let reason = "The coordinator was shut down while the test ran"
      failure = failure ?? reason
      return [.log(level: "Error", reason)] + stop(graceSecs: graceSecs)
    }
  }

  /// A limit no longer holds; where it is to stop the test, that ends it like a stop.
  ///
  /// - Parameter interrupts: whether iterations that run are cut at once.
  public mutating func limitBreached(
    _ message: String, stops: Bool, interrupts: Bool = false
  ) -> [Action] {
    guard phase == .running || phase == .stopping else { return [] }
    let actions: [Action] = [.storeLimits, .log(level: "Error", message)]
    guard stops, phase == .running else { return actions }
    return actions + [.log(level: "Info", "Stopping because of the breached limit")]
      + stop(graceSecs: interrupts ? 0 : Limits.stopGraceSecs)
  }

  /// All limits were judged over all results.
  mutating func limitsConcluded(_ verdicts: [LimitEvaluator.Verdict]) -> [Action] {
    guard phase == .processing, !verdicts.isEmpty else { return [] }
    return [.storeLimits]
      + verdicts.map { .log(level: $0.isNews ? "Error" : "Info", $0.message) }
  }

  /// The script's `setup` did not come to its end: nothing is run.
  public mutating func setupFailed(_ reason: String) -> [Action] {
    guard phase == .waitingForAgents else { return [] }
    failure = failure ?? reason
    return [.log(level: "Error", reason)] + allChunksDone()
  }

  /// All clients have ended, and the script's `teardown` has gone wrong: the test has failed.
  public mutating func teardownFailed(_ reason: String) -> [Action] {
    failure = failure ?? reason
    return [.log(level: "Error", reason)]
  }

  /// The script wants the test ended; it counts as failed.
  public mutating func aborted(_ message: String) -> [Action] {
    guard phase == .running else { return [] }
    let reason = ExecutionFailure.scriptAborted + (message.isEmpty ? "" : ": \(message)")
    failure = failure ?? reason
    // As in k6, iterations that run are interrupted.
    return [.log(level: "Error", reason)] + stop(graceSecs: 0)
  }

  private mutating func stop(graceSecs: Double) -> [Action] {
    guard phase != .waitingForAgents else { return allChunksDone() }
    phase = .stopping
    let actions: [Action] = openChunks.map { .send(.stop(graceSecs: graceSecs), to: $0) }
    return openChunks.isEmpty ? actions + allChunksDone() : actions
  }

  /// `live-extension`: the whole new goal.
  public mutating func extended(to goal: LoadGoal) throws(Refusal) -> [Action] {
    switch phase {
    case .completed: throw Refusal(reason: "has already completed")
    case .processing: throw Refusal(reason: "cannot be extended: its clients have ended")
    case .stopping: throw Refusal(reason: "is being stopped")
    case .waitingForAgents, .preparing, .ready, .running: break
    }
    if !pastGoals.contains(self.goal) { pastGoals.append(self.goal) }
    self.goal = goal
    var actions: [Action] = [.storeGoal(goal), .log(level: "Info", Self.describe(goal))]
    // Runs that are done keep their lease until the whole execution is, so that an extension
    // always finds its clients, wherever it crosses their `done`.
    for (index, region) in regions.enumerated() where region.finished {
      regions[index].finished = false
      actions.append(.markRegionResumed(region.id))
    }
    for key in allChunks where chunks[key] != .lost {
      if chunks[key] == .done { chunks[key] = .ready }
      actions.append(.send(.extend(goal), to: key))
    }
    return actions
  }

  private static func describe(_ goal: LoadGoal) -> String {
    if let iterations = goal.iterations { return "Changed to \(iterations) iterations per client" }
    if case .sharedIterations(let total) = goal.model {
      return "Changed to \(total) iterations of all clients together"
    }
    return "Changed to a duration of \(LimitNumber.text(goal.endSecs ?? 0)) seconds"
  }

  /// A run has ended under `goal`, and all its results are committed and agree with its own
  /// count. A `done` that crossed an extension stands for nothing.
  public mutating func chunkDone(_ key: LeaseKey, goal doneGoal: LoadGoal) -> [Action] {
    guard let state = chunks[key], state == .ready || state == .granted else { return [] }
    guard phase == .stopping || doneGoal == goal else { return [] }
    chunks[key] = .done
    return afterChunkEnded()
  }

  /// A run will not come back: its agent is gone, or its results do not add up.
  public mutating func chunkLost(_ key: LeaseKey, because reason: String) -> [Action] {
    guard let state = chunks[key], state != .lost, phase != .completed, phase != .processing
    else { return [] }
    chunks[key] = .lost
    failure = failure ?? reason
    var actions: [Action] = [.log(level: "Error", reason)]
    if phase != .stopping {
      actions += stop(graceSecs: Limits.stopGraceSecs)
      guard phase == .stopping else { return actions }
    }
    return actions + afterChunkEnded()
  }

  private mutating func afterChunkEnded() -> [Action] {
    var actions: [Action] = []
    for (index, region) in regions.enumerated()
    where !region.finished && region.chunks.allSatisfy({ ended($0) }) {
      regions[index].finished = true
      actions.append(.markRegionFinished(region.id))
    }
    if allChunks.allSatisfy({ ended($0) }) { actions += allChunksDone() }
    return actions
  }

  private mutating func allChunksDone() -> [Action] {
    phase = .processing
    // Only now is it sure that no region goes on, so only now the log says so.
    let finished: [Action] = regions.map {
      .log(level: "Info", "Finished execution in \($0.title)")
    }
    // Regions whose clients never ran end with the rest.
    var marks: [Action] = []
    for (index, region) in regions.enumerated() where !region.finished {
      regions[index].finished = true
      marks.append(.markRegionFinished(region.id))
    }
    return marks + finished + [
      .markFinished(cancelled: stoppedByUser), .releaseAll(allChunks), .processResults,
    ]
  }

  /// Everything has been aggregated and stored.
  public mutating func resultsProcessed() -> [Action] {
    guard phase == .processing else { return [] }
    phase = .completed
    return [
      .log(level: "Info", "Finished processing results, cleaning up resources"),
      .markCompleted(failure: failure),
      .log(level: "Info", "Test completed"),
    ]
  }

  // MARK: views

  public var allChunks: [LeaseKey] { regions.flatMap(\.chunks) }

  /// Chunks whose clients may still run.
  private var openChunks: [LeaseKey] { allChunks.filter { !ended($0) } }

  private func ended(_ key: LeaseKey) -> Bool { chunks[key] == .done || chunks[key] == .lost }

  /// Whether a run under this key belongs to the execution and was not given up.
  public func isCurrent(_ key: LeaseKey) -> Bool { chunks[key].map { $0 != .lost } ?? false }
}

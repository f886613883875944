/// Where an execution is in its life.
public enum ExecutionPhase: CaseIterable, Equatable, Sendable {
  /// Waits for agents with room. → `preparing`, `processing` (stopped), `completed` (failed).
  case waitingForAgents
  /// Chunks are leased, agents load the script. → `ready`, `running`, `stopping`.
  case preparing
  /// All clients are initialised and wait for the manual start. → `running`, `stopping`.
  case ready
  /// Clients run. → `stopping`, `processing`.
  case running
  /// Told to stop; running iterations end. → `processing`.
  case stopping
  /// All chunks are done; results are worked up. → `completed`.
  case processing
  /// Over. No successor.
  case completed
}

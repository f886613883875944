import Shared

extension Lease {
  /// A lease of `clients` clients and one iteration each.
  static func forTests(clients: Int, iterations: Int = 1) -> Lease {
    Lease(
      chunk: ChunkID(1), epoch: 1, execution: ExecutionID(1),
      executionRegion: ExecutionRegionID(1), region: "r",
      clients: ClientRange(first: 0, count: clients, regionalFirst: 0, regionalTotal: clients),
      goal: LoadGoal(iterations: iterations, durationSecs: nil), iterationSleepSecs: 0,
      rampUp: RampUp(durationSecs: 0, phase: 0),
      script: ScriptPayload(kind: .steps, content: #"{"steps":[]}"#), params: "{}",
      http: HTTPSettings(), ttlMs: 15_000, window: 4)
  }
}

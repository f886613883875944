import Shared

/// What the controller has in hand.
public struct ControlLoad: Sendable {
  /// Executions that are not completed, by phase.
  public var phases: [ExecutionPhase: Int] = [:]
  /// Leases whose clients run.
  public var leasesRunning = 0
  /// Leases whose clients wait to begin.
  public var leasesWaiting = 0

  public init() {}
}

extension ExecutionControl {
  /// Nothing, where there are no executions.
  public func load() throws -> ControlLoad { ControlLoad() }
}

extension ExecutionController {
  func load() throws -> ControlLoad {
    try loop.sync {
      var load = ControlLoad()
      for live in self.executions.values {
        load.phases[live.machine.phase, default: 0] += 1
        for (key, run) in live.runs where self.leases.holder(of: key) != nil {
          if run.startAtMicros == nil { load.leasesWaiting += 1 } else { load.leasesRunning += 1 }
        }
      }
      return load
    }
  }
}

import Shared

/// One client of a run. Confined to its engine thread.
final class VirtualUser {
  enum State: Equatable {
    /// Its ramp-up time has not come.
    case waiting
    /// Between two iterations.
    case resting
    /// Waits for an iteration that is dealt to it.
    case standingBy
    /// In an iteration, in a pause of the script.
    case sleeping
    /// In an iteration, an exchange is under way.
    case requesting
    /// Held up before an iteration or a request: the lease must be renewed first.
    case parked
    case ended
  }

  unowned let run: EngineRun
  /// Place in the chunk, from 0.
  let offset: Int
  /// Global client index.
  let client: UInt32
  var script: StepsClient
  var state = State.waiting
  /// What a parked user goes back to.
  var stateBeforePark = State.waiting
  /// What the script wanted when its turn was over.
  var pending: ScriptAction?
  var hasStarted = false
  var iterationsFinished = 0
  var iterationStartNanos: Int64 = 0
  /// When the iteration was to begin; its start, unless it came late.
  var intendedNanos: Int64 = 0
  /// When its iteration is cut because there are to be fewer clients; 0 when that is not known.
  var cutNanos: Int64 = 0
  /// Void tickets of timers set for an earlier state.
  var ticket: UInt32 = 0
  /// When its timer goes off.
  var wakeNanos: Int64 = 0

  var transfer: Transfer?
  /// The request of the script that is under way, and the hop of it.
  var request: ScriptRequest?
  var hop: ScriptRequest?
  var redirects = 0
  /// Whether the hop waits for another client's lookup of its host.
  var awaitsLookup = false
  /// Start of the script's request, over all its hops.
  var requestStartNanos: Int64 = 0
  /// Start of the hop under way.
  var hopStartNanos: Int64 = 0
  var connection: UInt32 = 0

  var isInIteration: Bool {
    switch state == .parked ? stateBeforePark : state {
    case .sleeping, .requesting: true
    case .waiting, .resting, .standingBy, .parked, .ended: false
    }
  }

  init(run: EngineRun, offset: Int, client: UInt32, script: StepsClient) {
    self.run = run
    self.offset = offset
    self.client = client
    self.script = script
  }
}

import Shared

/// What the clients of one execution share across its agents.
struct ExecutionSharing {
  var barriers = BarrierBoard()
  var events = RecentEvents()
}

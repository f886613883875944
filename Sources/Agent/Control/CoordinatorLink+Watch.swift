import Shared

/// Looks after the engine threads: one that hangs in a script or a library takes every test of
/// this agent with it, while the link lives on.
extension CoordinatorLink {
  /// Whether every engine thread does its work or has none.
  var enginesWork: Bool { !watches.contains { $0.isStuck } }

  /// To be called every second.
  func watchEngines(now: Int64 = Clock.monotonicNanos()) {
    // A script may legally hold its thread for so long, and the next client's right after it;
    // twice that, because the end of a turn is not to the millisecond.
    let turnMs = runs.values.map { $0.lease.http.scriptTimeoutMs ?? Limits.scriptTimeoutMs }
    let longest = max(turnMs.max() ?? 0, Limits.scriptTimeoutMs)
    let most = Int64(longest).times(2_000_000).plus(Limits.engineSlackNanos)
    for (index, engine) in engines.enumerated() {
      let change = watches[index].looked(engine.pulse.reading, mostNanos: most, now: now)
      lagNanos = max(lagNanos, watches[index].quietNanos)
      switch change {
      case .none: break
      case .stuck:
        let seconds = watches[index].quietNanos / 1_000_000_000
        tellAll(
          "Error",
          "An engine thread of this agent has not come back from a script for \(seconds) s: its "
            + "clients stand still, and the agent has to be started anew if it does not")
      case .goesOn: tellAll("Info", "The engine thread that stood still goes on")
      }
    }
  }

  /// A line for the log of every execution here, and for the agent's own.
  func tellAll(_ level: String, _ message: String) {
    level == "Info" ? log.info(message) : log.error(message)
    for key in runs.keys { tell(key, level, message) }
  }
}

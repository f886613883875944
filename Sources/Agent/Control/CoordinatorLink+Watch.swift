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
      if watches[index].quietNanos > most.plus(Limits.engineHungNanos) { onHung?() }
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

  /// To be called often: a script may take half a gigabyte in a second.
  func watchMemory() {
    let resident = ProcessMemory.residentBytes()
    // An engine may have seen before this that there is too little; it needs to be told of more.
    let isHeldUp = memory.state != .open
    let change = memoryWatch.looked(resident)
    memory.set(memoryWatch.state, resident: resident)
    if isHeldUp, memoryWatch.state == .open { for key in runs.keys { renewEngines(key) } }
    guard let state = change else {
      // What scripts have let go of is collected only when they ask for more, which nobody does.
      if memoryWatch.state != .open { collectGarbage(everyNanos: Limits.memoryCollectNanos) }
      return
    }
    tell(state, resident)
    collectGarbage(everyNanos: 0)
  }

  private func tell(_ state: MemoryGate.State, _ resident: Int64) {
    // It may go to and fro.
    let now = Clock.monotonicNanos()
    guard now - (memoryTold[state] ?? .min / 2) >= Limits.memoryTellNanos else { return }
    memoryTold[state] = now
    let (used, most) = (resident >> 20, memory.bytesMax >> 20)
    switch state {
    case .open:
      tellAll("Info", "This agent uses \(used) of \(most) MiB of memory: iterations begin again")
    case .pausing:
      tellAll(
        "Warning",
        "This agent uses \(used) of the \(most) MiB of memory that it may (--memory-max): new "
          + "iterations wait until it uses less; have fewer users on it, or more memory")
    case .critical:
      tellAll(
        "Error",
        "This agent uses \(used) MiB of memory, more than the \(most) MiB that it may "
          + "(--memory-max): iterations that run are ended as failed until it uses less")
    }
  }

  private func collectGarbage(everyNanos: Int64) {
    let now = Clock.monotonicNanos()
    guard now - collectedNanos >= everyNanos else { return }
    collectedNanos = now
    for engine in engines { engine.execute { $0.collectGarbage() } }
  }

  /// A line for the log of every execution here, and for the agent's own.
  func tellAll(_ level: String, _ message: String) {
    level == "Info" ? log.info(message) : log.error(message)
    for key in runs.keys { tell(key, level, message) }
  }
}

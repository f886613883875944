/// When to hold up work for want of memory, and when to let it go on. Pure.
struct MemoryWatch {
  let bytesMax: Int64
  private(set) var state = MemoryGate.State.open

  init(bytesMax: Int64) { self.bytesMax = bytesMax }

  /// Half of what is left of the machine by the default of `MemoryLimit`.
  private var criticalBytes: Int64 { bytesMax.plus(bytesMax / 8) }
  /// Below this work goes on: a little less than the bound, so that it does not go to and fro.
  private var openBytes: Int64 { bytesMax - bytesMax / 16 }

  /// - Parameter resident: bytes that the process has in memory.
  /// - Returns: the state when it has changed.
  mutating func looked(_ resident: Int64) -> MemoryGate.State? {
    let before = state
    if resident >= criticalBytes {
      state = .critical
    } else if resident >= bytesMax {
      state = .pausing
    } else if resident < openBytes {
      state = .open
    } else if state == .critical {
      state = .pausing
    }
    return state == before ? nil : state
  }
}

/// Names a timer of one heap; never used twice.
public struct TimerID: Hashable, Sendable {
  var number: UInt64
}

/// Timers by deadline: a binary heap whose cancelled entries are dropped when they surface.
public struct TimerHeap<Payload> {
  private struct Entry {
    var deadline: Int64
    var id: TimerID
    var payload: Payload
  }

  private var entries: [Entry] = []
  private var live: Set<TimerID> = []
  private var nextNumber: UInt64 = 1

  public init() {}

  public var isEmpty: Bool { live.isEmpty }

  /// Deadlines are of any clock, as long as it is the same one throughout.
  public mutating func insert(deadline: Int64, _ payload: Payload) -> TimerID {
    let id = TimerID(number: nextNumber)
    nextNumber += 1
    live.insert(id)
    entries.append(Entry(deadline: deadline, id: id, payload: payload))
    siftUp(entries.count - 1)
    return id
  }

  public mutating func cancel(_ id: TimerID) { live.remove(id) }

  /// The earliest deadline of a live timer.
  public mutating func nextDeadline() -> Int64? {
    dropCancelled()
    return entries.first?.deadline
  }

  /// Takes the earliest timer that is due at `now`.
  public mutating func popDue(now: Int64) -> Payload? {
    dropCancelled()
    guard let first = entries.first, first.deadline <= now else { return nil }
    live.remove(first.id)
    removeFirst()
    return first.payload
  }

  private mutating func dropCancelled() {
    while let first = entries.first, !live.contains(first.id) { removeFirst() }
  }

  private mutating func removeFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    siftDown(0)
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let a = entries[left]
    let b = entries[right]
    // Equal deadlines fire in the order they were set.
    return a.deadline != b.deadline ? a.deadline < b.deadline : a.id.number < b.id.number
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && precedes(child, least) { least = child }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

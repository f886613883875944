/// Clients by the time at which they go on. A binary heap; an entry whose client has moved on in
/// the meantime stays, and is told by its `ticket` and dropped by the caller.
struct DeadlineHeap<Payload> {
  private var entries: [(deadline: Int64, payload: Payload)] = []

  var count: Int { entries.count }

  var nextDeadline: Int64? { entries.first?.deadline }

  mutating func insert(_ deadline: Int64, _ payload: Payload) {
    entries.append((deadline, payload))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].deadline < entries[parent].deadline else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Removes entries, at the cost of building the heap anew.
  mutating func removeAll(where holds: (Payload) -> Bool) {
    let all = entries
    entries = []
    for entry in all where !holds(entry.payload) { insert(entry.deadline, entry.payload) }
  }

  mutating func popDue(now: Int64) -> Payload? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child].deadline < entries[least].deadline {
        least = child
      }
      guard least != parent else { return first.payload }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

/// Finds totals by a part of their groups: whoever asks for every part one after the other would
/// otherwise look at all groups for each.
extension IntervalTable {
  struct Index<Part: Hashable & Sendable>: Sendable {
    /// Groups with packed totals, by part.
    fileprivate var packed: [Part: [Group]] = [:]
    /// Places in `open`, by part.
    fileprivate var open: [Part: [Int]] = [:]
    /// Starts of the intervals with packed totals, by part; one may occur twice.
    fileprivate var intervals: [Part: [Int64]] = [:]
  }

  /// Valid until the next change.
  ///
  /// - Parameters:
  ///   - hasIntervals: whether `intervals` will be asked for.
  ///   - part: what a group belongs to; nil leaves it out.
  func index<Part>(
    hasIntervals: Bool, by part: (Group) -> Part?
  ) -> Index<Part> {
    var index = Index<Part>()
    for group in packedSums.keys {
      if let part = part(group) { index.packed[part, default: []].append(group) }
    }
    for (slot, key) in openKeys.enumerated() {
      if let part = part(key.group) { index.open[part, default: []].append(slot) }
    }
    guard hasIntervals else { return index }
    for (start, groups) in packed {
      for group in groups.keys {
        if let part = part(group) { index.intervals[part, default: []].append(start) }
      }
    }
    return index
  }

  /// Calls `body` with totals that together make up those of a part, in one interval or, for nil,
  /// in all.
  func forEach<Part>(
    interval: Int64?, of part: Part, by index: Index<Part>, _ body: (Totals) -> Void
  ) {
    for group in index.packed[part] ?? [] {
      if let interval {
        if let totals = unpacked(Key(group: group, intervalStartMs: interval)) { body(totals) }
      } else if let totals = packedSums[group] {
        body(totals)
      }
    }
    for slot in index.open[part] ?? []
    where interval == nil || interval == openKeys[slot].intervalStartMs {
      body(open[slot])
    }
  }

  /// Starts of the intervals in which a part has totals; one may occur twice.
  func intervals<Part>(of part: Part, by index: Index<Part>) -> [Int64] {
    (index.intervals[part] ?? [])
      + (index.open[part] ?? []).map { openKeys[$0].intervalStartMs }
  }
}

import Shared

/// Something that a stream shows again whenever it has changed.
struct RenderedItem: Sendable {
  /// One line of JSON.
  var json: [UInt8]
  /// Changes with what is shown; never 0.
  var digest: UInt32

  /// - Parameter identity: what the digest is of, where that is not the text.
  init(_ json: JSONWriter, identity: String? = nil) {
    self.json = json.bytes
    let sum = identity.map { CRC32C.checksum(Array($0.utf8)) } ?? CRC32C.checksum(json.bytes)
    digest = max(1, sum)
  }
}

/// Which items of a list a stream has shown. So that a cursor stays short however long the list
/// is, it knows of groups of items whether all of them were shown; of a group that has changed in
/// between, a client that reconnects gets each item.
struct ShownItems: Sendable {
  /// Of each group that was shown as a whole; 0 for the others.
  private(set) var groups: [UInt32]
  /// Digests of the items as they were shown, by position.
  private var shown: [UInt32] = []
  private var isNew = true

  init(_ groups: [UInt32]) { self.groups = groups }

  /// Positions of the items that are to be shown.
  mutating func changed(in items: [RenderedItem]) -> [Int] {
    shown += [UInt32](repeating: 0, count: max(0, items.count - shown.count))
    if isNew {
      isNew = false
      for group in groups.indices where groups[group] != 0 {
        guard Self.digest(of: group, of: groups.count, in: items) == groups[group] else { continue }
        for index in Self.members(of: group, of: groups.count, in: items) {
          shown[index] = items[index].digest
        }
      }
    }
    return items.indices.filter { shown[$0] != items[$0].digest }
  }

  /// The item at `index` was shown.
  mutating func show(_ index: Int, of items: [RenderedItem]) {
    shown[index] = items[index].digest
    let group = index % groups.count
    let isWhole = Self.members(of: group, of: groups.count, in: items)
      .allSatisfy { shown[$0] == items[$0].digest }
    groups[group] = isWhole ? Self.digest(of: group, of: groups.count, in: items) : 0
  }

  private static func members(
    of group: Int, of groups: Int, in items: [RenderedItem]
  ) -> StrideTo<Int> {
    stride(from: group, to: items.count, by: groups)
  }

  private static func digest(of group: Int, of groups: Int, in items: [RenderedItem]) -> UInt32 {
    var digest: UInt32 = 0
    for index in members(of: group, of: groups, in: items) {
      digest = CRC32C.extend(digest, with: items[index].digest)
    }
    return max(1, digest)
  }
}

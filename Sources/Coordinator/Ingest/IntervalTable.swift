import Shared

/// What can be put together over intervals and groups.
protocol IntervalTotals: Sendable {
  /// When the first and the latest row were added, milliseconds since the Unix epoch.
  var createdAtMs: Int64 { get set }
  var updatedAtMs: Int64 { get set }
  init()
  mutating func merge(_ other: Self)
  func encode(to writer: inout VarIntWriter)
  init(from reader: inout VarIntReader) throws(VarIntError)
}

extension IntervalTotals {
  mutating func touch(atMs: Int64) {
    createdAtMs = min(createdAtMs, atMs)
    updatedAtMs = max(updatedAtMs, atMs)
  }
}

/// Totals by group and interval.
///
/// Totals of recent intervals are open for change. Those of older ones are packed into the few
/// bytes that storing takes, so that a test of days fits in memory; a sum over them is kept per
/// group, so that totals over all intervals need no unpacking. Rows late for a packed interval
/// open totals of their own, which are put together with the packed ones when they are packed.
struct IntervalTable<Group: Hashable & Sendable, Totals: IntervalTotals>: Sendable {
  struct Key: Hashable, Sendable {
    var group: Group
    var intervalStartMs: Int64
  }

  private(set) var openKeys: [Key] = []
  /// Totals of `openKeys`.
  var open: [Totals] = []
  private var slots: [Key: Int] = [:]
  /// By interval, then by group.
  private(set) var packed: [Int64: [Group: [UInt8]]] = [:]
  private(set) var packedSums: [Group: Totals] = [:]

  init() {}

  /// Where in `open` the totals of `key` are; valid until the next `pack`.
  mutating func slot(for key: Key) -> Int {
    if let slot = slots[key] { return slot }
    let slot = open.count
    slots[key] = slot
    openKeys.append(key)
    open.append(Totals())
    return slot
  }

  /// Packs the totals of all intervals before `bound`, milliseconds since the Unix epoch.
  mutating func pack(before bound: Int64) {
    guard openKeys.contains(where: { $0.intervalStartMs < bound }) else { return }
    var keptKeys: [Key] = []
    var kept: [Totals] = []
    for (key, totals) in zip(openKeys, open) {
      if key.intervalStartMs < bound {
        pack(totals, key)
      } else {
        keptKeys.append(key)
        kept.append(totals)
      }
    }
    openKeys = keptKeys
    open = kept
    slots = Dictionary(uniqueKeysWithValues: zip(keptKeys, keptKeys.indices))
  }

  private mutating func pack(_ totals: Totals, _ key: Key) {
    packedSums[key.group, default: Totals()].merge(totals)
    var whole = totals
    if let before = unpacked(key) { whole.merge(before) }
    var writer = VarIntWriter()
    whole.encode(to: &writer)
    packed[key.intervalStartMs, default: [:]][key.group] = writer.bytes
  }

  func unpacked(_ key: Key) -> Totals? {
    packed[key.intervalStartMs]?[key.group].map(Self.unpacked)
  }

  private static func unpacked(_ bytes: [UInt8]) -> Totals {
    var reader = VarIntReader(bytes)
    do { return try Totals(from: &reader) } catch {
      // They were packed here, or checked by `restore`. A fault of ours costs one interval.
      Logger("ingest").error("totals of an interval do not unpack", ["error": error.message])
      return Totals()
    }
  }

  /// Takes over packed totals that were read from the store, after a check that they unpack.
  ///
  /// - Returns: when they changed last, milliseconds since the Unix epoch.
  mutating func restore(_ key: Key, _ bytes: [UInt8]) throws(VarIntError) -> Int64 {
    var reader = VarIntReader(bytes)
    let totals = try Totals(from: &reader)
    packed[key.intervalStartMs, default: [:]][key.group] = bytes
    packedSums[key.group, default: Totals()].merge(totals)
    return totals.updatedAtMs
  }

  /// Calls `body` with totals that together make up those of the groups that `matches` takes, in
  /// one interval or, for nil, in all.
  func forEach(
    interval: Int64?, where matches: (Group) -> Bool, _ body: (Group, Totals) -> Void
  ) {
    if let interval {
      for (group, bytes) in packed[interval] ?? [:] where matches(group) {
        body(group, Self.unpacked(bytes))
      }
    } else {
      for (group, totals) in packedSums where matches(group) { body(group, totals) }
    }
    for (key, totals) in zip(openKeys, open) where matches(key.group) {
      if interval == nil || interval == key.intervalStartMs { body(key.group, totals) }
    }
  }

  /// Keys of everything that is there, packed or open; one may occur twice.
  var allKeys: [Key] {
    packed.flatMap { interval, groups in
      groups.keys.map { Key(group: $0, intervalStartMs: interval) }
    } + openKeys
  }

  /// All packed totals.
  var allPacked: [(key: Key, bytes: [UInt8])] {
    packed.flatMap { interval, groups in
      groups.map { (key: Key(group: $0, intervalStartMs: interval), bytes: $1) }
    }
  }
}

import Shared

/// Ids of names that were used lately, so that most batches need no look into the store.
///
/// Names that a transaction adds count only once it is committed.
struct NameCache {
  /// Names kept; when there are more, all are forgotten and looked up anew.
  private static let entriesMax = 100_000

  private var ids: [String: NameID] = [:]
  private var uncommitted: [String: NameID] = [:]

  /// Ids of `names`, one for each; names without one are added.
  mutating func intern(_ names: [String], atMs: Int64, in db: Database) throws -> [NameID] {
    try names.map { name in
      if let id = ids[name] ?? uncommitted[name] { return id }
      let id = try NameStore.intern(name, atMs: atMs, in: db)
      uncommitted[name] = id
      return id
    }
  }

  mutating func committed() {
    if ids.count + uncommitted.count > Self.entriesMax { ids = [:] }
    ids.merge(uncommitted) { _, new in new }
    uncommitted = [:]
  }

  mutating func rolledBack() { uncommitted = [:] }
}

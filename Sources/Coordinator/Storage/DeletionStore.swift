import Shared

/// Deleted executions. An execution is gone for everybody with its row in `executions`, in one
/// short transaction; all its other rows, which can be gigabytes, go afterwards bit by bit, while
/// `deletions` remembers it. Until then those rows refer to an execution that is not there: this
/// is the one place where foreign keys are not held to.
enum DeletionStore {
  /// Takes an execution away; false when it is not there. To be called without foreign keys.
  static func mark(_ execution: ExecutionID, atMs: Int64, in db: Database) throws -> Bool {
    try db.run("DELETE FROM executions WHERE id = ?", .id(execution))
    guard db.changes > 0 else { return false }
    // Without its grants no result is taken for it any more.
    try db.run("DELETE FROM ledger WHERE execution = ?", .id(execution))
    try db.run(
      "INSERT INTO deletions (id, deleted_at) VALUES (?, ?)", .id(execution), .int(atMs))
    return true
  }

  /// The execution that was deleted first of those of which something may be left.
  static func next(in db: Database) throws -> ExecutionID? {
    try db.first("SELECT id FROM deletions ORDER BY deleted_at, id LIMIT 1") { $0.id(0) }
  }

  /// Nothing is left of it.
  static func finished(_ execution: ExecutionID, in db: Database) throws {
    try db.run("DELETE FROM deletions WHERE id = ?", .id(execution))
  }

  /// A table with rows of executions.
  struct Table: Sendable, Equatable {
    var name: String
    /// Tables without row ids are emptied at once: they are small.
    var hasRowIDs: Bool
  }

  /// Every table with a column `execution`, none before one that refers to it.
  static func tables(in db: Database) throws -> [Table] {
    var left = try db.rows(
      """
      SELECT l.name, l.wr FROM pragma_table_list l JOIN pragma_table_info(l.name) c
      WHERE l.schema = 'main' AND l.type = 'table' AND c.name = 'execution' ORDER BY l.name
      """
    ) { Table(name: $0.text(0), hasRowIDs: !$0.bool(1)) }
    var references: [String: Set<String>] = [:]
    for table in left {
      references[table.name] = Set(
        try db.rows(
          "SELECT \"table\" FROM pragma_foreign_key_list(?)", .text(table.name)
        ) { $0.text(0) })
    }
    var ordered: [Table] = []
    while let index = left.firstIndex(where: { table in
      left.allSatisfy { $0 == table || !(references[$0.name]?.contains(table.name) ?? false) }
    }) {
      ordered.append(left.remove(at: index))
    }
    // What refers to each other in a circle comes in any order.
    return ordered + left
  }

  /// Removes at most `count` rows of an execution from a table; false when none is left.
  static func remove(
    _ count: Int, of execution: ExecutionID, from table: Table, in db: Database
  ) throws -> Bool {
    guard table.hasRowIDs else {
      try db.run("DELETE FROM \(table.name) WHERE execution = ?", .id(execution))
      return false
    }
    try db.run(
      """
      DELETE FROM \(table.name) WHERE rowid IN
        (SELECT rowid FROM \(table.name) WHERE execution = ? LIMIT ?)
      """, .id(execution), .int(count))
    return db.changes == count
  }
}
